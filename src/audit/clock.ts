/** Time, so that tests can own it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. It may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start. Never jumps back. */
  monotonic(): number;
  /** Calls back once, after `ms`. */
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

export const realClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
});
