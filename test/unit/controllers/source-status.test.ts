import assert from 'node:assert/strict';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import {
  type AuditSourceStatus,
  type NodeState,
  sourceStatus,
  withoutProgress,
} from '../../../src/controllers/audit-source/source-status.ts';
import type { SourceReport } from '../../../src/controllers/replica/node-report.ts';
import { nodeReport, partition } from './reports.ts';

const NOW = '2026-11-24T08:00:00Z';
const LATER = '2026-11-24T09:00:00Z';

describe('the status of an AuditSource', () => {
  const source: AuditSource = {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'AuditSource',
    metadata: { name: 'kube-apiserver', generation: 3 },
    spec: { file: { path: '/var/log/audit.log' } },
  };
  const node = (
    name: string,
    changes: Partial<SourceReport> = {},
    holder: string | undefined = `${name}-a`,
  ): NodeState => ({
    report: nodeReport(name, changes),
    holder,
  });
  const unread = (name: string, changes: Partial<SourceReport> = {}): NodeState => ({
    report: nodeReport(name, changes),
    holder: undefined,
  });
  const condition = (status: AuditSourceStatus, wanted: string): string => {
    const { type, status: value, reason, message } = status.conditions?.find((each) => each.type === wanted) ?? {};
    return `${type} ${value} ${reason}: ${message}`;
  };

  const cases: readonly [title: string, nodes: readonly NodeState[], expected: string][] = [
    ['nobody follows', [], 'Ready False NoReplica: No replica of the operator follows this source.'],
    [
      'nobody follows any more',
      [unread('one')],
      'Ready False NoReplica: No replica of the operator follows this source.',
    ],
    ['is followed', [node('one')], 'Ready True Following: Followed on 1 of 1 nodes.'],
    [
      'is read from its backups',
      [node('one', { state: 'Draining' })],
      'Ready True Following: Followed on 1 of 1 nodes.',
    ],
    [
      'waits for its file everywhere',
      [node('one', { state: 'Waiting' }), node('two', { state: 'Waiting' })],
      'Ready False WaitingForFile: The file does not exist yet, or has no event yet, on one, two.',
    ],
    [
      'waits for its file on one node of two',
      [node('one'), node('two', { state: 'Waiting' })],
      'Ready True Following: Followed on 1 of 2 nodes. Waiting for the file on two.',
    ],
    [
      'cannot be read on one node of two',
      [node('one'), node('two', { state: 'Failed', message: 'EACCES: permission denied' })],
      'Ready False Failed: two: EACCES: permission denied',
    ],
    ['is complete', [node('one')], 'Complete True Complete: Everything that was logged was read.'],
    [
      'has lines that nobody can read, on two nodes',
      [
        node('one', { partition: partition(1, { unreadable: { 'invalid-json': 2 } }) }),
        unread('two', { partition: partition(1, { unreadable: { 'invalid-json': 1, torn: 1 } }) }),
      ],
      'Complete False UnreadableLines: Lines that could not be read (invalid-json: 3, torn: 1).',
    ],
    [
      'has a gap, and lines that nobody can read',
      [node('one', { partition: partition(1, { gaps: 2, lastGap: 'a file was deleted', unreadable: { torn: 1 } }) })],
      'Complete False Gap: Parts of the log were removed before they were read: 2. The last: one: a file was deleted. Lines that could not be read (torn: 1).',
    ],
  ];
  for (const [title, nodes, expected] of cases) {
    it(`says of one that ${title}: ${expected}`, () => {
      const status = sourceStatus(source, nodes, NOW);
      assert.equal(condition(status, expected.slice(0, expected.indexOf(' '))), expected);
      assert.equal(status.observedGeneration, 3);
    });
  }

  it('has a partition for every node, those that are read first, and sums', () => {
    const lastEvent = '2026-11-24T07:59:59.000000Z';
    const nodes = [
      unread('alpha', { partition: partition(10, { events: 5 }) }),
      node('beta', { lagBytes: 7, partition: partition(20, { events: 6, lastEvent, oversize: 1 }) }),
      node('gamma', { partition: partition(30, { events: 1, lastEvent: '2026-11-24T07:00:00.000000Z' }) }),
    ];
    const status = sourceStatus(source, nodes, NOW);
    assert.equal(status.events, 12);
    assert.equal(status.lastEvent, lastEvent);
    assert.deepEqual(
      status.partitions?.map((each) => each.node),
      ['beta', 'gamma', 'alpha'],
    );
    assert.deepEqual(status.partitions?.[0], {
      node: 'beta',
      replica: 'beta-a',
      state: 'Following',
      position: '1:20',
      lagBytes: 7,
      events: 6,
      lastEvent,
      oversize: 1,
    });
    assert.equal(status.partitions?.[2]?.replica, undefined);
  });

  it('knows a node that does not follow this source, and one that has read nothing yet', () => {
    const other: NodeState = { report: { node: 'one', sources: {} }, holder: 'a' };
    const fresh: NodeState = {
      report: { node: 'two', sources: { 'kube-apiserver': { state: 'Waiting', lagBytes: 0 } } },
      holder: 'b',
    };
    assert.deepEqual(sourceStatus(source, [other, fresh], NOW).partitions, [
      { node: 'two', replica: 'b', state: 'Waiting', lagBytes: 0, events: 0 },
    ]);
  });

  it('is bounded, whatever is reported', () => {
    const nodes = Array.from({ length: 100 }, (_, n) =>
      node(`node-${n}`, { state: 'Failed', message: 'x'.repeat(5000) }),
    );
    const { partitions = [], conditions = [] } = sourceStatus(source, nodes, NOW);
    assert.equal(partitions.length, 64);
    assert.ok(partitions.every(({ message = '' }) => message.length <= 1024));
    assert.ok(conditions.every(({ message }) => message.length <= 4096));
  });

  it('says the same again without a new time, and without its progress where only that changed', () => {
    const before = sourceStatus(source, [node('one')], NOW);
    const now = { ...source, status: before };
    assert.deepEqual(sourceStatus(now, [node('one')], LATER), before);
    const first = sourceStatus(now, [node('one', { partition: partition(200, { events: 1 }) })], LATER);
    assert.notDeepEqual(withoutProgress(first), withoutProgress(before));
    const later = sourceStatus(now, [node('one', { lagBytes: 9, partition: partition(500, { events: 4 }) })], LATER);
    assert.notDeepEqual(later, first);
    assert.deepEqual(withoutProgress(later), withoutProgress(first));
    const damaged = sourceStatus(now, [node('one', { partition: partition(500, { unreadable: { torn: 1 } }) })], LATER);
    assert.notDeepEqual(withoutProgress(damaged), withoutProgress(before));
    assert.deepEqual(withoutProgress(undefined), { partitions: [] });
  });
});
