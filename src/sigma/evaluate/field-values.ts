import type { FieldPath, FieldReference } from '../plan/field.ts';
import { lookup } from './lookup.ts';

/** What a field of the plan is looked up in. */
export interface EvaluationScope {
  /** The event; inside an Elements node the element. */
  readonly subject: unknown;
  /** `requestObject` and `responseObject` of the event are cut off or missing where they should be: predicates on them are unknown. */
  readonly bodiesUnknown: boolean;
}

/** The values of a field. */
export interface FieldValues {
  /** Each value that a path leads to; arrays as they are. */
  readonly found: readonly unknown[];
  /** There may be more values, in a body that is unknown. */
  readonly incomplete: boolean;
}

const BODIES: ReadonlySet<unknown> = new Set(['requestObject', 'responseObject']);
const REQUEST_OBJECT = Object.freeze(['requestObject']);
const RESPONSE_OBJECT = Object.freeze(['responseObject']);
const UNKNOWN: FieldValues = Object.freeze({ found: Object.freeze([]), incomplete: true });

/** Reads a field: the path of its very name, else the union over its mapped paths. */
export function fieldValues(field: FieldReference, scope: EvaluationScope): FieldValues {
  const raw = pathValues(field.path, scope);
  if (field.mapped.length === 0 || raw.found.length > 0) return raw;
  const all = field.mapped.map((path) => pathValues(path, scope));
  return { found: all.flatMap(({ found }) => found), incomplete: all.some(({ incomplete }) => incomplete) };
}

function pathValues({ root, segments }: FieldPath, scope: EvaluationScope): FieldValues {
  if (scope.bodiesUnknown && (root === 'body' || BODIES.has(segments[0]))) return UNKNOWN;
  const subject = root === 'body' ? lookup(scope.subject, bodyOf(scope.subject))[0] : scope.subject;
  return { found: lookup(subject, segments), incomplete: false };
}

/** The request body of a patch is only the patch; the object is in the response. */
function bodyOf(event: unknown): readonly string[] {
  const patch = typeof event === 'object' && event !== null && 'verb' in event && event.verb === 'patch';
  return patch ? RESPONSE_OBJECT : REQUEST_OBJECT;
}
