import { unionOf } from './name-classes.ts';
import { ANY_NAME, type NameSet } from './name-set.ts';
import { type Combination, OPERATION_DIMENSIONS, type RequestLevels, type RequestSpace } from './request-space.ts';

/** Requests about resources that a rule can match: every combination of these names, also of resources that no Kubernetes serves by itself. */
export interface RequestPattern extends RequestLevels {
  /** Out of the verbs that requests about resources have. */
  readonly verbs: NameSet;
  readonly apiGroups: NameSet;
  readonly resources: NameSet;
  readonly subresources: NameSet;
  readonly namespaces: NameSet;
}

/** The requests about resources that can satisfy a rule's condition, in as few patterns as joining finds; exactly, as far as tests can be told apart. */
export function requestPatterns(space: RequestSpace): readonly RequestPattern[] {
  const combinations = space.combinations();
  if (combinations === undefined) return [EVERYTHING];
  return join(combinations).map(({ sets, level, wholeLevel }) => {
    const [
      verbs = ANY_NAME,
      apiGroups = ANY_NAME,
      resources = ANY_NAME,
      subresources = ANY_NAME,
      namespaces = ANY_NAME,
    ] = OPERATION_DIMENSIONS.map((dimension, i) => unionOf(space.classes[dimension], sets[i] ?? []));
    return { verbs, apiGroups, resources, subresources, namespaces, level, wholeLevel };
  });
}

/** What is said of a rule that tells too many requests apart. */
const EVERYTHING: RequestPattern = Object.freeze({
  verbs: ANY_NAME,
  apiGroups: ANY_NAME,
  resources: ANY_NAME,
  subresources: ANY_NAME,
  namespaces: ANY_NAME,
  level: 'Metadata',
  wholeLevel: 'RequestResponse',
});

interface Block extends RequestLevels {
  /** For each dimension the indexes of classes, in ascending order. */
  readonly sets: readonly (readonly number[])[];
}

/** Joins combinations that differ in one dimension only, from the last dimension to the first, until nothing changes. */
function join(combinations: readonly Combination[]): readonly Block[] {
  let blocks: readonly Block[] = combinations.map(({ indexes, ...levels }) => ({
    sets: indexes.map((i) => [i]),
    ...levels,
  }));
  for (let before = Number.POSITIVE_INFINITY; blocks.length < before; ) {
    before = blocks.length;
    for (let dimension = OPERATION_DIMENSIONS.length - 1; dimension >= 0; dimension--)
      blocks = joinAlong(blocks, dimension);
  }
  return blocks;
}

function joinAlong(blocks: readonly Block[], dimension: number): readonly Block[] {
  const joined = new Map<string, Block>();
  for (const block of blocks) {
    const key = `${block.level} ${block.wholeLevel} ${block.sets.map((set, i) => (i === dimension ? '' : set.join())).join('/')}`;
    const sets = (joined.get(key) ?? { sets: [] }).sets;
    const union = [...new Set([...(sets[dimension] ?? []), ...(block.sets[dimension] ?? [])])].toSorted(
      (a, b) => a - b,
    );
    joined.set(key, { ...block, sets: block.sets.with(dimension, union) });
  }
  return [...joined.values()];
}
