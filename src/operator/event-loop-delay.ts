import type { Clock } from '../kube/index.ts';

/** Milliseconds between looks. */
const LOOK_EVERY = 50;

/**
 * Observes how late this thread does what is due: that long watches, leases and probes wait for it. In seconds, at short
 * intervals, until the signal aborts; a block is one observation, as long as the block.
 */
export function observeEventLoopDelay(
  observe: (seconds: number) => void,
  clock: Pick<Clock, 'monotonic' | 'setTimer'>,
  signal: AbortSignal,
): void {
  const look = (): void => {
    const due = clock.monotonic() + LOOK_EVERY;
    const timer = clock.setTimer(LOOK_EVERY, () => {
      signal.removeEventListener('abort', timer.cancel);
      observe(Math.max(0, clock.monotonic() - due) / 1000);
      if (!signal.aborted) look();
    });
    signal.addEventListener('abort', timer.cancel, { once: true });
  };
  if (!signal.aborted) look();
}
