import { displayText } from './display-text.ts';

/**
 * How often each value occurred, of the busiest ones. It holds a limited number of values and gives up the least busy one
 * for a new one (the Space-Saving algorithm of Metwally, Agrawal and El Abbadi): with room for k values, one that makes more
 * than 1/k of all occurrences is always among them, whoever tries to crowd it out.
 */
export interface Tally {
  /** For certain: exact as long as no value was given up. */
  readonly counts: ReadonlyMap<string, number>;
  /** How much higher a count may be in truth; values without have 0. The sum of both is the number of occurrences. */
  readonly margins: ReadonlyMap<string, number>;
}

/** Longer values are cut to this many bytes. */
const MAX_LENGTH = 256;

/** The tally with these values counted once each, in their order; they are made safe to print. `capacity` is at least 1. */
export function tallied(tally: Tally, values: readonly string[], capacity: number): Tally {
  return talliedTimes(
    tally,
    values.map((value) => [value, 1]),
    capacity,
  );
}

/** The same with values that occurred several times each. */
export function talliedTimes(
  tally: Tally,
  values: Iterable<readonly [value: string, times: number]>,
  capacity: number,
): Tally {
  const counts = new Map(tally.counts);
  const margins = new Map(tally.margins);
  for (const [raw, times] of values) {
    const value = displayText(raw, MAX_LENGTH);
    const count = counts.get(value);
    if (count !== undefined) {
      counts.set(value, count + times);
      continue;
    }
    const margin = counts.size < capacity ? 0 : giveUpLeastBusy(counts, margins);
    counts.set(value, times);
    if (margin > 0) margins.set(value, margin);
  }
  return { counts, margins };
}

/** Removes the value that may have occurred least, and returns how often that may have been. */
function giveUpLeastBusy(counts: Map<string, number>, margins: Map<string, number>): number {
  let least: { readonly value: string; readonly bound: number } | undefined;
  for (const [value, count] of counts) {
    const bound = count + (margins.get(value) ?? 0);
    // The order of the values is lost in storage: ties are decided by the value.
    if (least === undefined || bound < least.bound || (bound === least.bound && value < least.value))
      least = { value, bound };
  }
  if (least === undefined) return 0;
  counts.delete(least.value);
  margins.delete(least.value);
  return least.bound;
}

/** Occurrences of which it is not known which value they had. */
export function unlisted({ margins }: Tally): number {
  return [...margins.values()].reduce((sum, margin) => sum + margin, 0);
}

/** The margins in the order of the sorted values, as a status stores them; undefined where all counts are exact. */
export function formatMargins({ counts, margins }: Tally): string | undefined {
  if (margins.size === 0) return undefined;
  return [...counts.keys()]
    .sort()
    .map((value) => margins.get(value) ?? 0)
    .join(' ');
}

/** A tally as it was stored. Margins that do not fit the counts count as none. */
export function storedTally(counts: Readonly<Record<string, number>> = {}, margins = ''): Tally {
  const values = Object.keys(counts).sort();
  const numbers = margins.split(' ').map(Number);
  const fit =
    numbers.length === values.length && numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
  return {
    counts: new Map(Object.entries(counts)),
    margins: new Map(fit ? values.map((value, at) => [value, numbers[at] ?? 0] as const).filter(([, n]) => n > 0) : []),
  };
}

/** The busiest value and how many more there are, e.g. `10.0.0.7 (+2)`; `(+15 or more)` where some are not listed. */
export function tallySummary({ counts, margins }: Tally, shorten: (value: string) => string, limit: number): string {
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (first === undefined) return '';
  const more = counts.size - 1;
  const text = displayText(shorten(first[0]), limit);
  if (margins.size > 0) return `${text} (+${more} or more)`;
  return more === 0 ? text : `${text} (+${more})`;
}
