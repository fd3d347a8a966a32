import { BUILT_IN_RESOURCES } from './built-in.generated.ts';
import type { BuiltInResource } from './built-in.ts';

/** A verb on a resource that kube-apiserver serves by itself. */
export interface Operation {
  readonly verb: string;
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  /** Empty for the resource itself. */
  readonly subresource: string;
}

/** An operation with its place in the table, by which rules are compared. */
export interface BuiltInOperation extends Operation {
  readonly index: number;
  readonly namespaced: boolean;
}

export const BUILT_IN_OPERATIONS: readonly BuiltInOperation[] = Object.freeze(
  BUILT_IN_RESOURCES.flatMap(operationsOf).map((operation, index) => Object.freeze({ ...operation, index })),
);

/** Every name that occurs in the table, by what it is the name of. */
export const BUILT_IN_NAMES = Object.freeze({
  apiGroup: namesIn('apiGroup'),
  resource: namesIn('resource'),
  subresource: namesIn('subresource'),
});

function operationsOf({
  verbs,
  apiGroup,
  resource,
  subresource,
  namespaced,
}: BuiltInResource): Omit<BuiltInOperation, 'index'>[] {
  return verbs.map((verb) => ({ verb, apiGroup, resource, subresource, namespaced }));
}

function namesIn(key: 'apiGroup' | 'resource' | 'subresource'): readonly string[] {
  return Object.freeze([...new Set(BUILT_IN_RESOURCES.map((resource) => resource[key]))].toSorted());
}

/** `create batch/cronjobs/status`; the core group has no name in front. */
export function formatOperation({ verb, apiGroup, resource, subresource }: Operation): string {
  const path = [apiGroup, resource, subresource].filter((part) => part !== '').join('/');
  return `${verb} ${path}`;
}
