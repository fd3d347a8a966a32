import assert from 'node:assert/strict';
import { groupingOf, groupKey } from '../../../src/alerts/index.ts';
import type { AuditEvent } from '../../../src/audit/index.ts';
import { auditEvent } from './audit-records.ts';

const CONTROLLER = 'system:serviceaccount:kube-system:cronjob-controller';
const OWNER = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', controller: true };
const objectRef = {
  resource: 'jobs',
  namespace: 'shop',
  name: 'nightly-29913133',
  apiGroup: 'batch',
  apiVersion: 'v1',
};
const jobOwnedBy = (owner: object): object => ({ kind: 'Job', metadata: { ownerReferences: [owner] } });

/** The CronJob under which a request counts, or the object itself. */
function target(changes: Partial<AuditEvent>): string {
  const event = auditEvent({ user: { username: CONTROLLER }, verb: 'create', objectRef, ...changes });
  const { cronJob, name } = groupKey(event, '', groupingOf(['Actor', 'Object'])).target;
  return cronJob === '' ? name : `CronJob ${cronJob}`;
}

describe('a Job of a CronJob, where groups are by object', () => {
  const cases: readonly (readonly [string, Partial<AuditEvent>, string])[] = [
    ['the controller makes it', {}, 'CronJob nightly'],
    ['the controller removes it', { verb: 'delete' }, 'CronJob nightly'],
    [
      'the controller manager makes it as itself',
      { user: { username: 'system:kube-controller-manager' } },
      'CronJob nightly',
    ],
    ['its body names the CronJob', { responseObject: jobOwnedBy(OWNER) }, 'CronJob report'],
    ['its request names the CronJob', { requestObject: jobOwnedBy(OWNER) }, 'CronJob report'],
    ['the answer to a delete is no Job', { verb: 'delete', responseObject: { kind: 'Status' } }, 'CronJob nightly'],
  ];
  for (const [what, changes, expected] of cases) {
    it(`counts under it: ${what}`, () => assert.equal(target(changes), expected));
  }

  const body = { responseObject: jobOwnedBy(OWNER), requestObject: jobOwnedBy(OWNER) };
  const alone: readonly (readonly [string, Partial<AuditEvent>])[] = [
    ['a person makes it and names an owner', { user: { username: 'alice' }, ...body }],
    ['another service account does', { user: { username: 'system:serviceaccount:shop:cronjob-controller' }, ...body }],
    ['a user with nearly the same name does', { user: { username: `${CONTROLLER}x` }, ...body }],
    ['the controller acts as somebody else', { impersonatedUser: { username: 'alice' }, ...body }],
    [
      'somebody acts as the controller',
      { user: { username: 'alice' }, impersonatedUser: { username: CONTROLLER }, ...body },
    ],
    ['its body names no owner', { responseObject: { kind: 'Job', metadata: {} } }],
    ['its owner is not its controller', { responseObject: jobOwnedBy({ ...OWNER, controller: false }) }],
    ['its owner is something else', { responseObject: jobOwnedBy({ ...OWNER, kind: 'Workflow' }) }],
    ['its status is written', { verb: 'update', objectRef: { ...objectRef, subresource: 'status' } }],
    ['it is changed', { verb: 'patch', ...body }],
  ];
  for (const [what, changes] of alone) {
    it(`counts by itself: ${what}`, () => assert.equal(target(changes), 'nightly-29913133'));
  }

  it('counts by itself where its name is not one that the controller gives', () => {
    assert.equal(target({ objectRef: { ...objectRef, name: 'backfill' } }), 'backfill');
  });
});
