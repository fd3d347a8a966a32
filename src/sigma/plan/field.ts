/** A key of an object, or (sigma-version 3) the index of an array, negative from its end. */
export type PathSegment = string | number;

/**
 * A path into an event. Keys are split at dots; a lookup tries the longest literal key first at each level (`a.b.c`, then `a.b` and in it `c`, …).
 * `event` begins at the event, or inside an Elements node at the element; `body` begins at the object that the request is about:
 * `requestObject`, or for the verb `patch`, whose request is only a patch, `responseObject`.
 */
export interface FieldPath {
  readonly root: 'event' | 'body';
  readonly segments: readonly PathSegment[];
}

/** A field that a predicate reads. */
export interface FieldReference {
  readonly kind: 'Field';
  /** As written in the rule. */
  readonly name: string;
  /** The path that the name is, or the one that a value mapping moved the predicate to. */
  readonly path: FieldPath;
  /**
   * What a field mapping makes of the name; empty where it is not mapped. The value is the union over these paths, unless the event has `path` itself.
   */
  readonly mapped: readonly FieldPath[];
}

/** The paths that can be read for a field, as dotted names from the root of the event; a body path stands for both bodies. */
export function pathNames(field: FieldReference): readonly string[] {
  const paths = field.mapped.length > 0 ? field.mapped : [field.path];
  return paths.flatMap(({ root, segments }) => {
    const name = segments.join('.');
    return root === 'event' ? [name] : [`requestObject.${name}`, `responseObject.${name}`];
  });
}
