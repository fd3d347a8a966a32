/** A running timer. `cancel` is idempotent and harmless after it fired. */
export interface Timer {
  cancel(): void;
}

/** Time as the runtime sees it. Everything in this room that waits takes a Clock, so that tests can own time. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. Only for what others read: timestamps, names. It may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start. Never jumps back: the only base for durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`. Rejects with `signal.reason` as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once, after `ms`. */
  setTimer(ms: number, callback: () => void): Timer;
}

/** The longest delay that Node's timers take; longer ones fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

export const realClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number, signal?: AbortSignal) => sleepOn(realClock, ms, signal),
  setTimer: (ms: number, callback: () => void) => {
    const handle = setTimeout(callback, Math.min(Math.max(0, ms), LONGEST_DELAY));
    return { cancel: () => clearTimeout(handle) };
  },
});

/** `Clock.sleep` in terms of `setTimer`, for implementations of Clock. */
export function sleepOn(clock: Pick<Clock, 'setTimer'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
