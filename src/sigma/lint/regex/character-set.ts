/** Code points, as ascending ranges that do not touch; both ends are inside. */
export type CharacterSet = readonly (readonly [low: number, high: number])[];

const LAST = 0x10_ffff;

export function characters(...ranges: readonly (readonly [number, number])[]): CharacterSet {
  return union([], ranges);
}

export function union(a: CharacterSet, b: CharacterSet): CharacterSet {
  const merged: [number, number][] = [];
  for (const [low, high] of [...a, ...b].toSorted((x, y) => x[0] - y[0])) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

export function complement(set: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  let next = 0;
  for (const [low, high] of set) {
    if (low > next) ranges.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= LAST) ranges.push([next, LAST]);
  return ranges;
}

export function intersect(a: CharacterSet, b: CharacterSet): boolean {
  return a.some(([low, high]) => b.some(([from, to]) => low <= to && from <= high));
}

/** With the other case of ASCII letters. */
export function withBothCases(set: CharacterSet): CharacterSet {
  const other = set.flatMap(([low, high]): [number, number][] => [
    ...shifted(low, high, 65, 90, 32),
    ...shifted(low, high, 97, 122, -32),
  ]);
  return union(set, other);
}

function shifted(low: number, high: number, from: number, to: number, by: number): [number, number][] {
  const [start, end] = [Math.max(low, from), Math.min(high, to)];
  return start <= end ? [[start + by, end + by]] : [];
}

const digit = characters([48, 57]);
const space = characters([9, 13], [32, 32]);

export const SETS = Object.freeze({
  digit,
  word: characters([48, 57], [65, 90], [95, 95], [97, 122]),
  space,
  dot: complement(characters([10, 10])),
});
