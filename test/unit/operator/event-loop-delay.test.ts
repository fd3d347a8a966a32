import assert from 'node:assert/strict';
import { observeEventLoopDelay } from '../../../src/operator/event-loop-delay.ts';
import { FakeClock } from '../kube/fake-clock.ts';

describe('the delay of the event loop', () => {
  it('is how late a timer comes', () => {
    const observed: number[] = [];
    let now = 0;
    let due: (() => void) | undefined;
    const clock = {
      monotonic: () => now,
      setTimer: (_ms: number, callback: () => void) => {
        due = callback;
        return { cancel: () => {} };
      },
    };
    observeEventLoopDelay((seconds) => observed.push(seconds), clock, new AbortController().signal);
    for (const late of [0, 250, 3]) {
      now += 50 + late;
      due?.();
    }
    assert.deepEqual(observed, [0, 0.25, 0.003]);
  });

  it('is observed until the signal aborts, and leaves no timer', async () => {
    const clock = new FakeClock();
    const end = new AbortController();
    let observed = 0;
    observeEventLoopDelay(() => (observed += 1), clock, end.signal);
    await clock.advance(500);
    assert.equal(observed, 10);
    end.abort();
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(500);
    assert.equal(observed, 10);
  });
});
