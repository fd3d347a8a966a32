import { hasName, type NameSet } from '../events/name-set.ts';
import type { RequestPattern } from '../events/request-patterns.ts';
import { PATH_VERBS, RESOURCE_VERBS } from '../events/requests.ts';
import type { AuditLevel } from '../policy/policy.ts';
import { BUILT_IN_RESOURCES } from '../resources/built-in.generated.ts';
import type { BuiltInResource } from '../resources/built-in.ts';

/** Requests of one kind that have to be logged: what a line of an audit policy can say. */
export interface Need {
  readonly level: AuditLevel;
  /** Empty: every verb. Sorted. */
  readonly verbs: readonly string[];
  /** Empty: every namespace and none. Sorted. */
  readonly namespaces: readonly string[];
  /** A resource as an audit policy writes it (`pods`, `pods/exec`, `pods/*`); `everything` for all requests, `paths` for those for other paths. */
  readonly target: { readonly group: string; readonly resource: string } | 'everything' | 'paths';
  /** Keys of the rules that need it. */
  readonly rules: readonly string[];
}

/** What a pattern needs. Names that no policy can exclude or find are left to a wider line: more may be logged than needed, never less. */
export function needsOf(pattern: RequestPattern, level: AuditLevel, rule: string): readonly Need[] {
  const { verbs, namespaces } = pattern;
  const base = { level, verbs: verbList(verbs), namespaces: namespaces.any ? [] : namespaces.names, rules: [rule] };
  const targets = targetsOf(pattern);
  if (targets === undefined) return [{ ...base, target: 'everything' }];
  return targets.map((target) => ({ ...base, target }));
}

/** What requests for other paths need; with every verb, and everything else needed at a level as high, it is a part of that. */
export function needOfPaths(verbs: readonly string[], rule: string): Need {
  const every = PATH_VERBS.every((verb) => verbs.includes(verb));
  const target = 'paths';
  return { level: 'Metadata', verbs: every ? [] : verbs.toSorted(), namespaces: [], target, rules: [rule] };
}

function verbList(verbs: NameSet): readonly string[] {
  const names = RESOURCE_VERBS.filter((verb) => hasName(verbs, verb));
  return names.length === RESOURCE_VERBS.length ? [] : names;
}

/** The resources of a pattern in a policy's words; undefined where only all of them can be said. */
function targetsOf({ verbs, apiGroups, resources, subresources }: RequestPattern): Need['target'][] | undefined {
  if (resources.any && apiGroups.any && subresources.any) return undefined;
  const known = BUILT_IN_RESOURCES.filter(
    (row) =>
      hasName(apiGroups, row.apiGroup) &&
      hasName(resources, row.resource) &&
      hasName(subresources, row.subresource) &&
      row.verbs.some((verb) => hasName(verbs, verb)),
  );
  if (resources.any) {
    if (!apiGroups.any) return apiGroups.names.flatMap((group) => underEvery(group, subresources));
    const groups = [...new Set(known.map(({ apiGroup }) => apiGroup))];
    return groups.length === 0 ? undefined : groups.flatMap((group) => underEvery(group, subresources));
  }
  const builtIn = [...new Set(known.map(({ apiGroup, resource }) => `${apiGroup}/${resource}`))].flatMap((path) => {
    const [group = '', resource = ''] = path.split('/');
    const rows = known.filter((row) => row.apiGroup === group && row.resource === resource);
    return under(group, resource, subresources, rows);
  });
  const foreign = resources.names.filter((name) => !known.some(({ resource }) => resource === name));
  if (foreign.length > 0 && apiGroups.any) return undefined;
  return [
    ...builtIn,
    ...foreign.flatMap((name) => apiGroups.names.flatMap((group) => under(group, name, subresources, []))),
  ];
}

/** Every resource of a group, or some subresources of all of them. */
function underEvery(group: string, subresources: NameSet): Need['target'][] {
  if (subresources.any || subresources.names.includes('')) return [{ group, resource: '*' }];
  return subresources.names.map((name) => ({ group, resource: `*/${name}` }));
}

/** A resource with some of its subresources; `rows` are those of them that are built in. */
function under(
  group: string,
  resource: string,
  subresources: NameSet,
  rows: readonly BuiltInResource[],
): Need['target'][] {
  if (subresources.any && (subresources.names.length === 0 || rows.length === 0)) {
    const bare = rows.length === 1 && rows[0]?.subresource === '';
    return [{ group, resource: bare ? resource : `${resource}/*` }];
  }
  const names = subresources.any ? rows.map(({ subresource }) => subresource) : subresources.names;
  return names.map((name) => ({ group, resource: name === '' ? resource : `${resource}/${name}` }));
}
