/** The signals that ask a program to end: Ctrl-C, kill, a closed terminal. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `stop` on the first SIGINT, SIGTERM or SIGHUP, and then lets the signal end the program as if nobody had listened, so
 * that its exit status is the right one; where others listen to that signal, ending is left to them. A second signal does
 * not wait for `stop`: what is supervised is cleaned up all the same. Never calls `process.exit`. Returns the function that
 * takes the listeners off again.
 */
export function stopOnSignals(stop: (signal: NodeJS.Signals) => Promise<void>): () => void {
  let stopping = false;
  const dispose = (): void => {
    for (const signal of SIGNALS) {
      process.off(signal, listener);
    }
  };
  const listener = (signal: NodeJS.Signals): void => {
    const raise = (): void => {
      dispose();
      if (process.listenerCount(signal) === 0) {
        process.kill(process.pid, signal);
      }
    };
    if (stopping) {
      raise();
      return;
    }
    stopping = true;
    stop(signal).then(raise, raise);
  };
  for (const signal of SIGNALS) {
    process.on(signal, listener);
  }
  return dispose;
}
