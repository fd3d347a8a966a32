const UNITS: Readonly<Record<string, number>> = Object.freeze({
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
});

/**
 * The milliseconds of a timespan: a whole number above 0 and s, m, h, d (specification) or w (pySigma). pySigma's M (month) and y are no fixed spans and M is
 * one slip away from m: refused. Undefined for anything else.
 */
export function parseTimespan(text: string): number | undefined {
  const found = /^(\d{1,9})([smhdw])$/.exec(text);
  if (found === null) return undefined;
  const [, count = '', unit = ''] = found;
  const milliseconds = Number(count) * (UNITS[unit] ?? 0);
  return milliseconds > 0 ? milliseconds : undefined;
}
