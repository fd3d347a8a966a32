/** A match as a correlation keeps it. */
export interface Entry<Sample> {
  /** Of the event, in milliseconds. */
  readonly time: number;
  /** Index of the rule that matched in the correlation's steps. */
  readonly step: number;
  /** What is counted (text) or computed with (a number); absent where the correlation counts matches or rules. */
  readonly value?: string | number;
  /** The rule may or may not have matched: a body was unknown. */
  readonly undetermined: boolean;
  /** The texts of the fields that correlations over this one read. */
  readonly carried?: readonly (string | null)[];
  readonly sample: Sample;
}

/** Plain JSON of an entry. */
export type StoredEntry<Sample> = readonly [
  time: number,
  step: number,
  value: string | number | null,
  undetermined: boolean,
  carried: readonly (string | null)[] | null,
  sample: Sample,
];

export function storeEntry<Sample>(entry: Entry<Sample>): StoredEntry<Sample> {
  const { time, step, value, undetermined, carried, sample } = entry;
  return [time, step, value ?? null, undetermined, carried ?? null, sample];
}

export function restoreEntry<Sample>([
  time,
  step,
  value,
  undetermined,
  carried,
  sample,
]: StoredEntry<Sample>): Entry<Sample> {
  return {
    time,
    step,
    undetermined,
    sample,
    ...(value !== null && { value }),
    ...(carried !== null && { carried }),
  };
}
