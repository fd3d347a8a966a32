import assert from 'node:assert/strict';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import { policyHash } from '../../../src/controllers/audit-source/known-logs.ts';
import {
  type AuditSourceStatus,
  type NodeState,
  sourceStatus,
  withoutProgress,
} from '../../../src/controllers/audit-source/source-status.ts';
import type { SourceProgress, SourceReport } from '../../../src/controllers/replica/node-report.ts';
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
  const heard = (lastEvent: string, changes: Partial<SourceReport> = {}) => ({
    partition: partition(1, { events: 1, lastEvent }),
    ...changes,
  });
  const RECENT = '2026-11-24T07:59:59.000000Z';
  const OLD = '2026-11-24T07:49:59.000000Z';
  const SILENT = `Receiving False Silent: All was read, and nothing was logged: two since ${OLD}. An API server always logs something: see whether it runs, and whether its audit options and policy were changed.`;
  const receiving: typeof cases = [
    ['is not read', [unread('one', heard(RECENT))], 'Receiving Unknown NotRead: The log is not read at present.'],
    [
      'cannot be read',
      [node('one', { state: 'Failed' })],
      'Receiving Unknown NotRead: The log is not read at present.',
    ],
    ['has had no event', [node('one')], 'Receiving Unknown NothingYet: No event was read yet.'],
    ['speaks', [node('one', heard(RECENT)), node('two')], 'Receiving True Receiving: Events come in.'],
    ['has been silent for 10 minutes on one node', [node('one', heard(RECENT)), node('two', heard(OLD))], SILENT],
    ['lost its file', [node('two', heard(OLD, { state: 'Waiting' }))], SILENT],
    [
      'is far behind',
      [node('one', heard(OLD, { lagBytes: 1, lagSeconds: 601 }))],
      'Receiving True Receiving: Events come in.',
    ],
    [
      'is at the end, but waits for Alerts to be written',
      [node('one', heard(OLD, { lagSeconds: 601 }))],
      'Receiving True Receiving: Events come in.',
    ],
    [
      'cannot write Alerts',
      [node('one', heard(OLD, { message: 'Alerts cannot be written' }))],
      'Receiving True Receiving: Events come in.',
    ],
  ];
  const missed = (lastGapAt: string, more: Partial<SourceProgress> = {}) =>
    node('one', { partition: partition(1, { gaps: 1, lastGap: 'a file was deleted', lastGapAt, ...more }) });
  const GAP = 'Parts of the log were removed before they were read: 1. The last: one: a file was deleted.';
  const complete: typeof cases = [
    ['had a gap this week', [missed('2026-11-17T08:00:01Z')], `Complete False Gap: ${GAP}`],
    [
      'had a gap a week ago',
      [missed('2026-11-17T08:00:00Z')],
      `Complete True CompleteAgain: Everything that was logged since 2026-11-17 was read. Before: ${GAP}`,
    ],
    [
      'had a gap a week ago, and a torn line since',
      [missed('2026-11-17T08:00:00Z', { unreadable: { torn: 1 }, lastUnreadableAt: '2026-11-20T00:00:00Z' })],
      `Complete False UnreadableLines: ${GAP} Lines that could not be read (torn: 1).`,
    ],
  ];
  for (const [title, nodes, expected] of [...cases, ...receiving, ...complete]) {
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

  it('is complete again once a person has acknowledged what was missed', () => {
    const acknowledged = (at: string, found: string): string => {
      const annotations = { 'detection.sigma-operator.dev/complete-since': at };
      const metadata = { ...source.metadata, annotations };
      return condition(sourceStatus({ ...source, metadata }, [missed(found)], NOW), 'Complete');
    };
    assert.match(acknowledged('2026-11-24T07:00:00Z', '2026-11-24T06:00:00Z'), /^Complete True CompleteAgain: /);
    assert.match(acknowledged('2026-11-24T07:00:00Z', '2026-11-24T07:00:01Z'), /^Complete False Gap: /);
    assert.match(acknowledged('2036-11-24T07:00:00Z', '2026-11-24T08:00:01Z'), /^Complete False Gap: /);
    assert.match(acknowledged('yesterday', '2026-11-24T06:00:00Z'), /^Complete False Gap: /);
  });

  describe('with what was observed', () => {
    const policy = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n';
    const given: AuditSource = { ...source, spec: { ...source.spec, policy } };
    const observing = (
      name: string,
      resources: Readonly<Record<string, Readonly<Record<string, number>>>>,
      hash = policyHash(given),
      since = '2026-11-24T05:00:00.5Z',
    ): NodeState => {
      const { extra, ...rest } = partition(1);
      const observed = {
        policy: hash,
        levels: { current: { since, resources, unlisted: 0 } },
      };
      return node(name, { partition: { ...rest, extra: { ...extra, observed } } });
    };

    it('forgets it with nodes that are gone', () => {
      const old = observing('one', { pods: { get: 1 } }, policyHash(given), '2026-11-20T00:00:00Z');
      assert.equal(sourceStatus(given, [old], NOW).observed, undefined);
    });

    it('lists it, over all nodes', () => {
      const nodes = [
        observing('one', { pods: { get: 1, create: 2 } }),
        observing('two', { pods: { list: 1, patch: 13 } }),
      ];
      assert.deepEqual(sourceStatus(given, nodes, NOW).observed, {
        since: '2026-11-24T05:00:00Z',
        resources: [
          {
            resource: 'pods',
            metadata: ['get', 'list', 'patch'],
            request: ['create'],
            requestResponse: ['patch'],
            withoutBodies: ['create'],
          },
        ],
      });
      assert.equal(sourceStatus(source, [node('one')], NOW).observed, undefined);
    });

    for (const [title, on, nodes, expected] of [
      [
        'nothing was observed',
        given,
        [node('one')],
        'Unknown NothingObserved: No request was observed since the policy was given.',
      ],
      [
        'that was under another policy',
        given,
        [observing('one', { pods: { get: 2 } }, '')],
        'Unknown NothingObserved: No request was observed since the policy was given.',
      ],
      [
        'all is as the policy says',
        given,
        [observing('one', { pods: { get: 1 } })],
        'True Matches: All that was observed was logged as the policy says.',
      ],
      [
        'something is not',
        given,
        [observing('one', { pods: { get: 1, create: 10 } })],
        'False Differs: The API server does not log as spec.policy says: create pods was logged at Request, and the policy says Metadata. See status.policyDifferences.',
      ],
    ] as const) {
      it(`compares it with the policy: ${title}`, () =>
        assert.equal(condition(sourceStatus(on, nodes, NOW), 'PolicyMatches'), `PolicyMatches ${expected}`));
    }

    it('lists what differs, and no longer once the policy is taken away', () => {
      const status = sourceStatus(given, [observing('one', { pods: { create: 10 } })], NOW);
      assert.deepEqual(status.policyDifferences, [
        { operation: 'create pods', observed: 'Request', policy: 'Metadata' },
      ]);
      const after = sourceStatus({ ...source, status }, [node('one')], LATER);
      assert.equal(after.policyDifferences, undefined);
      assert.deepEqual(
        after.conditions?.map(({ type }) => type),
        ['Ready', 'Receiving', 'Complete'],
      );
    });

    it('is bounded', () => {
      const resources = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`r${n}`, { get: 2 }]));
      const status = sourceStatus(given, [observing('one', resources)], NOW);
      assert.equal(status.observed?.resources?.length, 128);
      assert.equal(status.observed.unlisted, 372);
      assert.equal(status.policyDifferences?.length, 32);
    });
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

  describe('of a webhook', () => {
    const webhook: AuditSource = { ...source, spec: { webhook: {} } };
    const intake: NonNullable<SourceReport['intake']> = {
      deliveries: 5,
      accepted: 100,
      duplicates: 3,
      ignored: 0,
      rejected: { unauthenticated: 2, slow: 0 },
      journalBytes: 1000,
      journalLimit: 10_000,
      refusing: undefined,
    };
    const of = (changes: Partial<SourceReport>): AuditSourceStatus =>
      sourceStatus(webhook, [node('receiver', { intake, ...changes })], NOW);
    const ready: readonly [title: string, changes: Partial<SourceReport>, expected: RegExp][] = [
      ['takes deliveries', {}, /^Ready True Receiving: Deliveries are taken\.$/],
      ['waits', { message: 'waits to know' }, /^Ready True Receiving: Deliveries are taken\. waits to know\.$/],
      ['got nothing yet', { state: 'Waiting' }, /^Ready False WaitingForDelivery: Nothing was delivered yet\.$/],
      ['cannot be read', { state: 'Failed', message: 'EACCES: denied' }, /^Ready False Failed: receiver: EACCES/],
      ['is full', { intake: { ...intake, refusing: 'full' } }, /^Ready False Refusing: Deliveries are refused \(429\)/],
      ['cannot write', { intake: { ...intake, refusing: 'failed' } }, /^Ready False Refusing: .* \(503\)/],
    ];
    for (const [title, changes, expected] of ready) {
      it(`says that it ${title}`, () => assert.match(condition(of(changes), 'Ready'), expected));
    }

    it('says what was delivered twice, what was refused, and why nothing is taken', () => {
      const [partition] = of({ intake: { ...intake, refusing: 'full' } }).partitions ?? [];
      assert.deepEqual(
        [partition?.duplicates, partition?.rejected, partition?.refusing],
        [3, { unauthenticated: 2 }, 'full'],
      );
    });

    it('is not written again for each refused request', () => {
      const more = { ...intake, duplicates: 4, rejected: { unauthenticated: 9 } };
      assert.deepEqual(withoutProgress(of({ intake: more })), withoutProgress(of({})));
      const another = { ...intake, rejected: { query: 1 } };
      assert.notDeepEqual(withoutProgress(of({ intake: another })), withoutProgress(of({})));
    });
  });
});
