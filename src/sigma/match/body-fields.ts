import type { FieldValues } from '../evaluate/field-values.ts';
import type { FieldPath, FieldReference } from '../plan/field.ts';
import { isEventKey } from '../scan/event-keys.ts';
import type { EventView } from './event-view.ts';
import type { Reduction } from './match-node.ts';
import type { Predicate } from './predicate.ts';

/** Marks conditions on fields in bodies: beyond the bits of branch fields. */
export const BODY_BIT = 1 << 30;

/** Whether the field is absent from every event that has no bodies, and no keys but those of `audit.k8s.io`. */
export function isInBody({ path, mapped }: Pick<FieldReference, 'path' | 'mapped'>): boolean {
  if (mapped.length === 0) return isBodyPath(path);
  const [first] = path.segments;
  return typeof first === 'string' && !isEventKey(first) && mapped.every(isBodyPath);
}

function isBodyPath({ root, segments: [first] }: FieldPath): boolean {
  return root === 'body' || first === 'requestObject' || first === 'responseObject';
}

const ABSENT: FieldValues = Object.freeze({ found: Object.freeze([]), incomplete: false });

/** Of an event in which every field is absent. */
const NOTHING: EventView = Object.freeze({
  epoch: -1,
  bodiesAbsent: true,
  values: () => ABSENT,
  truthOf: () => 'unknown' as const,
  recall: () => undefined,
  remember: () => {},
});

/** What it decides that there are no bodies. */
export const NO_BODIES: Reduction = Object.freeze({
  branch: BODY_BIT,
  decide: (predicate: Predicate) =>
    predicate.field !== undefined && isInBody(predicate.field.reference)
      ? predicate.truth(NOTHING) === true
      : undefined,
});
