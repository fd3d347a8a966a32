import assert from 'node:assert/strict';
import { evaluate, KUBERNETES_AUDIT_MAPPING, type Verdict } from '../../../src/sigma/index.ts';
import { auditRuleOf, compiled, ruleOf } from './support/compiled.ts';

function verdict(detection: string, event: object): Verdict {
  return evaluate(compiled(auditRuleOf(`sel:\n  ${detection}\ncondition: sel`)).plan, event);
}

const POD = {
  volumes: [{ hostPath: { path: '/etc', type: 'Directory' } }],
  containers: [{ securityContext: { privileged: true } }],
};

describe('the field mapping for kubernetes/audit', () => {
  const renamed = [
    ['apiGroup: apps', { objectRef: { apiGroup: 'apps' } }],
    ['resource: pods', { objectRef: { resource: 'pods' } }],
    ['subresource: exec', { objectRef: { subresource: 'exec' } }],
    ['namespace: default', { objectRef: { namespace: 'default' } }],
    ['username: alice', { user: { username: 'alice' } }],
    ['responseStatus.code: ALLOW', { annotations: { 'authorization.k8s.io/decision': 'allow' } }],
    ['responseStatus.code: forbid', { annotations: { 'authorization.k8s.io/decision': 'forbid' } }],
    ['responseStatus.code: [ALLOW, 403]', { responseStatus: { code: 403 } }],
  ] as const;
  for (const [detection, event] of renamed) {
    it(`finds ${detection}`, () => {
      assert.equal(verdict(detection, event), 'match');
      assert.equal(verdict(detection, {}), 'no-match');
    });
  }

  const bodies = {
    'a Pod': { spec: POD },
    'a Deployment, DaemonSet, StatefulSet, ReplicaSet or Job': { spec: { template: { spec: POD } } },
    'a CronJob': { spec: { jobTemplate: { spec: { template: { spec: POD } } } } },
    'a PodTemplate': { template: { spec: POD } },
  };
  for (const [kind, requestObject] of Object.entries(bodies)) {
    it(`looks into ${kind}`, () => {
      assert.equal(verdict("hostPath: '*'", { verb: 'create', requestObject }), 'match');
      assert.equal(verdict('hostPath: /etc', { verb: 'update', requestObject }), 'match');
      assert.equal(verdict('privileged: true', { verb: 'create', requestObject }), 'match');
      assert.equal(verdict('hostPath: null', { verb: 'create', requestObject }), 'no-match');
    });
  }

  for (const containers of ['containers', 'initContainers', 'ephemeralContainers']) {
    it(`looks into ${containers}`, () => {
      const requestObject = {
        spec: { [containers]: [{}, { securityContext: { capabilities: { add: ['NET_RAW', 'SYS_PTRACE'] } } }] },
      };
      assert.equal(verdict('capabilities: SYS_PTRACE', { verb: 'create', requestObject }), 'match');
      assert.equal(verdict('capabilities: SYS_ADMIN', { verb: 'create', requestObject }), 'no-match');
    });
  }

  it('reads the object that a patch made, not the patch', () => {
    const event = { verb: 'patch', requestObject: { spec: POD }, responseObject: { spec: { volumes: [] } } };
    assert.equal(verdict("hostPath: '*'", event), 'no-match');
    assert.equal(verdict("hostPath: '*'", { ...event, responseObject: { spec: POD } }), 'match');
    assert.equal(verdict("hostPath: '*'", { verb: 'patch', requestObject: [{ op: 'add' }] }), 'no-match');
    assert.equal(verdict("hostPath: '*'", { verb: 'create', responseObject: { spec: POD } }), 'no-match');
  });

  it('takes null for an empty union', () => {
    assert.equal(verdict('capabilities: null', {}), 'match');
    const none = { spec: { containers: [{ securityContext: { capabilities: { add: [] } } }, {}] } };
    assert.equal(verdict('capabilities: null', { verb: 'create', requestObject: none }), 'match');
    const one = { spec: { containers: [{}], initContainers: [{ securityContext: { capabilities: { add: ['X'] } } }] } };
    assert.equal(verdict('capabilities: null', { verb: 'create', requestObject: one }), 'no-match');
  });

  it('lets a field of that very name win', () => {
    assert.equal(verdict('apiGroup: apps', { apiGroup: 'apps', objectRef: { apiGroup: 'batch' } }), 'match');
    assert.equal(verdict('apiGroup: batch', { apiGroup: 'apps', objectRef: { apiGroup: 'batch' } }), 'no-match');
  });

  it('reaches the other side of a field comparison', () => {
    assert.equal(
      verdict('namespace|fieldref: username', { objectRef: { namespace: 'a' }, user: { username: 'A' } }),
      'match',
    );
  });

  it('lists the mapped paths as the tested fields', () => {
    const { testedFields } = compiled(
      auditRuleOf('sel: { apiGroup: a, verb: b, responseStatus.code: ALLOW }\ncondition: sel'),
    );
    assert.deepEqual(testedFields, ['annotations.authorization.k8s.io/decision', 'objectRef.apiGroup', 'verb']);
    const { testedFields: body } = compiled(auditRuleOf("sel: { hostPath: '*' }\ncondition: sel"));
    assert(
      body.includes('requestObject.spec.volumes.hostPath') && body.includes('responseObject.spec.volumes.hostPath'),
    );
  });

  it('can be switched off, and is off for rules of other products', () => {
    const event = { objectRef: { apiGroup: 'apps' } };
    const rule = auditRuleOf('sel: { apiGroup: apps }\ncondition: sel');
    assert.equal(evaluate(compiled(rule, { mapping: 'none' }).plan, event), 'no-match');
    const other = ruleOf('sel: { apiGroup: apps }\ncondition: sel');
    assert.equal(evaluate(compiled(other).plan, event), 'no-match');
    assert.equal(evaluate(compiled(other, { mapping: KUBERNETES_AUDIT_MAPPING }).plan, event), 'match');
  });
});
