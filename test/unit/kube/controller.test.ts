import assert from 'node:assert/strict';
import {
  Controller,
  type FinishedReconcile,
  type Reconcile,
  StatusError,
  TerminalError,
} from '../../../src/kube/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { RecordingLogger } from './recording-logger.ts';

function start(
  reconcile: Reconcile,
  options: { workers?: number; waitFor?: readonly { whenSynced(): Promise<void> }[] } = {},
) {
  const clock = new FakeClock();
  const finished: FinishedReconcile[] = [];
  const logger = new RecordingLogger();
  const metrics = { reconcileFinished: (each: FinishedReconcile) => void finished.push(each) };
  const controller = new Controller({ name: 'test', reconcile, clock, metrics, logger, ...options });
  const stop = new AbortController();
  const stopped = controller.run(stop.signal);
  return {
    clock,
    controller,
    finished,
    logger,
    stop: () => stop.abort(),
    stopped,
    outcomes: () => finished.map((each) => each.outcome),
  };
}

describe('Controller', () => {
  it('reconciles the keys it is given', async () => {
    const seen: string[] = [];
    const { controller, outcomes } = start(async (key) => void seen.push(key));
    for (const key of ['a', 'b', 'a']) controller.enqueue(key);
    await settle();
    assert.deepEqual(seen, ['a', 'b']);
    assert.deepEqual(outcomes(), ['success', 'success']);
  });

  it('comes back after the time it was told, once', async () => {
    const times: number[] = [];
    const { controller, clock, outcomes } = start(async () => {
      times.push(clock.monotonic());
      return times.length === 1 ? { requeueAfter: 3000 } : {};
    });
    controller.enqueue('a');
    await clock.advance(10_000);
    assert.deepEqual(times, [0, 3000]);
    assert.deepEqual(outcomes(), ['requeue_after', 'success']);
  });

  it('tries a failed key again, later each time, until it is well', async () => {
    const times: number[] = [];
    const { controller, clock, outcomes, logger } = start(async () => {
      times.push(clock.monotonic());
      if (times.length < 4) throw new Error('not yet');
    });
    controller.enqueue('a');
    await clock.advance(10_000);
    assert.deepEqual(times, [0, 5, 15, 35]);
    assert.deepEqual(outcomes(), ['error', 'error', 'error', 'success']);
    assert.deepEqual(logger.at('error')[0]?.fields, { controller: 'test', key: 'a', error: 'not yet', retries: 1 });
  });

  it('gives up at a terminal error until something changes', async () => {
    let tries = 0;
    const { controller, clock, outcomes } = start(async () => {
      tries++;
      throw new TerminalError('cannot be');
    });
    controller.enqueue('a');
    await clock.advance(10_000_000);
    assert.equal(tries, 1);
    controller.enqueue('a');
    await settle();
    assert.deepEqual(outcomes(), ['terminal', 'terminal']);
  });

  it('does not raise its voice about a conflict', async () => {
    let tries = 0;
    const { controller, clock, logger } = start(async () => {
      if (tries++ === 0) throw new StatusError({ code: 409, reason: 'Conflict' }, { method: 'PUT', path: '/x' });
    });
    controller.enqueue('a');
    await clock.advance(100);
    assert.equal(tries, 2);
    assert.deepEqual(logger.at('error'), []);
    assert.equal(logger.at('debug').length, 1);
  });

  it('never works on one key twice at a time, and on as many keys as it has workers', async () => {
    const inHand = new Set<string>();
    let most = 0;
    const { controller, clock } = start(
      async (key) => {
        assert.ok(!inHand.has(key));
        inHand.add(key);
        most = Math.max(most, inHand.size);
        await clock.sleep(10);
        inHand.delete(key);
      },
      { workers: 3 },
    );
    for (let round = 0; round < 5; round++) {
      for (const key of ['a', 'b', 'c', 'd', 'e']) controller.enqueue(key);
      await clock.advance(7);
    }
    await clock.advance(1000);
    assert.equal(most, 3);
    assert.equal(controller.running, 0);
  });

  it('waits for its stores', async () => {
    const synced = Promise.withResolvers<void>();
    const seen: string[] = [];
    const { controller } = start(async (key) => void seen.push(key), {
      waitFor: [{ whenSynced: () => synced.promise }],
    });
    controller.enqueue('a');
    await settle();
    assert.deepEqual(seen, []);
    synced.resolve();
    await settle();
    assert.deepEqual(seen, ['a']);
  });

  it('stops: tells the reconciles under way, waits for them, and drops the rest', async () => {
    const seen: string[] = [];
    const { controller, stop, stopped, finished, logger } = start(async (key, signal) => {
      seen.push(key);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopping'))));
    });
    for (const key of ['a', 'b']) controller.enqueue(key);
    await settle();
    stop();
    await stopped;
    assert.deepEqual(seen, ['a']);
    assert.deepEqual(finished, []);
    assert.deepEqual(logger.lines, []);
  });
});
