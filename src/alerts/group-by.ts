export const GROUP_DIMENSIONS = ['Actor', 'Operation', 'Outcome', 'Resource', 'Namespace', 'Object'] as const;

/** A respect in which requests must agree to be counted in one Alert: `spec.alert.groupBy` of a DetectionRule. */
export type GroupDimension = (typeof GROUP_DIMENSIONS)[number];

/** How the matches of a rule are grouped into Alerts (semantics 6). */
export interface Grouping {
  /** By who acted, and as whom. */
  readonly actor: boolean;
  readonly operation: boolean;
  readonly outcome: boolean;
  readonly resource: boolean;
  readonly namespace: boolean;
  /** Whose requests are grouped by the object that they touched. */
  readonly objects: 'Everybody' | 'People' | 'Nobody';
}

const BY_DEFAULT: Grouping = Object.freeze({
  actor: true,
  operation: true,
  outcome: true,
  resource: true,
  namespace: true,
  objects: 'People',
});

/**
 * The grouping of a list of dimensions. An object is known by its resource and namespace, so `Object` implies both. Without a
 * list: by everything, but by the object only for people; service accounts and `system:` identities touch many objects in the
 * course of their work, and callers whom nobody authenticated can make up as many as they like.
 */
export function groupingOf(dimensions: readonly GroupDimension[] | undefined): Grouping {
  if (dimensions === undefined) return BY_DEFAULT;
  const by = new Set(dimensions);
  const objects = by.has('Object');
  return Object.freeze({
    actor: by.has('Actor'),
    operation: by.has('Operation'),
    outcome: by.has('Outcome'),
    resource: objects || by.has('Resource'),
    namespace: objects || by.has('Namespace'),
    objects: objects ? 'Everybody' : 'Nobody',
  });
}
