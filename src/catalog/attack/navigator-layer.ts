import type { AttackMatrix } from './attack-matrix.ts';
import { ATTACK_NOTICE, ATTACK_RELEASE } from './enterprise.generated.ts';

/** An ATT&CK Navigator layer, format 4.5 (attack-navigator, LAYERFORMATv4_5): what is written of it here. */
export interface NavigatorLayer {
  readonly name: string;
  readonly versions: { readonly attack: string; readonly navigator: string; readonly layer: '4.5' };
  readonly domain: 'enterprise-attack';
  readonly description: string;
  readonly techniques: readonly NavigatorTechnique[];
  readonly gradient: { readonly colors: readonly string[]; readonly minValue: number; readonly maxValue: number };
  readonly legendItems: readonly { readonly label: string; readonly color: string }[];
  readonly sorting: number;
  readonly layout: { readonly layout: 'side'; readonly showName: boolean; readonly expandedSubtechniques: 'annotated' };
  readonly hideDisabled: boolean;
  readonly metadata: readonly { readonly name: string; readonly value: string }[];
}

interface NavigatorTechnique {
  readonly techniqueID: string;
  readonly tactic: string;
  /** How many rules cover it under this tactic. */
  readonly score: number;
  /** The titles of the rules. */
  readonly comment: string;
  readonly enabled: true;
}

export interface NavigatorOptions {
  readonly name: string;
  readonly description?: string;
  /** The title of a rule by its key. */
  readonly titleOf: (key: string) => string;
}

const COLORS = ['#dcedf8', '#1f5f8b'];
const MAX_TITLES = 20;
/** Sorts techniques by score, descending. */
const BY_SCORE = 3;

/** A layer that shows how many rules cover each technique. Techniques without rules are left out: they stay blank. */
export function navigatorLayer(
  matrix: AttackMatrix,
  { name, description = '', titleOf }: NavigatorOptions,
): NavigatorLayer {
  const techniques = matrix.tactics.flatMap(({ tactic, techniques: cells }) =>
    cells
      .filter(({ rules }) => rules.length > 0)
      .map(
        ({ technique, rules }): NavigatorTechnique => ({
          techniqueID: technique.id,
          tactic: tactic.shortName,
          score: rules.length,
          comment: commentOf(rules.map(titleOf)),
          enabled: true,
        }),
      ),
  );
  return {
    name,
    versions: { attack: ATTACK_RELEASE.version.split('.')[0] ?? '', navigator: '5.1.0', layer: '4.5' },
    domain: ATTACK_RELEASE.domain,
    description,
    techniques,
    gradient: { colors: COLORS, minValue: 0, maxValue: Math.max(1, ...techniques.map(({ score }) => score)) },
    legendItems: [],
    sorting: BY_SCORE,
    layout: { layout: 'side', showName: true, expandedSubtechniques: 'annotated' },
    hideDisabled: false,
    metadata: [{ name: 'ATT&CK', value: ATTACK_NOTICE }],
  };
}

function commentOf(titles: readonly string[]): string {
  const shown = titles.slice(0, MAX_TITLES).join('\n');
  return titles.length > MAX_TITLES ? `${shown}\n… ${titles.length - MAX_TITLES} more` : shown;
}
