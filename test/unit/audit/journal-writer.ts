import { directoryFiles, Journal } from '../../../src/audit/index.ts';
import { encodeEvent, KEY_LENGTH } from '../../../src/audit/journal/entry.ts';
import { eventLine } from './log-directory.ts';

/** A process that appends to a journal until it is killed, and says which events it was told are safe. */
const [directory = '', prefix = ''] = process.argv.slice(2);
const journal = await Journal.open({ files: directoryFiles(directory), limits: { segmentBytes: 20_000 } });
let count = 0;

async function write(): Promise<void> {
  for (;;) {
    const ids = Array.from({ length: 5 }, () => `${prefix}-${count++}`);
    const batch = journal.batch();
    for (const id of ids) {
      const event = Buffer.from(eventLine(id, Date.now() * 1000));
      await batch.append(encodeEvent({ key: Buffer.alloc(KEY_LENGTH), origin: '', event, stripped: false }));
    }
    await batch.commit();
    process.stdout.write(`${ids.join('\n')}\n`);
  }
}

await Promise.all([write(), write(), write()]);
