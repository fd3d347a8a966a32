import { FileSource, Journal, JournalSource } from '../../../src/audit/index.ts';
import { encodeErrors, encodeEvent, KEY_LENGTH } from '../../../src/audit/journal/entry.ts';
import { FakeDisk } from './fake-disk.ts';
import { eventLine, LogDirectory } from './log-directory.ts';
import { sourceContract } from './source-contract.ts';

sourceContract('file source', async () => {
  const log = new LogDirectory();
  return {
    write: async (...ids) => log.events(...ids),
    writeGarbage: async () => log.append('no json\n'),
    writeHuge: async (id) => log.append(`${eventLine(id, log.micros, { requestObject: 'x'.repeat(2000) })}\n`),
    rotate: async () => void log.rotate(),
    open: ({ resume, batch = { records: 1000, bytes: 1e6 }, pause }) =>
      new FileSource({ path: log.path, startAt: 'Beginning', resume, pause, limits: { batch, lineBytes: 1000 } }),
    remove: async () => log.remove(),
  };
});

sourceContract('journal source', async () => {
  let micros = Date.UTC(2026, 10, 24) * 1000;
  const disk = new FakeDisk();
  const options = { limits: { segmentBytes: 1e6 }, clock: { now: () => micros / 1000, monotonic: () => 0 } };
  let journal = await Journal.open({ files: disk.mount(), ...options });
  const append = async (...contents: Buffer[]): Promise<void> => {
    const batch = journal.batch();
    for (const content of contents) await batch.append(content);
    await batch.commit();
  };
  const entry = (id: string, stripped = false): Buffer => {
    micros += 1;
    return encodeEvent({
      key: Buffer.alloc(KEY_LENGTH),
      origin: '',
      event: Buffer.from(eventLine(id, micros)),
      stripped,
    });
  };
  return {
    write: async (...ids) => await append(...ids.map((id) => entry(id))),
    writeGarbage: async () => await append(encodeErrors({ 'invalid-json': 1 })),
    writeHuge: async (id) => await append(entry(id, true)),
    rotate: async () => {
      await journal.close();
      journal = await Journal.open({ files: disk.mount(), ...options });
    },
    open: ({ resume, batch = { records: 1000, bytes: 1e6 }, pause }) =>
      new JournalSource({ journal, resume, pause, limits: { batch } }),
    remove: async () => await journal.close(),
  };
});
