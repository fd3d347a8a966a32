import { ATTACK_RELEASE, type AttackMatrix } from '../../catalog/index.ts';

/** How much of ATT&CK is covered. Plain data. */
export interface CoverageSummary {
  /** The release of ATT&CK. */
  readonly attack: string;
  readonly tactics: readonly TacticCoverage[];
  /** Different techniques and sub-techniques, over all tactics. */
  readonly techniques: { readonly covered: number; readonly all: number };
}

interface TacticCoverage {
  readonly id: string;
  readonly name: string;
  /** Rules that name the tactic or one of its techniques. */
  readonly rules: number;
  readonly techniques: { readonly covered: number; readonly all: number };
}

export function coverageSummary({ tactics }: AttackMatrix): CoverageSummary {
  const cells = tactics.flatMap(({ techniques }) => techniques);
  const idsOf = (some: typeof cells): number => new Set(some.map(({ technique }) => technique.id)).size;
  return {
    attack: ATTACK_RELEASE.version,
    tactics: tactics.map(({ tactic: { id, name }, techniques, withoutTechnique }) => ({
      id,
      name,
      rules: new Set([...withoutTechnique, ...techniques.flatMap(({ rules }) => rules)]).size,
      techniques: { covered: techniques.filter(({ rules }) => rules.length > 0).length, all: techniques.length },
    })),
    techniques: { covered: idsOf(cells.filter(({ rules }) => rules.length > 0)), all: idsOf(cells) },
  };
}
