import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock, type LockHolder } from '../../../dev/go-tools/lock-file.ts';

describe('a lock file', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sigma-operator-lock-'));
    path = join(directory, 'deep', 'lock');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function hold(content: string, ageMs = 0): Promise<void> {
    (await acquireLock(path, () => true))?.release();
    writeFileSync(path, content);
    const then = new Date(Date.now() - ageMs);
    utimesSync(path, then, then);
  }
  const holder = (pid: number, host = hostname()): string => JSON.stringify({ pid, host });

  it('is there while it is held, with its holder', async () => {
    const lock = await acquireLock(path, () => true);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { pid: process.pid, host: hostname() });
    lock?.release();
    assert.ok(!existsSync(path));
  });

  it('keeps others waiting until it is released', async () => {
    const first = await acquireLock(path, () => true);
    const seen: LockHolder[] = [];
    const second = await acquireLock(path, (current) => {
      seen.push(current);
      first?.release();
      return true;
    });
    assert.deepEqual(seen, [{ pid: process.pid, host: hostname() }]);
    second?.release();
  });

  it('is not waited for any longer when the caller does not want it any more', async () => {
    await hold(holder(process.pid));
    assert.equal(await acquireLock(path, () => false), null);
  });

  const taken: readonly { name: string; content: string; ageMs?: number }[] = [
    { name: 'of a dead process', content: holder(999_999_999) },
    { name: 'without a sign of life for a minute', content: holder(process.pid), ageMs: 61_000 },
    { name: 'without a sign of life for a minute, of another machine', content: holder(1, 'elsewhere'), ageMs: 61_000 },
    { name: 'that was never written completely', content: '{"pi', ageMs: 61_000 },
  ];
  for (const { name, content, ageMs } of taken) {
    it(`${name} is taken over`, async () => {
      await hold(content, ageMs);
      const lock = await acquireLock(path, () => assert.fail('nobody to wait for'));
      assert.equal(readFileSync(path, 'utf8'), holder(process.pid));
      lock?.release();
    });
  }

  it('of a process on another machine is respected while it shows signs of life', async () => {
    await hold(holder(999_999_999, 'elsewhere'));
    assert.equal(await acquireLock(path, () => false), null);
  });
});
