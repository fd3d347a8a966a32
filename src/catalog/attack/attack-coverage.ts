import { currentTactics, type Tactic, type Technique, tacticOf, techniqueOf } from './attack.ts';

/** What of MITRE ATT&CK a rule covers, by its tags. */
export interface AttackCoverage {
  /** The tagged tactics in the order of the matrix; a retired one stands where its first successor does. */
  readonly tactics: readonly TacticCoverage[];
  /** Tagged techniques none of whose tactics is tagged. */
  readonly techniquesWithoutTactic: readonly Technique[];
  /** Groups, software, campaigns, … (`G0016`, `S0154`): ids that are neither tactics nor techniques. */
  readonly others: readonly string[];
  /** Tags of the namespace `attack` that no release known here has. */
  readonly unknown: readonly string[];
}

interface TacticCoverage {
  readonly tactic: Tactic;
  /** The tagged techniques of the tactic; empty: no specific technique. */
  readonly techniques: readonly Technique[];
}

const NAMESPACE = 'attack.';
const TECHNIQUE = /^t\d{4}(\.\d{3})?$/i;
/** Groups, software, campaigns, data sources, mitigations, assets (Sigma specification, tags). */
const OTHER = /^[gscma]\d{4}$|^ds\d{4}$/i;

/** Reads the tags of a rule. Duplicates count once. */
export function attackCoverage(tags: readonly string[]): AttackCoverage {
  const tactics = new Map<string, Tactic>();
  const techniques = new Map<string, Technique>();
  const others = new Set<string>();
  const unknown = new Set<string>();
  for (const tag of tags) {
    if (!tag.toLowerCase().startsWith(NAMESPACE)) continue;
    const text = tag.slice(NAMESPACE.length);
    const tactic = tacticOf(text);
    const technique = TECHNIQUE.test(text) ? techniqueOf(text) : undefined;
    if (tactic !== undefined) tactics.set(tactic.shortName, tactic);
    else if (technique !== undefined) techniques.set(technique.id, technique);
    else if (OTHER.test(text)) others.add(text.toUpperCase());
    else unknown.add(tag);
  }
  const all = [...techniques.values()];
  const covered = [...tactics.values()]
    .toSorted((a, b) => column(a) - column(b))
    .map((tactic) => ({
      tactic,
      techniques: all.filter((technique) => belongsTo(technique, tactic)),
    }));
  return {
    tactics: covered,
    techniquesWithoutTactic: all.filter((t) => !covered.some(({ techniques }) => techniques.includes(t))),
    others: [...others],
    unknown: [...unknown],
  };
}

const COLUMNS: ReadonlyMap<string, number> = new Map(currentTactics().map(({ shortName }, i) => [shortName, i]));

function column({ shortName, retired }: Tactic): number {
  return COLUMNS.get(retired?.successors[0] ?? shortName) ?? COLUMNS.size;
}

/** A retired tactic has the techniques of its successors. */
function belongsTo(technique: Technique, tactic: Tactic): boolean {
  const names = tactic.retired?.successors ?? [tactic.shortName];
  return technique.tactics.some((name) => names.includes(name));
}
