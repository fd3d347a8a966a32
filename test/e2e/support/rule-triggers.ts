import type { ApiRequest } from '../../../dev/control-plane/index.ts';

const CORE = '/api/v1/namespaces/default';
const POD = { apiVersion: 'v1', kind: 'Pod' };

/** Requests that the public rules for kubernetes/audit look for, one for each of them; most are refused, which rules do not mind. */
export function triggers(): readonly ApiRequest[] {
  return [
    create('/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'trigger' },
    }),
    create('/apis/batch/v1/namespaces/default/cronjobs', { apiVersion: 'batch/v1', kind: 'CronJob' }),
    { method: 'DELETE', path: '/apis/apps/v1/namespaces/default/deployments/none' },
    { method: 'DELETE', path: `${CORE}/events/none` },
    create(`${CORE}/pods/none/exec?command=id`),
    create(`${CORE}/pods`, pod({ volumes: [{ name: 'root', hostPath: { path: '/' } }] })),
    create('/api/v1/namespaces/kube-system/pods', pod()),
    { path: `${CORE}/pods?fieldSelector=metadata.name%3D/bin/sh&command=/bin/sh` },
    create(`${CORE}/pods`, pod({}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } })),
    create('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'default' },
    }),
    create('/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
    }),
    { path: `${CORE}/secrets` },
    create(`${CORE}/secrets`, { apiVersion: 'v1', kind: 'Secret' }),
    create(`${CORE}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount' }),
    { method: 'PATCH', path: '/apis/apps/v1/namespaces/default/deployments/none', body: {} },
    { path: `${CORE}/configmaps`, as: 'bob' },
  ];
}

function create(path: string, body: object = {}): ApiRequest {
  return { method: 'POST', path, body };
}

function pod(spec: object = {}, container: object = {}): object {
  const containers = [{ name: 'main', image: 'none.invalid/none', ...container }];
  return { ...POD, metadata: { name: 'trigger' }, spec: { containers, ...spec } };
}
