import { displayText } from './display-text.ts';

/** How often each value occurred: at most 32 values, in the order in which they came; what finds no room is counted in `overflow`. */
export interface Tally {
  values: { value: string; count: number }[];
  overflow?: number;
}

const MAX_VALUES = 32;
const MAX_LENGTH = 256;

/** The tally with these values counted once each; values are made safe to print and cut to 256 characters. */
export function tallied(tally: Tally | undefined, values: Iterable<string>): Tally {
  const counts = new Map((tally?.values ?? []).map(({ value, count }) => [value, count]));
  let overflow = tally?.overflow ?? 0;
  for (const raw of values) {
    const value = displayText(raw, MAX_LENGTH);
    const count = counts.get(value);
    if (count !== undefined) counts.set(value, count + 1);
    else if (counts.size < MAX_VALUES) counts.set(value, 1);
    else overflow += 1;
  }
  const entries = [...counts].map(([value, count]) => ({ value, count }));
  return overflow === 0 ? { values: entries } : { values: entries, overflow };
}

/** The first value and how many more there are, e.g. `10.0.0.7 (+2)`; `(+2 or more)` once the tally has overflowed. */
export function tallySummary(tally: Tally | undefined): string {
  const [first] = tally?.values ?? [];
  if (tally === undefined || first === undefined) return '';
  const more = tally.values.length - 1;
  if (tally.overflow !== undefined) return `${displayText(first.value, 200)} (+${more} or more)`;
  return more === 0 ? displayText(first.value, 200) : `${displayText(first.value, 200)} (+${more})`;
}
