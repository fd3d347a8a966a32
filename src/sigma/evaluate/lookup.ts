import type { PathSegment } from '../plan/field.ts';

/**
 * The values that a path leads to, in order: through arrays every member is followed. What a path ends at is not taken apart; an empty result means that
 * the field is missing. The call depth is bounded by the path, the work by the size of the subject.
 */
export function lookup(subject: unknown, segments: readonly PathSegment[]): readonly unknown[] {
  const found: unknown[] = [];
  follow(subject, segments, 0, found);
  return found;
}

function follow(value: unknown, segments: readonly PathSegment[], from: number, found: unknown[]): boolean {
  if (from === segments.length) {
    found.push(value);
    return true;
  }
  const segment = segments[from];
  if (typeof segment === 'number') {
    const members = Array.isArray(value) ? value : [value];
    const member: unknown = members.at(segment);
    return member !== undefined && follow(member, segments, from + 1, found);
  }
  if (!Array.isArray(value)) return followKeys(value, segments, from, found);
  let any = false;
  for (const member of flatten([value])) any = followKeys(member, segments, from, found) || any;
  return any;
}

/** The longest literal key first; a shorter one only where the longer leads nowhere. */
function followKeys(value: unknown, segments: readonly PathSegment[], from: number, found: unknown[]): boolean {
  if (!isObject(value)) return false;
  let longest = from + 1;
  while (longest < segments.length && typeof segments[longest] === 'string') longest++;
  for (let to = longest; to > from; to--) {
    const key = segments.slice(from, to).join('.');
    if (Object.hasOwn(value, key) && follow(value[key], segments, to, found)) return true;
  }
  return false;
}

/** The values with every array replaced by its members, at any depth and without recursion. */
export function flatten(values: readonly unknown[]): readonly unknown[] {
  if (!values.some(Array.isArray)) return values;
  const flat: unknown[] = [];
  const pending: unknown[] = values.toReversed();
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) for (let i = value.length - 1; i >= 0; i--) pending.push(value[i]);
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
    else if (Array.isArray(value)) for (let i = value.length - 1; i >= 0; i--) pending.push(value[i]);
    else if (typeof value === 'object' && value !== null) pending.push(...Object.values(value).reverse());
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
