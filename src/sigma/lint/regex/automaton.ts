import { type CharacterSet, withBothCases } from './character-set.ts';
import type { RegexNode } from './syntax.ts';

/** How much may be looked at; it is spent. */
export interface AnalysisBudget {
  steps: number;
}

/** The Glushkov automaton: a state for each occurrence of a character set, and which may follow it. */
export interface Automaton {
  readonly sets: readonly CharacterSet[];
  /** For each state the states that may come next, each as often as there are ways to get there. */
  readonly next: readonly (readonly number[])[];
  /** States after which the expression may be at its end. */
  readonly last: ReadonlySet<number>;
}

const MAX_STATES = 400;
/** Copies of a counted repetition that are looked at: more do not change what is ambiguous. */
const MAX_COPIES = 3;

interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

/** Undefined where the expression is too large to look at. */
export function automatonOf(root: RegexNode, ignoreCase: boolean, budget: AnalysisBudget): Automaton | undefined {
  const sets: CharacterSet[] = [];
  const next: Set<number>[] = [];
  const twice = new Set<string>();

  const connect = (from: readonly number[], to: readonly number[]): void => {
    budget.steps -= from.length * to.length;
    if (budget.steps < 0) throw new TooLarge();
    for (const a of from) {
      for (const b of to) {
        if (next[a]?.has(b) === true) twice.add(`${a} ${b}`);
        next[a]?.add(b);
      }
    }
  };

  const build = (node: RegexNode): Fragment => {
    switch (node.kind) {
      case 'characters': {
        const state = sets.push(ignoreCase ? withBothCases(node.set) : node.set) - 1;
        if (state >= MAX_STATES) throw new TooLarge();
        next.push(new Set());
        return { first: [state], last: [state], nullable: false };
      }
      case 'sequence':
        return node.items.map(build).reduce<Fragment>(
          (left, right) => {
            connect(left.last, right.first);
            return {
              first: left.nullable ? [...left.first, ...right.first] : left.first,
              last: right.nullable ? [...left.last, ...right.last] : right.last,
              nullable: left.nullable && right.nullable,
            };
          },
          { first: [], last: [], nullable: true },
        );
      case 'choice': {
        const parts = node.items.map(build);
        return {
          first: parts.flatMap(({ first }) => first),
          last: parts.flatMap(({ last }) => last),
          nullable: parts.some(({ nullable }) => nullable),
        };
      }
      case 'repeat':
        return buildRepeat(node);
      default:
        return node satisfies never;
    }
  };

  const buildRepeat = ({ item, min, max }: Extract<RegexNode, { kind: 'repeat' }>): Fragment => {
    const finite = Math.min(max, MAX_COPIES);
    const copies = max === Infinity ? Math.max(1, Math.min(min, MAX_COPIES)) : finite;
    let whole: Fragment = { first: [], last: [], nullable: true };
    for (let i = 0; i < copies; i++) {
      const built = build(item);
      if (max === Infinity && i === copies - 1) connect(built.last, built.first);
      const part = { ...built, nullable: built.nullable || i >= Math.min(min, MAX_COPIES) };
      connect(whole.last, part.first);
      whole = {
        first: whole.nullable ? [...whole.first, ...part.first] : whole.first,
        last: part.nullable ? [...whole.last, ...part.last] : part.last,
        nullable: whole.nullable && part.nullable,
      };
    }
    return whole;
  };

  try {
    const { last } = build(root);
    const ways = next.map((states, from) =>
      [...states].flatMap((to) => (twice.has(`${from} ${to}`) ? [to, to] : [to])),
    );
    return { sets, next: ways, last: new Set(last) };
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

class TooLarge extends Error {}
