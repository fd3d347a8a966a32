import { createHash } from 'node:crypto';
import { flatten } from '../../evaluate/lookup.ts';
import { scalarNumber, scalarText } from '../../evaluate/scalar-text.ts';

/** The values of an event by the name of the field; arrays may be nested. A field that is not there has none. */
export type FieldsByName = Readonly<Record<string, readonly unknown[]>>;

export function valuesOf(fields: FieldsByName, name: string): readonly unknown[] {
  return Object.hasOwn(fields, name) ? (fields[name] ?? []) : [];
}

const MAX_TEXT = 256;

/**
 * The text by which the value of a field is grouped and counted, in exact case; numbers and booleans by their text. A field with several values is their list,
 * as one value. Long texts are cut and told apart by a hash: values are the attacker's. Undefined where the field has no scalar value but null.
 */
export function fieldText(values: readonly unknown[]): string | undefined {
  const texts = flatten(values).flatMap((value) => scalarText(value) ?? []);
  const [only] = texts;
  if (only === undefined) return undefined;
  return bounded(texts.length === 1 ? only : JSON.stringify(texts));
}

/** The number that a field has, or undefined where it has none, several, or something else. */
export function fieldNumber(values: readonly unknown[]): number | undefined {
  const flat = flatten(values);
  const number = flat.length === 1 ? scalarNumber(flat[0]) : undefined;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

function bounded(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const hash = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, MAX_TEXT - 66)}…${hash}`;
}
