import assert from 'node:assert/strict';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import { Follower, type FollowerOptions } from '../../../src/controllers/audit-source/follower.ts';
import type { PartitionState } from '../../../src/controllers/audit-source/partition-state.ts';
import { fileRole, receiverRole } from '../../../src/controllers/audit-source/source-role.ts';
import type { DetectedBatch } from '../../../src/engine/index.ts';
import { NO_ERRORS } from '../audit/no-errors.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { until } from '../kube/until.ts';
import { FakeReader } from './fake-reader.ts';

/** A batch up to this offset in which nothing was found. */
function batch(offset: number, caughtUp: boolean): DetectedBatch {
  const counts = {
    lines: 1,
    bytes: 1,
    events: 1,
    skipped: 0,
    oversize: 0,
    salvaged: 0,
    nulBytes: 0,
    errors: NO_ERRORS,
  };
  return {
    batch: { end: { generation: 1, offset }, counts, gaps: [], caughtUp, lastEventTime: undefined },
    gaps: { firstTime: null, gaps: [] },
    detection: { alerts: [], totals: {}, suppressions: {}, ownRequests: 0, correlationLosses: {} },
  };
}

describe('a follower', () => {
  const file = sourceOf({ file: { path: '/log' } });
  const webhook = sourceOf({ webhook: {} });
  let reader: FakeReader;
  let stop: AbortController;
  let saved: number[];
  let failing: boolean;
  beforeEach(() => {
    reader = new FakeReader();
    stop = new AbortController();
    saved = [];
    failing = false;
  });

  function sourceOf(spec: AuditSource['spec']): AuditSource {
    return {
      apiVersion: 'detection.sigma-operator.dev/v1alpha1',
      kind: 'AuditSource',
      metadata: { name: 'main' },
      spec,
    };
  }

  function follow(
    source: AuditSource,
    more: Partial<FollowerOptions> = {},
  ): { follower: Follower; done: Promise<void> } {
    const roles = [fileRole('node'), receiverRole({ journals: '/journals', tokensDir: '/tokens' })];
    const follower = new Follower({
      source,
      spec: roles.map((role) => role.spec(source)).find((spec) => spec !== undefined) ?? assert.fail(),
      partition: 'main/node',
      resume: undefined,
      engine: { open: () => reader },
      own: { username: 'operator', namespace: 'sigma-operator', placeholders: 'none', lookUps: new Set() },
      delivery: { deliver: async () => {}, trouble: undefined },
      save: async ({ checkpoint }: PartitionState) => {
        if (failing) throw new Error('no space');
        saved.push(checkpoint.position.offset);
      },
      primaries: undefined,
      metrics: { batchDone: () => {} },
      tellGap: () => {},
      clock: new FakeClock(),
      logger: new RecordingLogger(),
      ...more,
    });
    return { follower, done: follower.run(stop.signal) };
  }

  async function given(...batches: DetectedBatch[]): Promise<void> {
    for (const one of batches) reader.give(one);
    await until(() => reader.isAsked);
  }

  async function ended(done: Promise<void>): Promise<void> {
    stop.abort();
    await done;
  }

  it('stores positions of a file now and then while nothing matches, and at the end', async () => {
    const { done } = follow(file);
    await given(batch(1, true), batch(2, true), batch(3, true));
    assert.deepEqual(saved, [1]);
    await ended(done);
    assert.deepEqual(saved, [1, 3]);
  });

  it('stores those of a webhook whenever it has caught up: what was delivered waits for that', async () => {
    const { done } = follow(webhook);
    await given(batch(1, true), batch(2, false), batch(3, true));
    assert.deepEqual(saved, [1, 3]);
    assert.deepEqual(reader.released, [1, 3]);
    await ended(done);
  });

  it('releases nothing that is not stored', async () => {
    const { follower, done } = follow(webhook);
    failing = true;
    await given(batch(1, true));
    assert.deepEqual(reader.released, []);
    assert.match(follower.report().message ?? '', /positions cannot be stored: .*no space/);
    failing = false;
    await given(batch(2, true));
    assert.deepEqual(reader.released, [2]);
    await ended(done);
  });

  it('tells a backup how far the other source is, until it ends', async () => {
    const listeners = new Set<() => void>();
    let countedTo = 1;
    const primaries: FollowerOptions['primaries'] = {
      of: (source) => [{ origin: source, countedTo, gaps: [] }],
      onChange: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    const { follower, done } = follow(sourceOf({ webhook: {}, backupFor: 'files' }), { primaries });
    assert.deepEqual(reader.primaries, [{ origin: 'files', countedTo: 1, gaps: [] }]);
    countedTo = 2;
    for (const listener of listeners) listener();
    assert.equal(reader.primaries[0]?.countedTo, 2);
    reader.waiting = 'waits to know';
    assert.equal(follower.report().message, 'waits to know');
    await ended(done);
    assert.equal(listeners.size, 0);
  });
});
