import type { DimensionValue, RequestKind } from '../events/requests.ts';
import { coversResource, decisionOf, type PolicyDecision } from './level-for.ts';
import type { AuditPolicy, AuditPolicyRule, GroupResources } from './policy.ts';

type Match = 'no' | 'maybe' | 'yes';

const EVERYBODY = ['system:authenticated', 'system:unauthenticated'];

/**
 * Everything that an audit policy may decide for a kind of request, over all who may send it and all names that it may have. What is known of the kind are
 * its names as kube-apiserver has them; what is undefined, or only fits a pattern, may be anything. `authenticated` is whether authentication succeeded,
 * be it as system:anonymous.
 */
export function possibleDecisions(
  policy: AuditPolicy,
  kind: RequestKind,
  authenticated: boolean,
): readonly PolicyDecision[] {
  const decisions: PolicyDecision[] = [];
  for (const [index, rule] of policy.rules.entries()) {
    const match = matches(rule, kind, authenticated);
    if (match !== 'no') decisions.push(decisionOf(policy, index));
    if (match === 'yes') return decisions;
  }
  return [...decisions, decisionOf(policy, -1)];
}

function matches(rule: AuditPolicyRule, kind: RequestKind, authenticated: boolean): Match {
  const { users, userGroups, verbs, namespaces, resources, nonResourceURLs } = rule;
  const tests: Match[] = [];
  if (users.length > 0) tests.push(authenticated ? isAmong(users, kind.username) : 'no');
  if (userGroups.length > 0) tests.push(authenticated ? matchesGroups(userGroups) : 'no');
  if (verbs.length > 0) tests.push(isAmong(verbs, kind.verb));
  if (namespaces.length > 0 || resources.length > 0) {
    if (!kind.isResource) return 'no';
    if (namespaces.length > 0) tests.push(isAmong(namespaces, kind.namespace));
    if (resources.length > 0) tests.push(matchesResources(rule, kind));
  } else if (nonResourceURLs.length > 0) {
    tests.push(kind.isResource ? 'no' : nonResourceURLs.includes('*') ? 'yes' : 'maybe');
  }
  if (tests.includes('no')) return 'no';
  return tests.includes('maybe') ? 'maybe' : 'yes';
}

/** Whoever is authenticated, also as system:anonymous, is in one of two groups. */
function matchesGroups(groups: readonly string[]): Match {
  return EVERYBODY.every((group) => groups.includes(group)) ? 'yes' : 'maybe';
}

function isAmong(names: readonly string[], value: DimensionValue | undefined): Match {
  if (typeof value !== 'string') return 'maybe';
  return names.includes(value) ? 'yes' : 'no';
}

function matchesResources({ resources }: AuditPolicyRule, kind: RequestKind): Match {
  const matches = resources.map((entry): Match => {
    const match = matchesEntry(entry, kind);
    return match === 'yes' && entry.resourceNames.length > 0 ? 'maybe' : match;
  });
  if (matches.includes('yes')) return 'yes';
  return matches.includes('maybe') ? 'maybe' : 'no';
}

function matchesEntry(entry: GroupResources, { apiGroup, resource, subresource }: RequestKind): Match {
  if (typeof apiGroup === 'string' && typeof resource === 'string' && typeof subresource === 'string')
    return coversResource(entry, { apiGroup, resource, subresource }) ? 'yes' : 'no';
  const group = entry.group === '*' ? 'yes' : isAmong([entry.group], apiGroup);
  if (group === 'no') return 'no';
  const whole = entry.resources.length === 0 || entry.resources.includes('*');
  const under = typeof resource === 'string' && entry.resources.includes(`${resource}/*`);
  return whole || under ? group : 'maybe';
}
