import assert from 'node:assert/strict';
import { isOwnRequest } from '../../../src/alerts/index.ts';
import type { AuditEvent, ObjectReference } from '../../../src/audit/index.ts';
import { auditEvent } from './audit-records.ts';

const ME = 'system:serviceaccount:sigma-operator:sigma-operator';
const OWN = {
  username: ME,
  namespace: 'sigma-operator',
  placeholders: 'sigma-placeholders',
  lookUps: new Set(['cronjobs.batch']),
  hasExpired: (alert: string, at: number) => alert === 'old' && at === Date.parse('2026-11-24T05:48:24.739583Z'),
};
const GROUP = 'detection.sigma-operator.dev';

const own: readonly (readonly [string, ObjectReference])[] = [
  ['create', { resource: 'alerts', apiGroup: GROUP }],
  ['get', { resource: 'alerts', apiGroup: GROUP, name: 'a' }],
  ['watch', { resource: 'alerts', apiGroup: GROUP }],
  ['delete', { resource: 'alerts', apiGroup: GROUP, name: 'old' }],
  ['update', { resource: 'alerts', apiGroup: GROUP, name: 'a', subresource: 'status' }],
  ['patch', { resource: 'detectionrules', apiGroup: GROUP, name: 'a', subresource: 'status' }],
  ['watch', { resource: 'detectionfilters', apiGroup: GROUP }],
  ['patch', { resource: 'detectionfilters', apiGroup: GROUP, name: 'a', subresource: 'status' }],
  ['create', { resource: 'events', apiGroup: 'events.k8s.io', namespace: 'shop' }],
  ['update', { resource: 'leases', apiGroup: 'coordination.k8s.io', namespace: 'sigma-operator', name: 'leader' }],
  ['get', { resource: 'cronjobs', apiGroup: 'batch', namespace: 'shop', name: 'nightly' }],
  ['watch', { resource: 'configmaps', namespace: 'sigma-operator', name: 'sigma-placeholders' }],
];

const foreign: readonly (readonly [string, string, ObjectReference, Partial<AuditEvent>?])[] = [
  ['deletes an Alert whose time has not come', 'delete', { resource: 'alerts', apiGroup: GROUP, name: 'a' }],
  ['deletes all Alerts', 'deletecollection', { resource: 'alerts', apiGroup: GROUP }],
  ['patches an Alert', 'patch', { resource: 'alerts', apiGroup: GROUP, name: 'a' }],
  ['changes a rule', 'update', { resource: 'detectionrules', apiGroup: GROUP, name: 'a' }],
  ['removes a filter', 'delete', { resource: 'detectionfilters', apiGroup: GROUP, name: 'a' }],
  [
    'takes a Lease elsewhere',
    'update',
    { resource: 'leases', apiGroup: 'coordination.k8s.io', namespace: 'kube-system' },
  ],
  ['reads another ConfigMap', 'list', { resource: 'configmaps', namespace: 'sigma-operator', name: 'other' }],
  ['reads all ConfigMaps', 'list', { resource: 'configmaps', namespace: 'sigma-operator' }],
  ['reads a ConfigMap elsewhere', 'watch', { resource: 'configmaps', namespace: 'shop', name: 'sigma-placeholders' }],
  [
    'changes its placeholders',
    'patch',
    { resource: 'configmaps', namespace: 'sigma-operator', name: 'sigma-placeholders' },
  ],
  ['reads a secret', 'get', { resource: 'secrets', namespace: 'shop', name: 'x' }],
  ['looks up what it is not told to', 'get', { resource: 'jobs', apiGroup: 'batch', namespace: 'shop', name: 'x' }],
  ['changes a CronJob', 'patch', { resource: 'cronjobs', apiGroup: 'batch', namespace: 'shop', name: 'nightly' }],
  ['creates an Event of the core group', 'create', { resource: 'events', namespace: 'shop' }],
];

describe('own requests', () => {
  for (const [verb, objectRef] of own) {
    it(`are recognised: ${verb} ${objectRef.resource}`, () => {
      assert.equal(isOwnRequest(auditEvent({ user: { username: ME }, verb, objectRef }), OWN), true);
      assert.equal(isOwnRequest(auditEvent({ user: { username: 'mallory' }, verb, objectRef }), OWN), false);
    });
  }

  for (const [what, verb, objectRef] of foreign) {
    it(`are not: the operator's identity ${what}`, () => {
      assert.equal(isOwnRequest(auditEvent({ user: { username: ME }, verb, objectRef }), OWN), false);
    });
  }

  it('are not those that somebody makes as somebody else', () => {
    const [verb, objectRef] = own[0] ?? assert.fail();
    const impersonating = { user: { username: ME }, impersonatedUser: { username: 'alice' }, verb, objectRef };
    assert.equal(isOwnRequest(auditEvent(impersonating), OWN), false);
    const impersonated = { user: { username: 'alice' }, impersonatedUser: { username: ME }, verb, objectRef };
    assert.equal(isOwnRequest(auditEvent(impersonated), OWN), false);
  });
});
