import type { FieldPath } from '../plan/field.ts';

/** Off-taxonomy names that rules use, and where events have the data. Plain data. */
export interface FieldMapping {
  readonly name: string;
  /** By field name as written in a rule (exact case). */
  readonly fields: Readonly<Record<string, readonly FieldPath[]>>;
  readonly values: readonly ValueMapping[];
}

/** A string value that rules compare a field with (whole, in any case), although the events say it in another field. */
interface ValueMapping {
  readonly field: string;
  readonly value: string;
  readonly path: FieldPath;
  readonly becomes: string;
  /** Why, for explain and the documentation. */
  readonly reason: string;
}

/** The paths of a field name, own entries only. */
export function mappedPaths(mapping: FieldMapping | undefined, name: string): readonly FieldPath[] {
  return mapping !== undefined && Object.hasOwn(mapping.fields, name) ? (mapping.fields[name] ?? []) : [];
}
