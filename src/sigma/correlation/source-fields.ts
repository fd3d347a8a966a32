import type { EvaluateOptions } from '../evaluate/evaluate.ts';
import { fieldValues } from '../evaluate/field-values.ts';
import { flatten } from '../evaluate/lookup.ts';
import { scalarText } from '../evaluate/scalar-text.ts';
import type { CorrelationSource } from './compiled-correlation.ts';
import { fieldText } from './engine/field-text.ts';

/** The scalar values of fields by name, as a correlation needs them of an event. Plain JSON: it may be read where the event is, and fed elsewhere. */
export type EventFields = Readonly<Record<string, readonly (string | number | boolean)[]>>;

/** Reads what a correlation needs of an event that matched one of its sources. Bounded: of many or long values only a text that stands for them is kept. */
export function readSourceFields(source: CorrelationSource, event: object, options: EvaluateOptions = {}): EventFields {
  const scope = { subject: event, bodiesUnknown: options.bodiesUnknown ?? false };
  const read = source.fields.map((field) => {
    const scalars = flatten(fieldValues(field, scope).found).filter(isScalar);
    const [only] = scalars;
    const short = scalars.length === 1 && (typeof only !== 'string' || only.length <= 64) ? only : fieldText(scalars);
    return [field.name, short === undefined ? [] : [short]] as const;
  });
  return Object.fromEntries(read);
}

function isScalar(value: unknown): value is string | number | boolean {
  return scalarText(value) !== undefined;
}
