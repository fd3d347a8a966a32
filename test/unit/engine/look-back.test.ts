import assert from 'node:assert/strict';
import { FileSource } from '../../../src/audit/index.ts';
import type { PartitionSpec, ResumePoint } from '../../../src/engine/detection-engine.ts';
import { type DetectedBatch, LocalEngine, type PartitionReader } from '../../../src/engine/index.ts';
import { type LookBackLimits, lookBack } from '../../../src/engine/look-back.ts';
import { RunningRules } from '../../../src/engine/running-rules.ts';
import { realClock } from '../../../src/kube/index.ts';
import { LogDirectory } from '../audit/log-directory.ts';
import { runnableRule } from './rules.ts';

const MINUTE = 60 * 1e6;
const OWN = { username: 'operator', namespace: 'sigma-operator', placeholders: 'p', lookUps: new Set<string>() };
const MANY = {
  ...runnableRule('many'),
  text: {
    ...runnableRule('many').text,
    sigma: `title: Many
correlation:
  type: event_count
  rules: [one]
  group-by: [user.username]
  timespan: 10m
  condition: { gte: 3 }
---
title: One
name: one
logsource: { product: kubernetes, service: audit }
detection: { selection: { verb: create }, condition: selection }
`,
  },
};

describe('a replica that takes over without what correlations remember', () => {
  let log: LogDirectory;
  let readers: PartitionReader[];
  beforeEach(() => {
    log = new LogDirectory();
    readers = [];
  });
  afterEach(async () => {
    for (const reader of readers) await reader.close();
    log.remove();
  });

  async function open(resume?: ResumePoint): Promise<PartitionReader> {
    const engine = new LocalEngine({ expired: async (alerts) => alerts.map(() => false) });
    assert.deepEqual(await engine.setRules({ set: [MANY], remove: [] }), []);
    const source = { kind: 'file', path: log.path, startAt: 'Beginning' } as const;
    const reader = engine.open({ source, resume, cluster: '', own: OWN } satisfies PartitionSpec);
    readers.push(reader);
    return reader;
  }

  const fired = ({ detection }: DetectedBatch): number => detection.alerts.flatMap(({ hits }) => hits).length;

  async function next(reader: PartitionReader): Promise<DetectedBatch> {
    return (await reader.next()) ?? assert.fail('it was stopped');
  }

  /** What the Lease carries of what was read. */
  async function published(reader: PartitionReader): Promise<ResumePoint> {
    const state = await reader.state({ files: 32, requests: 500 });
    return JSON.parse(JSON.stringify(state?.published));
  }

  it('counts what came before, over a rotation, and fires when the condition begins to hold', async () => {
    log.events('a');
    log.compress(log.rotate());
    log.stepClock(MINUTE);
    log.events('b');
    const first = await open();
    assert.equal(fired(await next(first)), 0);
    const resume = await published(first);
    assert.equal(resume.correlations, undefined);
    log.stepClock(MINUTE);
    log.events('c');
    const second = await open(resume);
    const batch = await next(second);
    assert.equal(fired(batch), 1);
    assert.equal(batch.lookedBack?.isWhole, true);
    assert.ok((batch.lookedBack?.bytes ?? 0) > 0);
  });

  it('does not fire again where the condition held already', async () => {
    log.events('a', 'b', 'c');
    const first = await open();
    assert.equal(fired(await next(first)), 1);
    const resume = await published(first);
    log.stepClock(MINUTE);
    log.events('d');
    assert.equal(fired(await next(await open(resume))), 0);
    // Without looking back, the three that come now would be taken for the beginning.
    log.stepClock(MINUTE);
    log.events('e', 'f');
    assert.equal(fired(await next(await open(resume))), 0);
  });

  it('reads nothing again where it remembers', async () => {
    log.events('a', 'b');
    const first = await open();
    await next(first);
    const state = await first.state({ files: 32, requests: 500 });
    log.events('c');
    const batch = await next(await open(JSON.parse(JSON.stringify(state?.stored))));
    assert.equal(fired(batch), 1);
    assert.equal(batch.lookedBack, undefined);
  });

  it('reads again where what it remembered is damaged', async () => {
    log.events('a', 'b');
    const first = await open();
    await next(first);
    const state = await first.state({ files: 32, requests: 500 });
    assert.ok(state);
    log.events('c');
    for (const correlations of ['{', 'null', '1']) {
      const batch = await next(await open({ ...state.stored, correlations }));
      assert.equal(fired(batch), 1);
      assert.equal(batch.lookedBack?.isWhole, true);
    }
  });

  it('reads no further back than can matter', async () => {
    log.events(...Array.from({ length: 100 }, (_, index) => `old-${index}`));
    log.stepClock(120 * MINUTE);
    log.events('a', 'b');
    const first = await open();
    await next(first);
    const resume = await published(first);
    log.stepClock(MINUTE);
    log.events('c');
    const batch = await next(await open(resume));
    assert.equal(fired(batch), 1);
    assert.ok((batch.lookedBack?.bytes ?? 0) < 2000, String(batch.lookedBack?.bytes));
  });

  describe('looks back in bounds', () => {
    async function bounded(limits: LookBackLimits, signal = new AbortController().signal) {
      log.events('a', 'b', 'c');
      const rules = new RunningRules();
      rules.change({ set: [MANY], remove: [] });
      const first = await open();
      await next(first);
      const resume = await published(first);
      const source = new FileSource({
        path: log.path,
        resume: resume.checkpoint,
        limits: { batch: { records: 1, bytes: 1 } },
      });
      const options = { source, rules: rules.inForce(), cluster: '', own: OWN, signal, clock: realClock, limits };
      return await lookBack(resume.checkpoint, options);
    }

    it('of bytes', async () => {
      const remembered = await bounded({ bytes: 1, time: 60_000 });
      assert.equal(remembered?.lookedBack.isWhole, false);
      assert.deepEqual(remembered.correlations, {});
      assert.equal((await bounded({ bytes: 1e6, time: 60_000 }))?.lookedBack.isWhole, true);
    });

    it('of time, or until it is stopped', async () => {
      assert.equal((await bounded({ bytes: 1e6, time: 60_000 }, AbortSignal.abort()))?.lookedBack.isWhole, false);
    });
  });

  it('gives nothing, and so stores nothing, where it is stopped meanwhile', async () => {
    log.events('a', 'b');
    const first = await open();
    await next(first);
    const resume = await published(first);
    log.events('c');
    const second = await open(resume);
    const batch = second.next();
    second.stop();
    assert.equal(await batch, undefined);
    assert.equal(await second.state({ files: 1, requests: 1 }), undefined);
  });
});
