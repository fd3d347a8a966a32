import type { AuditLevel, AuditPolicy, AuditPolicyRule, GroupResources, PolicyStage } from './policy.ts';
import type { PolicyRequest, PolicyResource } from './request.ts';

/** What an audit policy makes of a request. */
export interface PolicyDecision {
  readonly level: AuditLevel;
  /** The stages that are not logged, those of the policy included. */
  readonly omitStages: readonly PolicyStage[];
  readonly omitManagedFields: boolean;
  /** Index of the rule that decided; absent where none matches and nothing is logged. */
  readonly rule?: number;
}

/**
 * The level at which kube-apiserver logs a request: the first rule that matches decides, and where none does, nothing is logged. All comparisons are exact
 * and mind case, as kube-apiserver's are (k8s.io/apiserver/pkg/audit/policy).
 */
export function levelFor(policy: AuditPolicy, request: PolicyRequest): PolicyDecision {
  const index = policy.rules.findIndex((rule) => ruleMatches(rule, request));
  return decisionOf(policy, index);
}

/** What the rule at an index decides; at -1, what is decided where no rule matches. */
export function decisionOf(policy: AuditPolicy, index: number): PolicyDecision {
  const rule = policy.rules[index];
  const { omitStages, omitManagedFields } = policy;
  if (rule === undefined) return { level: 'None', omitStages, omitManagedFields };
  return {
    level: rule.level,
    omitStages: [...new Set([...omitStages, ...rule.omitStages])],
    omitManagedFields: rule.omitManagedFields ?? omitManagedFields,
    rule: index,
  };
}

function ruleMatches(rule: AuditPolicyRule, request: PolicyRequest): boolean {
  const { user, verb, resource, path } = request;
  if (rule.users.length > 0 && !(user !== undefined && rule.users.includes(user.name))) return false;
  if (rule.userGroups.length > 0 && user?.groups.some((group) => rule.userGroups.includes(group)) !== true)
    return false;
  if (rule.verbs.length > 0 && !rule.verbs.includes(verb)) return false;
  if (rule.namespaces.length > 0 || rule.resources.length > 0)
    return resource !== undefined && resourceMatches(rule, resource);
  if (rule.nonResourceURLs.length > 0) return resource === undefined && matchesPath(rule.nonResourceURLs, path);
  return true;
}

function resourceMatches(rule: AuditPolicyRule, resource: PolicyResource): boolean {
  if (rule.namespaces.length > 0 && !rule.namespaces.includes(resource.namespace)) return false;
  return (
    rule.resources.length === 0 ||
    rule.resources.some((entry) => coversResource(entry, resource) && coversName(entry, resource.name))
  );
}

/** Whether an entry of a rule is about a resource, whatever its name. */
export function coversResource(
  { group, resources }: GroupResources,
  { apiGroup, resource, subresource }: Pick<PolicyResource, 'apiGroup' | 'resource' | 'subresource'>,
): boolean {
  if (group !== apiGroup && group !== '*') return false;
  if (resources.length === 0) return true;
  const path = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some(
    (entry) =>
      entry === '*' ||
      entry === path ||
      (subresource !== '' && entry === `*/${subresource}`) ||
      entry === `${resource}/*`,
  );
}

/** An entry without resources names no objects either. */
function coversName({ resources, resourceNames }: GroupResources, name: string): boolean {
  return resources.length === 0 || resourceNames.length === 0 || resourceNames.includes(name);
}

/** Whether a path is among the URLs of a rule: `*`, the path itself, or a beginning of it with `*` behind it. */
function matchesPath(urls: readonly string[], path: string): boolean {
  return urls.some(
    (url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''))),
  );
}
