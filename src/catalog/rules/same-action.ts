import type { Operation } from '../resources/operations.ts';
import type { PostingLists } from './posting-lists.ts';
import { operationOf } from './watched-terms.ts';

/** Another rule that watches some of the same operations. */
export interface SameActionRule {
  readonly key: string;
  readonly title: string;
  readonly id?: string;
  /** Jaccard overlap of the watched operations, from above 0 to 1. */
  readonly overlap: number;
  readonly shared: readonly Operation[];
  /** What the other rule watches and this one does not. */
  readonly adds: readonly Operation[];
  /** What this rule watches and the other does not. */
  readonly lacks: readonly Operation[];
}

/** How far two sets of operations are the same. */
export interface Overlap {
  readonly key: string;
  readonly overlap: number;
  readonly shared: readonly Operation[];
  readonly adds: readonly Operation[];
  readonly lacks: readonly Operation[];
}

/** The entries that share an operation with one, most overlapping first, then by key. */
export function overlapsWith(index: PostingLists<string>, key: string): readonly Overlap[] {
  const own = index.termsOf(key);
  const shared = new Map<string, string[]>();
  for (const term of own) {
    for (const other of index.entriesOf(term)) {
      if (other === key) continue;
      const terms = shared.get(other);
      if (terms === undefined) shared.set(other, [term]);
      else terms.push(term);
    }
  }
  return [...shared]
    .map(([other, terms]): Overlap => {
      const theirs = index.termsOf(other);
      return {
        key: other,
        overlap: terms.length / (own.size + theirs.size - terms.length),
        shared: terms.map(operationOf),
        adds: [...theirs].filter((term) => !own.has(term)).map(operationOf),
        lacks: [...own].filter((term) => !theirs.has(term)).map(operationOf),
      };
    })
    .toSorted((a, b) => b.overlap - a.overlap || (a.key < b.key ? -1 : 1));
}
