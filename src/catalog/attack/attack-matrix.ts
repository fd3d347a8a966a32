import { currentTactics, currentTechniques, type Tactic, type Technique } from './attack.ts';
import { type AttackCoverage, attackCoverage } from './attack-coverage.ts';

/** A rule, as far as the matrix is concerned. */
export interface TaggedRule {
  readonly key: string;
  readonly tags: readonly string[];
}

/** The ATT&CK matrix with the rules that cover it. */
export interface AttackMatrix {
  /** The current tactics in their order. */
  readonly tactics: readonly MatrixColumn[];
  /** Rules with tags that no release has, by tag. */
  readonly unknown: readonly { readonly tag: string; readonly rules: readonly string[] }[];
}

interface MatrixColumn {
  readonly tactic: Tactic;
  /** Every technique and sub-technique of the tactic, by id; those without rules are the gaps. */
  readonly techniques: readonly MatrixCell[];
  /** Keys of rules that name the tactic and none of its techniques. */
  readonly withoutTechnique: readonly string[];
}

interface MatrixCell {
  readonly technique: Technique;
  /** Keys of the rules that name it under this tactic, or name none of its tactics. */
  readonly rules: readonly string[];
}

/** Rules that name a retired tactic or technique count for its successors. */
export function attackMatrix(rules: readonly TaggedRule[]): AttackMatrix {
  const cells = new Map<string, string[]>();
  const bare = new Map<string, string[]>();
  const unknown = new Map<string, string[]>();
  for (const { key, tags } of rules) {
    const coverage = attackCoverage(tags);
    for (const cell of new Set(cellsOf(coverage))) push(cells, cell, key);
    for (const name of new Set(bareTactics(coverage))) push(bare, name, key);
    for (const tag of coverage.unknown) push(unknown, tag, key);
  }
  const techniques = currentTechniques();
  return {
    tactics: currentTactics().map((tactic) => ({
      tactic,
      techniques: techniques
        .filter((technique) => technique.tactics.includes(tactic.shortName))
        .map((technique) => ({ technique, rules: cells.get(cellOf(tactic.shortName, technique.id)) ?? [] })),
      withoutTechnique: bare.get(tactic.shortName) ?? [],
    })),
    unknown: [...unknown].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([tag, keys]) => ({ tag, rules: keys })),
  };
}

function cellsOf({ tactics, techniquesWithoutTactic }: AttackCoverage): readonly string[] {
  const tagged = tactics.flatMap(({ tactic, techniques }) => {
    const names = currentNames(tactic);
    return techniques.flatMap((technique) => inTactics(technique, names));
  });
  return [...tagged, ...techniquesWithoutTactic.flatMap((technique) => inTactics(technique, technique.tactics))];
}

function inTactics(technique: Technique, names: readonly string[]): readonly string[] {
  const id = technique.retired?.successor ?? technique.id;
  return technique.tactics.filter((name) => names.includes(name)).map((name) => cellOf(name, id));
}

function bareTactics({ tactics }: AttackCoverage): readonly string[] {
  return tactics.flatMap(({ tactic, techniques }) => (techniques.length === 0 ? currentNames(tactic) : []));
}

function currentNames({ shortName, retired }: Tactic): readonly string[] {
  return retired?.successors ?? [shortName];
}

function cellOf(tactic: string, technique: string): string {
  return `${tactic} ${technique}`;
}

function push(lists: Map<string, string[]>, name: string, key: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [key]);
  else list.push(key);
}
