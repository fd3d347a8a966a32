import assert from 'node:assert/strict';
import { Backoff } from '../../../src/kube/backoff.ts';
import { Deadline } from '../../../src/kube/deadline.ts';
import { realClock, TokenBucket } from '../../../src/kube/index.ts';
import { formatMicroTime } from '../../../src/kube/micro-time.ts';
import { FakeClock } from './fake-clock.ts';

describe('formatMicroTime', () => {
  const cases: readonly [number, string][] = [
    [0, '1970-01-01T00:00:00.000000Z'],
    [Date.UTC(2026, 0, 1, 12) + 7, '2026-01-01T12:00:00.007000Z'],
    [1.5, '1970-01-01T00:00:00.001500Z'],
    [1.0004, '1970-01-01T00:00:00.001000Z'],
  ];
  for (const [milliseconds, expected] of cases)
    it(`says ${expected}`, () => assert.equal(formatMicroTime(milliseconds), expected));
});

describe('TokenBucket', () => {
  it('lets a burst through, then keeps its rate, and fills up again', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket({ qps: 10, burst: 2 }, clock);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => bucket.reserve()),
      [0, 0, 100, 200],
    );
  });

  it('never keeps more than the burst', async () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket({ qps: 10, burst: 2 }, clock);
    await clock.advance(60_000);
    assert.deepEqual(
      [1, 2, 3].map(() => bucket.reserve()),
      [0, 0, 100],
    );
  });

  it('gets a token back from a wait that is given up', async () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket({ qps: 1, burst: 1 }, clock);
    await bucket.take();
    const controller = new AbortController();
    const waiting = assert.rejects(bucket.take(controller.signal), /enough/);
    controller.abort(new Error('enough'));
    await waiting;
    assert.equal(bucket.reserve(), 1000);
  });

  it('refuses a rate that lets nothing through', () => {
    for (const rate of [
      { qps: 0, burst: 1 },
      { qps: 1, burst: 0 },
      { qps: Number.NaN, burst: 1 },
    ]) {
      assert.throws(() => new TokenBucket(rate, new FakeClock()), RangeError);
    }
  });
});

describe('Backoff', () => {
  it('doubles up to its limit, is stretched at random, and starts anew after a while', async () => {
    const clock = new FakeClock();
    const backoff = new Backoff({ initial: 10, max: 30, resetAfter: 1000 }, clock, () => 0.5);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => backoff.next()),
      [15, 30, 45, 45],
    );
    await clock.advance(1001);
    assert.equal(backoff.next(), 15);
  });
});

describe('Deadline', () => {
  it('fires when its time is over, but not when it was cleared or started anew', async () => {
    const clock = new FakeClock();
    const deadline = new Deadline(clock, 1000);
    await clock.advance(900);
    deadline.restart(1000);
    await clock.advance(900);
    assert.equal(deadline.signal.aborted, false);
    await clock.advance(100);
    assert.equal(deadline.expired, true);
    const cleared = new Deadline(clock, 1000);
    cleared.clear();
    await clock.advance(2000);
    assert.equal(cleared.signal.aborted, false);
    assert.equal(clock.pendingTimers, 0);
  });

  it('follows its parent, which is no expiry', () => {
    const parent = new AbortController();
    const deadline = new Deadline(new FakeClock(), 1000, parent.signal);
    parent.abort(new Error('enough'));
    assert.equal(deadline.signal.reason, parent.signal.reason);
    assert.equal(deadline.expired, false);
    assert.equal(new Deadline(new FakeClock(), 1000, parent.signal).signal.aborted, true);
  });
});

describe('realClock', () => {
  it('waits, and stops waiting when it is told to', async () => {
    await realClock.sleep(1);
    await assert.rejects(realClock.sleep(60_000, AbortSignal.abort(new Error('enough'))), /enough/);
    const controller = new AbortController();
    const waiting = assert.rejects(realClock.sleep(60_000, controller.signal), /later/);
    controller.abort(new Error('later'));
    await waiting;
  });

  it('does not take a time beyond the limit of timers for none', async () => {
    let fired = false;
    const timer = realClock.setTimer(2 ** 40, () => {
      fired = true;
    });
    await realClock.sleep(5);
    timer.cancel();
    assert.equal(fired, false);
  });
});
