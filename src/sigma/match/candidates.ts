import { type MatchNode, type Reduction, reduce, TRUE } from './match-node.ts';

/** The rules that are left for an event, as positions in the rule set, in order. */
export interface Candidates {
  /** They match. */
  readonly decided: readonly number[];
  /** They match where what is left of their conditions holds. */
  readonly open: readonly number[];
  /** For each of `open`: what is left of its condition. */
  readonly nodes: readonly MatchNode[];
}

/** Rules that are left, being gathered in order. */
export class Gathering implements Candidates {
  readonly decided: number[] = [];
  readonly open: number[] = [];
  readonly nodes: MatchNode[] = [];

  add(position: number, node: MatchNode): void {
    if (node.kind !== 'Constant') {
      this.open.push(position);
      this.nodes.push(node);
    } else if (node.value) this.decided.push(position);
  }

  /** Together with those that were decided before. */
  after(decided: readonly number[]): Candidates {
    return { decided: merge(decided, this.decided), open: this.open, nodes: this.nodes };
  }
}

/** What is left of candidates. */
export function reduced(from: Candidates, reduction: Reduction): Candidates {
  const left = new Gathering();
  for (const [i, position] of from.open.entries()) left.add(position, reduce(from.nodes[i] ?? TRUE, reduction));
  return left.after(from.decided);
}

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...a, ...b].toSorted((x, y) => x - y);
}
