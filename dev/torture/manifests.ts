import type { AuditPolicy, User } from '../control-plane/index.ts';

export const NAMESPACE = 'torture';
export const MARKER_NAMESPACE = 'torture-marker';
/** Its own rules, besides the CronJob/Job rule of the base. */
export const RULES = Object.freeze({
  shipped: 'kubernetes-audit-cronjob-modification',
  configuration: 'torture-configuration',
  refused: 'torture-refused',
  watching: 'torture-watching',
  marker: 'torture-marker',
});

/** Leaves out of `RULES.configuration` what bob deletes. */
export const FILTER = 'torture-known';

/** alice and bob may do everything in the namespace, and alice act as bob; carol nothing; olga looks after Alerts. */
export const USERS: readonly User[] = [
  { name: 'alice', groups: ['torturers'] },
  { name: 'bob', groups: ['torturers'] },
  { name: 'carol' },
  { name: 'olga' },
];

/** ServiceAccounts in the namespace; `intruder` may do nothing. */
export const ACCOUNTS = ['robot', 'intruder'] as const;

/** Bodies where the rules' names need them (generateName), and so that the log grows fast. */
export const POLICY: AuditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  rules: [
    { level: 'None', users: ['sigma-operator:control-plane-launcher'] },
    { level: 'RequestResponse', resources: [{ group: 'batch' }], omitStages: ['RequestReceived'] },
    { level: 'Metadata', omitStages: ['RequestReceived'] },
  ],
};

/** What the torture needs besides the operator's own installation. */
export function manifests(): string {
  const namespaces = [NAMESPACE, MARKER_NAMESPACE].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const accounts = ACCOUNTS.map((name) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: NAMESPACE },
  }));
  const marker = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'marker', namespace: MARKER_NAMESPACE } };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [...namespaces, ...accounts, marker, ...accessRules(), ...detectionRules(), detectionFilter()],
  });
}

function accessRules(): readonly object[] {
  const user = (name: string) => ({ apiGroup: RBAC, kind: 'User', name });
  const impersonator = [
    { apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['bob'] },
    { apiGroups: [''], resources: ['groups'], verbs: ['impersonate'], resourceNames: ['torturers'] },
  ];
  const torturer = [
    { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['*'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] },
  ];
  const torturers = { apiGroup: RBAC, kind: 'Group', name: 'torturers' };
  const robot = { kind: 'ServiceAccount', name: 'robot', namespace: NAMESPACE };
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: 'torturer' }, rules: torturer },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: 'torture-impersonator' }, rules: impersonator },
    binding('ClusterRoleBinding', 'torture-impersonators', 'torture-impersonator', [user('alice')]),
    binding('ClusterRoleBinding', 'torture-triagers', 'detections-triager', [user('olga')]),
    binding('RoleBinding', 'torturers', 'torturer', [torturers, robot]),
  ];
}

const RBAC = 'rbac.authorization.k8s.io';

function binding(kind: string, name: string, role: string, subjects: readonly object[]): object {
  const metadata = kind === 'RoleBinding' ? { name, namespace: NAMESPACE } : { name };
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: role };
  return { apiVersion: `${RBAC}/v1`, kind, metadata, roleRef, subjects };
}

/** `recount.ts` knows these rules a second time, by itself. */
function detectionRules(): readonly object[] {
  const configMaps = { 'objectRef.resource': 'configmaps' };
  return [
    rule(
      RULES.configuration,
      { ...configMaps, 'objectRef.namespace': NAMESPACE, verb: ['create', 'update', 'patch', 'delete'] },
      { groupBy: ['Actor', 'Outcome'] },
    ),
    rule(RULES.refused, {
      'requestURI|startswith': `/api/v1/namespaces/${NAMESPACE}/configmaps`,
      'responseStatus.code': [401, 403, 404, 409],
    }),
    rule(RULES.watching, { ...configMaps, 'objectRef.namespace': NAMESPACE, verb: 'watch' }),
    rule(RULES.marker, { ...configMaps, 'objectRef.namespace': MARKER_NAMESPACE, verb: 'patch' }),
  ];
}

/** `recount.ts` knows it a second time, too. */
function detectionFilter(): object {
  const sigma = {
    title: 'What bob deletes',
    logsource: { product: 'kubernetes', service: 'audit' },
    filter: {
      rules: [RULES.configuration],
      selection: { 'user.username|cased': 'bob', 'impersonatedUser|exists': false, verb: 'delete' },
      condition: 'not selection',
    },
  };
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionFilter',
    metadata: { name: FILTER },
    spec: { owner: 'torture', reason: 'known', sigma: JSON.stringify(sigma, undefined, 2) },
  };
}

function rule(name: string, selection: object, alert: object = {}): object {
  const sigma = {
    title: `Rule ${name}`,
    logsource: { product: 'kubernetes', service: 'audit' },
    detection: { selection, condition: 'selection' },
    level: 'low',
  };
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'DetectionRule',
    metadata: { name },
    // JSON is YAML.
    spec: { sigma: JSON.stringify(sigma, undefined, 2), alert: { events: 'None', ...alert } },
  };
}
