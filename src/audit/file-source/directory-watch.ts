import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, extname } from 'node:path';

/** Waits until there may be something new to read, or until the signal aborts. Never rejects. */
export type Pause = (signal: AbortSignal) => Promise<void>;

export interface DirectoryWatchOptions {
  /** How often to look without having been told, in milliseconds. */
  readonly pollMs?: number;
  /** How long to wait after a first notice, so that many small writes are read at once, in milliseconds. */
  readonly settleMs?: number;
}

/**
 * Watches the directory of a log, not the file: the file is replaced at each rotation. Notices only make reading
 * sooner; where the kernel gives none (network file systems, no watches left, no directory yet) it polls.
 */
export function directoryWatch(path: string, { pollMs = 250, settleMs = 20 }: DirectoryWatchOptions = {}): Pause {
  const stem = basename(path, extname(path));
  let watcher: FSWatcher | undefined;
  let noticed = false;
  let wake: (() => void) | undefined;

  const notice = (_change: string, name: string | null): void => {
    if (name !== null && !name.startsWith(stem)) return;
    noticed = true;
    wake?.();
  };
  const stop = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  const start = (signal: AbortSignal): void => {
    if (watcher !== undefined || signal.aborted) return;
    try {
      watcher = watch(dirname(path), { persistent: false }, notice);
      watcher.on('error', stop);
      signal.addEventListener('abort', stop, { once: true });
    } catch {
      watcher = undefined;
    }
  };
  const sleep = async (ms: number, signal: AbortSignal, wakeable: boolean): Promise<void> => {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      if (wakeable) wake = done;
    });
  };

  return async (signal) => {
    start(signal);
    if (!noticed) await sleep(pollMs, signal, true);
    if (noticed) await sleep(settleMs, signal, false);
    noticed = false;
  };
}
