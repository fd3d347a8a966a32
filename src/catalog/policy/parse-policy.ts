import { createDiagnostic, type Diagnostic, readYaml } from '../../sigma/index.ts';
import {
  AUDIT_LEVELS,
  AUDIT_STAGES,
  type AuditLevel,
  type AuditPolicy,
  type AuditPolicyRule,
  type GroupResources,
} from './policy.ts';
import { POLICY_DIAGNOSTICS } from './policy-diagnostics.ts';
import { PolicyReader } from './policy-reader.ts';

export type ParsePolicyResult =
  | { readonly ok: true; readonly policy: AuditPolicy; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

const LIMITS = Object.freeze({ maxSourceBytes: 1024 * 1024 });
const POLICY_FIELDS = ['apiVersion', 'kind', 'metadata', 'rules', 'omitStages', 'omitManagedFields'];
const RULE_FIELDS = [
  'level',
  'users',
  'userGroups',
  'verbs',
  'resources',
  'namespaces',
  'nonResourceURLs',
  'omitStages',
  'omitManagedFields',
];
const GROUP_FIELDS = ['group', 'resources', 'resourceNames'];
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Reads a Policy of audit.k8s.io/v1 from YAML or JSON. What kube-apiserver refuses is refused here, and duplicate keys besides; what it ignores is a
 * warning. Never throws on bad input.
 */
export function parseAuditPolicy(text: string): ParsePolicyResult {
  const { source, documents, errors } = readYaml(text, LIMITS);
  if (errors.length > 0) return { ok: false, errors };
  const [root] = documents;
  if (documents.length !== 1 || root?.kind !== 'mapping') {
    const { severity, remedy } = POLICY_DIAGNOSTICS.NotAPolicy;
    const message = documents.length > 1 ? `The text holds ${documents.length} documents.` : 'The text is no map.';
    const what = { code: 'NotAPolicy', severity, message, remedy, path: '' };
    return { ok: false, errors: [createDiagnostic(source, what, source.place(0))] };
  }
  const diagnostics: Diagnostic[] = [];
  const policy = readPolicy(new PolicyReader(root, source, diagnostics));
  const failed = diagnostics.filter(({ severity }) => severity === 'error');
  return failed.length > 0 ? { ok: false, errors: failed } : { ok: true, policy, warnings: diagnostics };
}

function readPolicy(reader: PolicyReader): AuditPolicy {
  const apiVersion = reader.text('apiVersion');
  const kind = reader.text('kind');
  if (apiVersion !== 'audit.k8s.io/v1' || kind !== 'Policy')
    reader.report(
      'NotAPolicy',
      reader.node(kind === 'Policy' ? 'apiVersion' : 'kind'),
      `This is ${kind ?? 'no kind'} of ${apiVersion ?? 'no version'}.`,
    );
  reader.knowsOnly(POLICY_FIELDS);
  const omitStages = reader.choices('omitStages', AUDIT_STAGES, 'UnknownStage');
  const omitManagedFields = reader.flag('omitManagedFields') ?? false;
  let unreachableAfter: number | undefined;
  const rules = reader.maps('rules', (rule, index) => {
    const read = readRule(rule);
    if (unreachableAfter !== undefined)
      rule.report('UnreachableRule', undefined, `rules[${unreachableAfter}] matches every request.`);
    else if (matchesEverything(read)) unreachableAfter = index;
    return read;
  });
  const node = reader.node('rules');
  if (node === undefined || (node.kind === 'sequence' && node.items.length === 0))
    reader.report('NoRules', node, 'There are no rules.', 'rules');
  return Object.freeze({ omitStages, omitManagedFields, rules: Object.freeze(rules) });
}

function readRule(reader: PolicyReader): AuditPolicyRule {
  reader.knowsOnly(RULE_FIELDS);
  const resources = reader.maps('resources', readGroupResources);
  const namespaces = reader.texts('namespaces');
  const nonResourceURLs = reader.texts('nonResourceURLs', (url, node) => {
    if (url !== '*' && !/^\/[^*]*\*?$/.test(url))
      reader.report('InvalidURL', node, `${JSON.stringify(url)} is no such path.`, 'nonResourceURLs');
  });
  if (nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0))
    reader.report(
      'MixedRule',
      reader.node('nonResourceURLs'),
      'The rule has nonResourceURLs beside resources or namespaces.',
      'nonResourceURLs',
    );
  const omitManagedFields = reader.flag('omitManagedFields');
  return Object.freeze({
    level: readLevel(reader),
    users: reader.texts('users'),
    userGroups: reader.texts('userGroups'),
    verbs: reader.texts('verbs'),
    resources: Object.freeze(resources),
    namespaces,
    nonResourceURLs,
    omitStages: reader.choices('omitStages', AUDIT_STAGES, 'UnknownStage'),
    ...(omitManagedFields === undefined ? {} : { omitManagedFields }),
  });
}

function readLevel(reader: PolicyReader): AuditLevel {
  const text = reader.text('level') ?? '';
  const level = AUDIT_LEVELS.find((name) => name === text);
  if (level !== undefined) return level;
  const node = reader.node('level');
  if (text === '') reader.report('MissingLevel', node, 'The rule has no level.', 'level');
  else reader.report('UnknownLevel', node, `${JSON.stringify(text)} is none of ${AUDIT_LEVELS.join(', ')}.`, 'level');
  return 'None';
}

function readGroupResources(reader: PolicyReader): GroupResources {
  reader.knowsOnly(GROUP_FIELDS);
  const group = reader.text('group') ?? '';
  if (group !== '' && group !== '*' && !DNS_SUBDOMAIN.test(group))
    reader.report('InvalidGroup', reader.node('group'), `${JSON.stringify(group)} is no API group.`, 'group');
  const resources = reader.texts('resources');
  const resourceNames = reader.texts('resourceNames');
  if (resourceNames.length > 0 && resources.length === 0)
    reader.report(
      'ResourceNamesAlone',
      reader.node('resourceNames'),
      'resourceNames need at least one resource.',
      'resourceNames',
    );
  return Object.freeze({ group, resources, resourceNames });
}

function matchesEverything({
  users,
  userGroups,
  verbs,
  resources,
  namespaces,
  nonResourceURLs,
}: AuditPolicyRule): boolean {
  return [users, userGroups, verbs, resources, namespaces, nonResourceURLs].every((list) => list.length === 0);
}
