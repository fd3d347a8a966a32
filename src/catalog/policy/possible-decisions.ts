import { coversResource, decisionOf, type PolicyDecision } from './level-for.ts';
import type { AuditPolicy, AuditPolicyRule, GroupResources } from './policy.ts';

/** Requests as an audit policy sees them, as far as their names are certain; what is undefined may be anything. */
export interface PolicyQuestion {
  readonly isResource: boolean;
  readonly verb?: string;
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly subresource?: string;
  /** One of these; the empty one for none. */
  readonly namespaces?: readonly string[];
  /** One of these. */
  readonly usernames?: readonly string[];
}

type Match = 'no' | 'maybe' | 'yes';

const EVERYBODY = ['system:authenticated', 'system:unauthenticated'];

/**
 * Everything that an audit policy may decide for some requests, over all who may send them and all names that they may have. `authenticated` is whether
 * authentication succeeded, be it as system:anonymous.
 */
export function possibleDecisions(
  policy: AuditPolicy,
  asked: PolicyQuestion,
  authenticated: boolean,
): readonly PolicyDecision[] {
  const decisions: PolicyDecision[] = [];
  for (const [index, rule] of policy.rules.entries()) {
    const match = matches(rule, asked, authenticated);
    if (match !== 'no') decisions.push(decisionOf(policy, index));
    if (match === 'yes') return decisions;
  }
  return [...decisions, decisionOf(policy, -1)];
}

function matches(rule: AuditPolicyRule, asked: PolicyQuestion, authenticated: boolean): Match {
  const { users, userGroups, verbs, namespaces, resources, nonResourceURLs } = rule;
  const tests: Match[] = [];
  if (users.length > 0) tests.push(authenticated ? allAmong(users, asked.usernames) : 'no');
  if (userGroups.length > 0) tests.push(authenticated ? matchesGroups(userGroups) : 'no');
  if (verbs.length > 0) tests.push(isAmong(verbs, asked.verb));
  if (namespaces.length > 0 || resources.length > 0) {
    if (!asked.isResource) return 'no';
    if (namespaces.length > 0) tests.push(allAmong(namespaces, asked.namespaces));
    if (resources.length > 0) tests.push(matchesResources(rule, asked));
  } else if (nonResourceURLs.length > 0) {
    tests.push(asked.isResource ? 'no' : nonResourceURLs.includes('*') ? 'yes' : 'maybe');
  }
  if (tests.includes('no')) return 'no';
  return tests.includes('maybe') ? 'maybe' : 'yes';
}

/** Whoever is authenticated, also as system:anonymous, is in one of two groups. */
function matchesGroups(groups: readonly string[]): Match {
  return EVERYBODY.every((group) => groups.includes(group)) ? 'yes' : 'maybe';
}

function isAmong(names: readonly string[], name: string | undefined): Match {
  return allAmong(names, name === undefined ? undefined : [name]);
}

function allAmong(names: readonly string[], asked: readonly string[] | undefined): Match {
  if (asked === undefined) return 'maybe';
  if (asked.every((name) => names.includes(name))) return 'yes';
  return asked.some((name) => names.includes(name)) ? 'maybe' : 'no';
}

function matchesResources({ resources }: AuditPolicyRule, asked: PolicyQuestion): Match {
  const matches = resources.map((entry): Match => {
    const match = matchesEntry(entry, asked);
    return match === 'yes' && entry.resourceNames.length > 0 ? 'maybe' : match;
  });
  if (matches.includes('yes')) return 'yes';
  return matches.includes('maybe') ? 'maybe' : 'no';
}

function matchesEntry(entry: GroupResources, { apiGroup, resource, subresource }: PolicyQuestion): Match {
  if (apiGroup !== undefined && resource !== undefined && subresource !== undefined)
    return coversResource(entry, { apiGroup, resource, subresource }) ? 'yes' : 'no';
  const group = entry.group === '*' ? 'yes' : isAmong([entry.group], apiGroup);
  if (group === 'no') return 'no';
  const whole = entry.resources.length === 0 || entry.resources.includes('*');
  const under = resource !== undefined && entry.resources.includes(`${resource}/*`);
  return whole || under ? group : 'maybe';
}
