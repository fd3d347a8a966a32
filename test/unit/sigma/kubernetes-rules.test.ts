import assert from 'node:assert/strict';
import { evaluate } from '../../../src/sigma/index.ts';
import { compiled } from './support/compiled.ts';
import { readKubernetesRule } from './support/corpus.ts';

function ref(resource: string, rest: object = {}): object {
  return { objectRef: { resource, apiVersion: 'v1', namespace: 'default', name: 'x', ...rest } };
}

/** For each of the public rules a raw audit event at which it fires, and one like it at which it does not. */
const CASES: Readonly<Record<string, readonly [fires: object, silent: object]>> = {
  change_admission_controller: [
    { verb: 'update', ...ref('mutatingwebhookconfigurations', { apiGroup: 'admissionregistration.k8s.io' }) },
    { verb: 'get', ...ref('mutatingwebhookconfigurations', { apiGroup: 'admissionregistration.k8s.io' }) },
  ],
  cronjob_modification: [
    { verb: 'patch', ...ref('cronjobs', { apiGroup: 'batch' }) },
    { verb: 'patch', ...ref('cronjobs', { apiGroup: 'example.com' }) },
  ],
  deployment_deleted: [
    { verb: 'delete', ...ref('deployments', { apiGroup: 'apps' }) },
    { verb: 'create', ...ref('deployments', { apiGroup: 'apps' }) },
  ],
  events_deleted: [
    { verb: 'delete', ...ref('events') },
    { verb: 'delete', ...ref('pods') },
  ],
  exec_into_container: [
    { verb: 'create', ...ref('pods', { subresource: 'exec' }) },
    { verb: 'create', ...ref('pods', { subresource: 'attach' }) },
  ],
  hostpath_mount: [
    {
      verb: 'create',
      ...ref('pods'),
      requestObject: { spec: { volumes: [{ emptyDir: {} }, { hostPath: { path: '/' } }] } },
    },
    { verb: 'create', ...ref('pods'), requestObject: { spec: { volumes: [{ emptyDir: {} }] } } },
  ],
  pod_in_system_namespace: [
    { verb: 'create', ...ref('pods', { namespace: 'kube-system' }) },
    { verb: 'create', ...ref('pods') },
  ],
  potential_enumeration_activity: [
    {
      verb: 'create',
      requestURI: '/api/v1/namespaces/default/pods/x/exec?command=%2Fbin%2Fbash&stdin=true',
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
      responseStatus: { code: 101 },
    },
    {
      verb: 'create',
      requestURI: '/api/v1/namespaces/default/pods/x/exec?command=%2Fbin%2Fbash&stdin=true',
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
      responseStatus: { code: 403 },
    },
  ],
  privileged_pod_creation: [
    {
      verb: 'create',
      ...ref('pods'),
      requestObject: { spec: { initContainers: [{ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] } },
    },
    {
      verb: 'create',
      ...ref('pods'),
      requestObject: { spec: { containers: [{ securityContext: { capabilities: { add: [], drop: ['ALL'] } } }] } },
    },
  ],
  rbac_permisions_listing: [
    { verb: 'create', ...ref('selfsubjectrulesreviews', { apiGroup: 'authorization.k8s.io' }) },
    { verb: 'create', ...ref('selfsubjectaccessreviews', { apiGroup: 'authorization.k8s.io' }) },
  ],
  rolebinding_modification: [
    { verb: 'create', ...ref('rolebindings', { apiGroup: 'rbac.authorization.k8s.io' }) },
    { verb: 'create', ...ref('roles', { apiGroup: 'rbac.authorization.k8s.io' }) },
  ],
  secrets_enumeration: [
    { verb: 'list', ...ref('secrets') },
    { verb: 'get', ...ref('secrets') },
  ],
  secrets_modified_or_deleted: [
    { verb: 'update', ...ref('secrets') },
    { verb: 'list', ...ref('secrets') },
  ],
  serviceaccount_creation: [
    { verb: 'create', ...ref('serviceaccounts') },
    { verb: 'create', ...ref('secrets') },
  ],
  sidecar_injection: [
    { verb: 'patch', ...ref('deployments', { apiGroup: 'apps' }) },
    { verb: 'patch', ...ref('deployments', { apiGroup: 'example.com' }) },
  ],
  unauthorized_unauthenticated_actions: [
    { verb: 'get', ...ref('pods'), responseStatus: { code: 403 } },
    { verb: 'get', ...ref('pods'), responseStatus: { code: 404 } },
  ],
};

describe('the sixteen public rules for kubernetes/audit', () => {
  for (const [name, [fires, silent]] of Object.entries(CASES)) {
    it(`${name} fires on a raw event`, () => {
      const rule = compiled(readKubernetesRule(name));
      assert.equal(rule.appliesToKubernetesAudit, true);
      assert.equal(evaluate(rule.plan, fires), 'match');
      assert.equal(evaluate(rule.plan, silent), 'no-match');
    });
  }
});
