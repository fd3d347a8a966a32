import assert from 'node:assert/strict';
import { directoryWatch, FileSource } from '../../../src/audit/index.ts';
import { LogDirectory } from './log-directory.ts';

describe('watching the directory of a log', () => {
  let log: LogDirectory;
  let abort: AbortController;

  beforeEach(() => {
    log = new LogDirectory();
    abort = new AbortController();
  });

  afterEach(() => {
    abort.abort();
    log.remove();
  });

  it('ends a pause when the log is written, long before the next poll', async () => {
    const pause = directoryWatch(log.path, { pollMs: 3_600_000, settleMs: 1 });
    const paused = pause(abort.signal);
    log.events('a');
    await paused;
  });

  it('does not miss what is written between two pauses', async () => {
    const pause = directoryWatch(log.path, { pollMs: 3_600_000, settleMs: 1 });
    log.events('a');
    const first = pause(abort.signal);
    log.events('b');
    await first;
    log.events('c');
    await pause(abort.signal);
  });

  it('polls where there is nothing to watch', async () => {
    log.remove();
    const pause = directoryWatch(log.path, { pollMs: 1, settleMs: 1 });
    await pause(abort.signal);
    await pause(abort.signal);
  });

  it('ends a pause when it is aborted', async () => {
    const pause = directoryWatch(log.path, { pollMs: 3_600_000 });
    const paused = pause(abort.signal);
    abort.abort();
    await paused;
    await pause(abort.signal);
  });

  it('lets a file source deliver what is written while it waits, and end when it is aborted', async () => {
    log.events('a');
    const source = new FileSource({ path: log.path, startAt: 'Beginning' });
    const ids: string[] = [];
    for await (const batch of source.batches(abort.signal)) {
      ids.push(...batch.records.map(({ event }) => event.auditID ?? ''));
      if (ids.length === 1) log.events('b');
      if (ids.length === 2) abort.abort();
    }
    assert.deepEqual(ids, ['a', 'b']);
  });
});
