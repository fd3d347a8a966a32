import { type AnalysisBudget, type Automaton, automatonOf } from './automaton.ts';
import { intersect } from './character-set.ts';
import { parseRegex } from './syntax.ts';

/**
 * Whether a backtracking engine can need exponential time: some state can be left and reached again over the same text in two ways (Weber and Seidl,
 * "On the degree of ambiguity of finite automata", criterion EDA), and something that may fail comes after it. Expressions in unknown syntax, or too large to
 * look at, are not reported.
 */
export function isExponential(
  source: string,
  { ignoreCase, budget }: { readonly ignoreCase: boolean; readonly budget: AnalysisBudget },
): boolean {
  const root = parseRegex(source);
  const automaton = root && automatonOf(root, ignoreCase || source.includes('(?i'), budget);
  if (automaton === undefined) return false;
  const component = componentsOf(automaton.next);
  return automaton.next.some(
    (_, state) => isAmbiguousAt(automaton, state, component, budget) && canFailAt(automaton, state, budget),
  );
}

/**
 * Whether the text can be such that in this state nothing matches: no state in which the expression may be at its end is reached over the same text. A match
 * that was found is not given up.
 */
function canFailAt({ next, sets, last }: Automaton, state: number, budget: AnalysisBudget): boolean {
  const seen = new Set<number>();
  const queue: [number, number][] = [[state, state]];
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    const [a, b] = pair;
    if (a === state && last.has(b)) return false;
    for (const toA of next[a] ?? []) {
      for (const toB of next[b] ?? []) {
        const key = toA * sets.length + toB;
        if (--budget.steps < 0) return false;
        if (seen.has(key) || !meet(sets, toA, toB, budget)) continue;
        seen.add(key);
        queue.push([toA, toB]);
      }
    }
  }
  return true;
}

/** Whether from (state, state) a pair of different ways leads back to (state, state). */
function isAmbiguousAt(
  { next, sets }: Automaton,
  state: number,
  component: readonly number[],
  budget: AnalysisBudget,
): boolean {
  const seen = new Set<string>();
  const queue: [number, number, boolean][] = [[state, state, false]];
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    const [a, b, split] = pair;
    for (const [i, toA] of (next[a] ?? []).entries()) {
      if (component[toA] !== component[state]) continue;
      for (const [j, toB] of (next[b] ?? []).entries()) {
        if (component[toB] !== component[state]) continue;
        if (--budget.steps < 0) return false;
        // From one state, the same step twice is a split where there are two ways to take it.
        const apart = split || toA !== toB || (a === b && i !== j);
        if (!meet(sets, toA, toB, budget)) continue;
        if (apart && toA === state && toB === state) return true;
        const key = `${toA} ${toB} ${apart}`;
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push([toA, toB, apart]);
      }
    }
  }
  return false;
}

function meet(sets: Automaton['sets'], a: number, b: number, budget: AnalysisBudget): boolean {
  if (a === b) return true;
  const [setA = [], setB = []] = [sets[a], sets[b]];
  budget.steps -= (setA.length * setB.length) >> 2;
  return intersect(setA, setB);
}

/** The strongly connected component of each state (Tarjan), without recursion. */
function componentsOf(next: readonly (readonly number[])[]): readonly number[] {
  const index: number[] = [];
  const low: number[] = [];
  const component: number[] = [];
  const stack: number[] = [];
  const onStack = new Set<number>();
  let counter = 0;
  for (let root = 0; root < next.length; root++) {
    if (index[root] !== undefined) continue;
    const work: [state: number, edge: number][] = [[root, 0]];
    while (work.length > 0) {
      const top = work[work.length - 1];
      if (top === undefined) break;
      const [state, edge] = top;
      if (edge === 0 && index[state] === undefined) {
        index[state] = low[state] = counter++;
        stack.push(state);
        onStack.add(state);
      }
      const to = next[state]?.[edge];
      if (to !== undefined) {
        top[1]++;
        if (index[to] === undefined) work.push([to, 0]);
        else if (onStack.has(to)) low[state] = Math.min(low[state] ?? 0, index[to] ?? 0);
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.[0];
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[state] ?? 0);
      if (low[state] !== index[state]) continue;
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member);
        component[member] = state;
        if (member === state) break;
      }
    }
  }
  return component;
}
