import type { AuditPolicy, AuditPolicyRule } from './policy.ts';

/** A policy as YAML that kube-apiserver reads. `comments`, by index of the rule, are lines for people in front of the rules. */
export function printAuditPolicy(policy: AuditPolicy, comments: readonly (readonly string[])[] = []): string {
  const lines = ['apiVersion: audit.k8s.io/v1', 'kind: Policy'];
  if (policy.omitStages.length > 0) lines.push(`omitStages: ${list(policy.omitStages)}`);
  if (policy.omitManagedFields) lines.push('omitManagedFields: true');
  lines.push('rules:');
  for (const [index, rule] of policy.rules.entries()) {
    for (const comment of comments[index] ?? []) lines.push(`  # ${oneLine(comment)}`);
    lines.push(...printRule(rule));
  }
  return `${lines.join('\n')}\n`;
}

function printRule(rule: AuditPolicyRule): readonly string[] {
  const fields = [`level: ${rule.level}`];
  for (const key of ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceURLs', 'omitStages'] as const)
    if (rule[key].length > 0) fields.push(`${key}: ${list(rule[key])}`);
  if (rule.omitManagedFields !== undefined) fields.push(`omitManagedFields: ${rule.omitManagedFields}`);
  if (rule.resources.length > 0) fields.push('resources:');
  for (const { group, resources, resourceNames } of rule.resources) {
    const parts = [`group: ${scalar(group)}`];
    if (resources.length > 0) parts.push(`resources: ${list(resources)}`);
    if (resourceNames.length > 0) parts.push(`resourceNames: ${list(resourceNames)}`);
    fields.push(...parts.map((part, i) => `${i === 0 ? '  - ' : '    '}${part}`));
  }
  return fields.map((field, i) => `${i === 0 ? '  - ' : '    '}${field}`);
}

function list(values: readonly string[]): string {
  return `[${values.map(scalar).join(', ')}]`;
}

/** Plain where that cannot be read as anything else, else as JSON, which is YAML. */
function scalar(text: string): string {
  return /^[A-Za-z][A-Za-z0-9./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

/** A comment must not end before its line does. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
