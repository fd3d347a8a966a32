import { type NameClass, nameClasses } from '../events/name-classes.ts';
import { type Combination, OPERATION_DIMENSIONS, type RequestSpace } from '../events/request-space.ts';
import { RESOURCE_VERBS, type RequestKind } from '../events/requests.ts';
import type { PolicyQuestion } from '../policy/possible-decisions.ts';
import { BUILT_IN_NAMES, formatOperation } from '../resources/operations.ts';

/** A kind of request that could satisfy a rule's condition if everything were logged. */
export interface WatchedKind {
  /** As the condition sees it. */
  readonly kind: RequestKind;
  /** As the audit policy sees it. */
  readonly asked: PolicyQuestion;
  /** For people. */
  readonly label: string;
}

/**
 * The kinds of requests that a rule watches, told apart by operation, and by namespace and user where the rule tests them. Other resources than the built-in
 * ones count where the rule names them, or where it watches no built-in one.
 */
export function watchedKinds(space: RequestSpace): readonly WatchedKind[] {
  const operations = [...space.operations()].map(({ operation }): WatchedKind => {
    const kind = space.kindOf(operation);
    const { verb, apiGroup, resource, subresource } = operation;
    const asked = { isResource: true, verb, apiGroup, resource, subresource };
    const nowhere = kind.namespace === undefined ? {} : { namespaces: [''] };
    return { kind, asked: { ...asked, ...nowhere }, label: formatOperation(operation) };
  });
  const paths = space.pathVerbs().map(({ verb }): WatchedKind => {
    const kind = { isResource: false, verb };
    return { kind, asked: kind, label: `${verb} of paths that are no resource` };
  });
  const named =
    space.combinations()?.flatMap((combination) => namedKinds(space, combination, operations.length === 0)) ??
    ANY_NAMES;
  return [...operations.flatMap((kind) => byNamespace(space, kind)), ...named, ...paths]
    .flatMap((kind) => byUser(space, kind))
    .filter(({ kind }) => space.canHold(kind, 'RequestResponse'));
}

/** What stands for resources that are not built in where a rule tells too many apart. */
const ANY_NAMES: readonly WatchedKind[] = RESOURCE_VERBS.map((verb) => {
  const kind = { isResource: true, verb };
  return { kind, asked: kind, label: `${verb} of other resources` };
});

/** The kinds of a combination that are about resources that Kubernetes does not serve by itself; with `unnamed`, also those that the rule does not name. */
function namedKinds(space: RequestSpace, { indexes }: Combination, unnamed: boolean): readonly WatchedKind[] {
  const kind = space.kindAt(indexes);
  const certain = new Map<string, string>();
  const classes = new Map<string, NameClass>();
  for (const [i, dimension] of OPERATION_DIMENSIONS.entries()) {
    const group = space.classes[dimension].classes[indexes[i] ?? 0];
    if (group === undefined) continue;
    classes.set(dimension, group);
    const name = certainName(group);
    if (name !== undefined) certain.set(dimension, name);
  }
  // Subresources that are only logged differently are not told apart.
  const tested = space.plan.leaves.some(({ source }) => source === 'subresource');
  if (!tested && classes.get('subresource')?.names.includes('') !== true) return [];
  const resources = foreignNames(classes.get('resource'), BUILT_IN_NAMES.resource);
  const groups = foreignNames(classes.get('apiGroup'), BUILT_IN_NAMES.apiGroup);
  if (resources.length === 0 && groups.length === 0 && !unnamed) return [];
  return (resources.length > 0 ? resources : [certain.get('resource')]).map((resource) => {
    const names = new Map(certain);
    if (resource !== undefined) names.set('resource', resource);
    const shown = (dimension: string): string => names.get(dimension) ?? '*';
    const operation = {
      verb: shown('verb'),
      apiGroup: shown('apiGroup'),
      resource: shown('resource'),
      subresource: names.get('subresource') ?? '',
    };
    const asked = askedOf(names, classes.get('namespace'));
    return { kind, asked, label: formatOperation(operation) };
  });
}

function askedOf(names: ReadonlyMap<string, string>, namespace: NameClass | undefined): PolicyQuestion {
  const { verb, apiGroup, resource, subresource } = Object.fromEntries(names);
  const namespaces = namespace && allNames(namespace);
  return {
    isResource: true,
    ...(verb === undefined ? {} : { verb }),
    ...(apiGroup === undefined ? {} : { apiGroup }),
    ...(resource === undefined ? {} : { resource }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespaces === undefined ? {} : { namespaces }),
  };
}

/** More names that are not built in are taken for any. */
const MAX_FOREIGN_NAMES = 32;

/** Names and patterns of a class that no built-in resource has; patterns as undefined. */
function foreignNames(group: NameClass | undefined, builtIn: readonly string[]): readonly (string | undefined)[] {
  if (group === undefined || group.others) return [];
  const names = group.names.filter((name) => !builtIn.includes(name));
  if (names.length > MAX_FOREIGN_NAMES) return [undefined];
  return group.patterns.length > 0 ? [...names, undefined] : names;
}

/** One kind for each class of namespaces that the rule tells apart. Namespaces are lower case. */
function byNamespace(space: RequestSpace, base: WatchedKind): readonly WatchedKind[] {
  const tested = space.plan.leaves.some(({ source }) => source === 'namespace');
  if (!tested || base.kind.namespace !== undefined) return [base];
  return space.classes.namespace.classes.map((group) => {
    const namespaces = allNames(group);
    const asked = namespaces === undefined ? base.asked : { ...base.asked, namespaces };
    return { ...base, asked, kind: { ...base.kind, namespace: group.value } };
  });
}

/** One kind for each class of users that the rule tells apart. Only the system's own names are known to be lower case, as rules compare them. */
function byUser(space: RequestSpace, base: WatchedKind): readonly WatchedKind[] {
  if (!space.plan.leaves.some(({ source }) => source === 'username')) return [base];
  return nameClasses('username', space.plan).classes.map((group) => {
    const usernames = allNames(group);
    const system = usernames?.every((name) => name.startsWith('system:')) === true;
    const asked = system ? { ...base.asked, usernames } : base.asked;
    return { ...base, asked, kind: { ...base.kind, username: group.value } };
  });
}

/** The names of a class where it has no others. */
function allNames({ names, patterns, others }: NameClass): readonly string[] | undefined {
  return patterns.length === 0 && !others ? names : undefined;
}

/** The name of a class of one name. */
function certainName(group: NameClass): string | undefined {
  const names = allNames(group);
  return names?.length === 1 ? names[0] : undefined;
}
