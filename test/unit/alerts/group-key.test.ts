import assert from 'node:assert/strict';
import { type GroupDimension, groupingOf, groupKey as keyBy } from '../../../src/alerts/index.ts';
import type { AuditEvent } from '../../../src/audit/index.ts';
import { auditEvent } from './audit-records.ts';

const CRONJOB = {
  kind: 'object',
  cronJob: '',
  apiGroup: 'batch',
  resource: 'cronjobs',
  namespace: 'shop',
  name: 'nightly',
  path: '',
};

const groupKey = (event: AuditEvent, cluster: string, groupBy?: readonly GroupDimension[]) =>
  keyBy(event, cluster, groupingOf(groupBy));

describe('group key', () => {
  it('of a person is the object, without its subresource', () => {
    const event = auditEvent();
    const status = auditEvent({ objectRef: { ...event.objectRef, subresource: 'status' } });
    assert.deepEqual(groupKey(event, 'prod'), {
      cluster: 'prod',
      actor: 'alice',
      impersonated: undefined,
      operation: 'change',
      outcome: 'Allowed',
      target: CRONJOB,
    });
    assert.deepEqual(groupKey(status, 'prod'), groupKey(event, 'prod'));
  });

  for (const [username, name] of [
    ['alice', 'nightly'],
    ['oidc:system:admin', 'nightly'],
    ['system:serviceaccount:flux-system:kustomize-controller', ''],
    ['system:kube-controller-manager', ''],
    ['system:node:worker-1', ''],
    ['system:anonymous', ''],
  ] as const) {
    it(`of ${username} names ${name === '' ? 'the namespace' : 'the object'}`, () => {
      assert.deepEqual(groupKey(auditEvent({ user: { username } }), '').target, { ...CRONJOB, name });
    });
  }

  it('of a failed authentication has no user and spans the namespace', () => {
    const key = groupKey(auditEvent({ user: {}, responseStatus: { code: 401 } }), '');
    assert.equal(key.actor, '(unauthenticated)');
    assert.equal(key.outcome, 'Denied');
    assert.equal(key.target.name, '');
  });

  it('tells who acted, and as whom', () => {
    const key = groupKey(auditEvent({ impersonatedUser: { username: 'system:admin' } }), '');
    assert.equal(key.actor, 'alice');
    assert.equal(key.impersonated, 'system:admin');
    assert.equal(key.target.name, 'nightly');
  });

  it('of a path that is no resource is the path, for people only, so that nobody can make up targets', () => {
    const { objectRef: _, ...event } = auditEvent({ verb: 'get', requestURI: '/version?timeout=5s' });
    assert.equal(groupKey(event, '').target.path, '/version');
    assert.equal(groupKey({ ...event, user: { username: 'system:anonymous' } }, '').target.path, '');
  });

  describe('by the dimensions that a rule asks for', () => {
    const NONE = { kind: 'any', apiGroup: '', resource: '', namespace: '', name: '', cronJob: '', path: '' } as const;
    const ANYBODY = {
      cluster: 'c',
      actor: undefined,
      impersonated: undefined,
      operation: undefined,
      outcome: undefined,
    };
    const controller = auditEvent({ user: { username: 'system:serviceaccount:flux-system:kustomize-controller' } });
    for (const [groupBy, expected] of [
      [[], { ...ANYBODY, target: NONE }],
      [['Actor'], { ...ANYBODY, actor: 'alice', target: NONE }],
      [['Operation', 'Outcome'], { ...ANYBODY, operation: 'change', outcome: 'Allowed', target: NONE }],
      [['Namespace'], { ...ANYBODY, target: { ...NONE, namespace: 'shop' } }],
      [['Resource'], { ...ANYBODY, target: { ...NONE, kind: 'object', apiGroup: 'batch', resource: 'cronjobs' } }],
      [['Object'], { ...ANYBODY, target: CRONJOB }],
    ] as const) {
      it(groupBy.join(', ') || 'none', () => assert.deepEqual(groupKey(auditEvent(), 'c', groupBy), expected));
    }

    it('Object: of service accounts, too', () => {
      assert.equal(groupKey(controller, '', ['Object']).target.name, 'nightly');
      assert.equal(groupKey(controller, '').target.name, '');
    });

    it('Actor: as whom belongs to who', () => {
      const event = auditEvent({ impersonatedUser: { username: 'bob' } });
      assert.equal(groupKey(event, '', ['Actor']).impersonated, 'bob');
      assert.equal(groupKey(event, '', ['Object']).impersonated, undefined);
    });
  });
});
