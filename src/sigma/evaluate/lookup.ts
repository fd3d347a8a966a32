import type { PathSegment } from '../plan/field.ts';

/**
 * The values that a path leads to, in order: through arrays every member is followed, an index picks one, and leads nowhere where there is no array. What a
 * path ends at is not taken apart; an empty result means that the field is missing. The call depth is bounded by the path, the work by the size of the subject.
 */
export function lookup(subject: unknown, segments: readonly PathSegment[]): readonly unknown[] {
  const found: unknown[] = [];
  follow(subject, segments, literalKeys(segments), 0, found);
  return found;
}

type LiteralKeys = readonly (readonly string[])[];

function follow(
  value: unknown,
  segments: readonly PathSegment[],
  keys: LiteralKeys,
  from: number,
  found: unknown[],
): boolean {
  if (from === segments.length) {
    found.push(value);
    return true;
  }
  const segment = segments[from];
  if (typeof segment === 'number') {
    const member: unknown = Array.isArray(value) ? value.at(segment) : undefined;
    return member !== undefined && follow(member, segments, keys, from + 1, found);
  }
  if (!Array.isArray(value)) return followKeys(value, segments, keys, from, found);
  let any = false;
  for (const member of flatten(value)) any = followKeys(member, segments, keys, from, found) || any;
  return any;
}

/** The longest literal key first; a shorter one only where the longer leads nowhere. */
function followKeys(
  value: unknown,
  segments: readonly PathSegment[],
  keys: LiteralKeys,
  from: number,
  found: unknown[],
): boolean {
  if (!isObject(value)) return false;
  const candidates = keys[from] ?? [];
  for (let i = candidates.length - 1; i >= 0; i--) {
    const key = candidates[i] ?? '';
    if (Object.hasOwn(value, key) && follow(value[key], segments, keys, from + i + 1, found)) return true;
  }
  return false;
}

/** For each segment the literal keys that begin with it, shortest first. Made once for each path of a plan. */
const LITERAL_KEYS = new WeakMap<readonly PathSegment[], LiteralKeys>();

function literalKeys(segments: readonly PathSegment[]): LiteralKeys {
  let keys = LITERAL_KEYS.get(segments);
  if (keys === undefined) {
    keys = segments.map((_, from) => {
      const index = segments.findIndex((segment, i) => i >= from && typeof segment === 'number');
      const run = segments.slice(from, index < 0 ? undefined : index);
      return run.map((_segment, length) => run.slice(0, length + 1).join('.'));
    });
    LITERAL_KEYS.set(segments, keys);
  }
  return keys;
}

/** The values with every array replaced by its members, at any depth and without recursion. */
export function flatten(values: readonly unknown[]): readonly unknown[] {
  if (!values.some(Array.isArray)) return values;
  const flat: unknown[] = [];
  const pending: unknown[] = values.toReversed();
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) pushReversed(pending, value);
    else flat.push(value);
  }
  return flat;
}

/** Every string, number and boolean in a value, at any depth and without recursion; keys are not included. */
export function* leaves(subject: unknown): Generator<string | number | boolean> {
  const pending: unknown[] = [subject];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') yield value;
    else if (Array.isArray(value)) pushReversed(pending, value);
    else if (isObject(value)) pushReversed(pending, Object.values(value));
  }
}

function pushReversed(pending: unknown[], values: readonly unknown[]): void {
  for (let i = values.length - 1; i >= 0; i--) pending.push(values[i]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
