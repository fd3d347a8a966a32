import assert from 'node:assert/strict';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import type { Gap, SourceStatus } from '../../../src/audit/index.ts';
import { Follower, type FollowerOptions } from '../../../src/controllers/audit-source/follower.ts';
import { gapEvent } from '../../../src/controllers/audit-source/gap-event.ts';
import type { PartitionState } from '../../../src/controllers/audit-source/partition-state.ts';
import type { ReaderState } from '../../../src/engine/detection-engine.ts';
import type { DetectedBatch, PartitionReader } from '../../../src/engine/index.ts';
import { NO_ERRORS } from '../audit/no-errors.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';

const COUNTS = { lines: 0, bytes: 0, events: 0, skipped: 0, oversize: 0, salvaged: 0, nulBytes: 0, errors: NO_ERRORS };
const LEVELS = { current: { since: '2026-11-24T05:00:00Z', resources: { pods: { get: 1 } }, unlisted: 0 } };
const SOURCE: AuditSource = {
  apiVersion: 'detection.sigma-operator.dev/v1alpha1',
  kind: 'AuditSource',
  metadata: { name: 'kube-apiserver', uid: 'u-1' },
  spec: { file: { path: '/var/log/audit.log' } },
};
const GAP: Gap = {
  reason: 'Deleted',
  from: { generation: 1, offset: 1 },
  to: { generation: 2, offset: 0 },
  fromTime: '2026-11-24T05:00:00Z',
  toTime: '2026-11-24T06:00:00Z',
};

/** Gives the batches that it is told to, and remembers what it was opened with. */
class FakeEngine {
  readonly opened: Parameters<FollowerOptions['engine']['open']>[0][] = [];
  status: SourceStatus = {
    path: '',
    state: 'Following',
    position: { generation: 1, offset: 0 },
    lagBytes: 0,
    lastEventTime: undefined,
    file: undefined,
    errors: [],
  };
  #batches: DetectedBatch[] = [];

  gives(...batches: readonly Partial<DetectedBatch['batch']>[]): void {
    const detection = { alerts: [], totals: {}, suppressions: {}, ownRequests: 0, correlationLosses: {} };
    this.#batches = batches.map((batch, index) => ({
      batch: {
        end: { generation: 1, offset: index + 1 },
        counts: COUNTS,
        gaps: [],
        caughtUp: true,
        lastEventTime: undefined,
        ...batch,
      },
      gaps: { firstTime: null, gaps: [] },
      detection,
    }));
  }

  open(spec: Parameters<FollowerOptions['engine']['open']>[0]): PartitionReader {
    this.opened.push(spec);
    const state: ReaderState['stored'] = {
      checkpoint: { position: { generation: 1, offset: 1 }, files: [], floor: 0 },
      stages: { startsLogged: false },
      observed: LEVELS,
    };
    return {
      next: async () => this.#batches.shift(),
      state: async () => ({ stored: { ...state, correlations: '{}' }, published: state }),
      release: () => {},
      setPrimaries: () => {},
      status: () => this.status,
      stop: () => {},
      close: async () => {},
    };
  }
}

describe('what a follower reports', () => {
  const clock = new FakeClock(Date.parse('2026-11-24T08:00:00Z'));
  const follow = async (engine: FakeEngine, options: Partial<FollowerOptions> = {}) => {
    const [saved, told]: [PartitionState[], string[]] = [[], []];
    const follower = new Follower({
      source: SOURCE,
      spec: { kind: 'file', path: '/var/log/audit.log', startAt: 'End' },
      primaries: undefined,
      partition: 'kube-apiserver/node-1',
      resume: undefined,
      engine,
      own: { username: '', namespace: '', placeholders: '', lookUps: new Set() },
      delivery: { deliver: async () => {}, trouble: undefined },
      save: async (state) => void saved.push(state),
      metrics: { batchDone: () => {} },
      tellGap: (source, partition, gap) => void told.push(gapEvent(source, partition, gap).note),
      clock,
      logger: new RecordingLogger(),
      ...options,
    });
    await follower.run(new AbortController().signal);
    return { follower, saved, told };
  };

  it('tells of each part of the log that is missing, and when that was found', async () => {
    const engine = new FakeEngine();
    engine.gives({ gaps: [GAP] });
    const { told, follower } = await follow(engine);
    assert.deepEqual(told, [
      'kube-apiserver/node-1: part of the audit log is missing: a file, or a part of the journal, was removed before it was read to its end, between 2026-11-24T05:00:00Z and 2026-11-24T06:00:00Z.',
    ]);
    const { progress } = follower.report().partition?.extra ?? assert.fail();
    assert.deepEqual([progress.gaps, progress.lastGapAt], [1, '2026-11-24T08:00:00Z']);
  });

  it('makes an Event of it about the AuditSource', () => {
    const { regarding, type, reason } = gapEvent(SOURCE, 'p', GAP);
    assert.deepEqual(
      [regarding.kind, regarding.name, regarding.uid, type, reason],
      ['AuditSource', 'kube-apiserver', 'u-1', 'Warning', 'AuditLogGap'],
    );
  });

  it('reports how far it is behind in time, and how much it read in a minute', async () => {
    const engine = new FakeEngine();
    engine.gives({ lastEventTime: '2026-11-24T07:58:00Z', counts: { ...COUNTS, events: 3, skipped: 4 } });
    const { follower } = await follow(engine);
    assert.deepEqual([follower.report().lagSeconds, follower.report().eventsPerMinute], [0, 7]);
    engine.status = { ...engine.status, lagBytes: 10 };
    assert.equal(follower.report().lagSeconds, 120);
    engine.status = { ...engine.status, lagBytes: 0, position: { generation: 1, offset: 5 } };
    assert.equal(follower.report().lagSeconds, 120, 'it was read, and is not counted yet');
    const silent = await follow(new FakeEngine());
    assert.equal(silent.follower.report().lagSeconds, undefined);
  });

  it('goes on with what was observed of audit levels, and anew where another policy is given', async () => {
    const engine = new FakeEngine();
    engine.gives({});
    const { saved, follower } = await follow(engine);
    const [state] = saved;
    assert.ok(state !== undefined);
    assert.deepEqual(state.extra.observed, { policy: '', levels: LEVELS });
    assert.deepEqual(follower.report().partition?.extra.observed, { policy: '', levels: LEVELS });
    const policy = 'rules: [{level: Metadata}]';
    await follow(engine, { resume: state });
    await follow(engine, { resume: state, source: { ...SOURCE, spec: { ...SOURCE.spec, policy } } });
    assert.deepEqual(
      engine.opened.map(({ resume }) => resume?.observed),
      [undefined, LEVELS, undefined],
    );
  });
});
