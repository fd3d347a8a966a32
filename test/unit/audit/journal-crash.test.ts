import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoryFiles, Journal, JournalSource } from '../../../src/audit/index.ts';

const WRITER = fileURLToPath(new URL('./journal-writer.ts', import.meta.url));
const ROUNDS = 3;

describe('a journal whose process is killed', () => {
  it('holds everything that was acknowledged, once', async function () {
    this.timeout(60_000);
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'journal-crash-'));
    try {
      const acknowledged: string[] = [];
      for (let round = 0; round < ROUNDS; round++) acknowledged.push(...(await writeUntilKilled(directory, round)));
      const ids = await read(directory);
      const found = new Set(ids);
      assert.ok(acknowledged.length > 50 * ROUNDS);
      assert.equal(found.size, ids.length);
      assert.deepEqual(
        acknowledged.filter((id) => !found.has(id)),
        [],
      );
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
});

/** Kills it in the middle of its work; what it said until then. */
async function writeUntilKilled(directory: string, round: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, directory, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.length > 2000) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  return said.slice(0, said.lastIndexOf('\n')).split('\n');
}

async function read(directory: string): Promise<string[]> {
  const journal = await Journal.open({ files: directoryFiles(directory) });
  const abort = new AbortController();
  const source = new JournalSource({ journal, pause: async () => abort.abort() });
  const ids: string[] = [];
  for await (const { records, gaps } of source.batches(abort.signal)) {
    assert.deepEqual(gaps, []);
    ids.push(...records.map(({ event }) => event.auditID ?? ''));
  }
  await journal.close();
  return ids;
}
