import type { Clock, Timer } from '../kube/index.ts';

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
  if (signal.aborted) return;
  const look = (): Timer => {
    const due = clock.monotonic() + LOOK_EVERY;
    return clock.setTimer(LOOK_EVERY, () => {
      observe(Math.max(0, clock.monotonic() - due) / 1000);
      timer = look();
    });
  };
  let timer = look();
  signal.addEventListener('abort', () => timer.cancel(), { once: true });
}
