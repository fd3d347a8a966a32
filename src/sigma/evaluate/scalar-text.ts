/** The text by which a scalar is compared: numbers in decimal, booleans as `true` and `false`; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const DECIMAL = /^[+-]?\d{1,30}(\.\d{1,30})?$/;

/** The number that a value is, or that a string writes in decimal. */
export function scalarNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
}
