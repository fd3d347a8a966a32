import type { FieldReference } from '../plan/field.ts';

/** What a field holds that is neither missing nor exactly one string or number, or takes more to find out. */
export const COMPLEX: unique symbol = Symbol('complex');

export type Scalar = string | number | undefined | typeof COMPLEX;

/**
 * A quick way to read a field that is a key of the event, or a key of a map that is one, with the result of the interpreter's lookup wherever it is not COMPLEX:
 * `undefined` is missing. Undefined for fields that are deeper, or in arrays, or named like something that every object has.
 */
export function scalarReader({ path, mapped }: FieldReference): ((event: object) => Scalar) | undefined {
  const [to] = mapped;
  if (to === undefined) return pathReader(path.root, path.segments);
  const [name, more] = path.segments;
  const read = pathReader(to.root, to.segments);
  if (mapped.length > 1 || more !== undefined || typeof name !== 'string' || read === undefined) return undefined;
  return (event) => (Object.hasOwn(event, name) ? COMPLEX : read(event));
}

function pathReader(root: string, segments: readonly (string | number)[]): ((event: object) => Scalar) | undefined {
  const [top, ...rest] = segments;
  if (root !== 'event' || typeof top !== 'string' || segments.some((s) => typeof s !== 'string' || s in {}))
    return undefined;
  if (rest.length === 0) return (event) => scalarOf(event, top);
  // A key that holds several segments would come first.
  const longer = rest.map((_, i) => [top, ...rest.slice(0, i + 1)].join('.'));
  const inner = rest.join('.');
  return (event) => {
    for (const key of longer) if (key in event) return COMPLEX;
    const map: unknown = Reflect.get(event, top);
    if (map === undefined && !Object.hasOwn(event, top)) return undefined;
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return COMPLEX;
    const scalar = scalarOf(map, inner);
    return scalar === undefined && rest.length > 1 ? COMPLEX : scalar;
  };
}

function scalarOf(map: object, key: string): Scalar {
  const value: unknown = Reflect.get(map, key);
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value === undefined && !Object.hasOwn(map, key) ? undefined : COMPLEX;
}
