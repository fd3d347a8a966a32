import { escapeInvisible } from '../visible-text.ts';

const MAX_LENGTH = 200;

/** A value as one would write it in JSON, shortened, with nothing invisible in it. */
export function visibleValue(value: unknown): string {
  if (typeof value === 'string') {
    return escapeInvisible(JSON.stringify(value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value));
  }
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? `[${value.length} values]` : '{…}';
  return String(value);
}
