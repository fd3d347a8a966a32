import type { EventCoverage } from '../events/event-coverage.ts';
import { hasName } from '../events/name-set.ts';
import type { RequestPattern } from '../events/request-patterns.ts';
import { RESOURCE_VERBS } from '../events/requests.ts';
import { BUILT_IN_NAMES, type Operation } from '../resources/operations.ts';

/** By what rules are compared: an operation, as text. */
export function termOf({ verb, apiGroup, resource, subresource }: Operation): string {
  return `${verb} ${apiGroup}/${resource}/${subresource}`;
}

/** The operation of a term. */
export function operationOf(term: string): Operation {
  const [verb = '', path = ''] = term.split(' ');
  const [apiGroup = '', resource = '', subresource = ''] = path.split('/');
  return { verb, apiGroup, resource, subresource };
}

/**
 * The operations that a rule watches: over the built-in resources, and over others that the rule names, whose group or subresource is `*` where the rule
 * leaves it open.
 */
export function watchedOperations({ operations, patterns }: EventCoverage): readonly Operation[] {
  return [...operations, ...patterns.flatMap(namedOperations)];
}

const MAX_NAMED = 1000;

function namedOperations({ verbs, apiGroups, resources, subresources }: RequestPattern): readonly Operation[] {
  if (resources.any) return [];
  const groups = apiGroups.any ? ['*'] : apiGroups.names;
  const under = subresources.any ? ['*'] : subresources.names;
  const foreign = (resource: string, group: string): boolean =>
    !BUILT_IN_NAMES.resource.includes(resource) || (group !== '*' && !BUILT_IN_NAMES.apiGroup.includes(group));
  const found: Operation[] = [];
  for (const verb of RESOURCE_VERBS.filter((name) => hasName(verbs, name)))
    for (const apiGroup of groups)
      for (const resource of resources.names.filter((name) => foreign(name, apiGroup)))
        for (const subresource of under)
          if (found.length < MAX_NAMED) found.push({ verb, apiGroup, resource, subresource });
  return found;
}
