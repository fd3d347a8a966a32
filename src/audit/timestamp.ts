const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Microseconds since the epoch of an RFC 3339 timestamp such as kube-apiserver's `2026-11-24T05:48:24.739583Z`;
 * finer digits are cut off. `undefined` for any other text, for times before 1970 and beyond the safe integers.
 */
export function parseTimestamp(text: string | undefined): number | undefined {
  const match = text === undefined ? null : RFC3339.exec(text);
  if (match === null) return undefined;
  const [, seconds, fraction = '', zone] = match;
  const millis = Date.parse(`${seconds}${zone}`);
  const micros = millis * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return Number.isSafeInteger(micros) && micros >= 0 ? micros : undefined;
}
