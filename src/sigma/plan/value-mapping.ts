import type { FieldMapping } from '../mapping/field-mapping.ts';
import { foldCase } from '../values/fold.ts';
import { type ItemValue, stringValue } from '../values/item-value.ts';
import { literalText } from '../values/sigma-string.ts';
import type { FieldPath } from './field.ts';

export interface DivertedValue {
  readonly path: FieldPath;
  readonly becomes: ItemValue;
}

/** Separates the values of a field that the mapping finds in another field. */
export function divertMappedValues(
  mapping: FieldMapping | undefined,
  field: string,
  values: readonly ItemValue[],
): { readonly kept: readonly ItemValue[]; readonly diverted: readonly DivertedValue[] } {
  const entries = mapping?.values.filter((entry) => entry.field === field) ?? [];
  const kept: ItemValue[] = [];
  const diverted: DivertedValue[] = [];
  for (const value of values) {
    const text = value.kind === 'String' ? literalText(value.parts) : undefined;
    const entry =
      text === undefined ? undefined : entries.find((candidate) => foldCase(candidate.value) === foldCase(text));
    if (entry === undefined) kept.push(value);
    else diverted.push({ path: entry.path, becomes: stringValue(entry.becomes) });
  }
  return { kept, diverted };
}
