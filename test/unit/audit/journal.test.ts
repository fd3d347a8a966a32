import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type Batch,
  directoryFiles,
  Journal,
  type JournalOptions,
  JournalSource,
  type JournalSourceOptions,
  ORIGIN,
  type SourceCheckpoint,
} from '../../../src/audit/index.ts';
import { encodeErrors, encodeEvent, KEY_LENGTH } from '../../../src/audit/journal/entry.ts';
import { JournalRefused } from '../../../src/audit/journal/journal-refused.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { FakeDisk } from './fake-disk.ts';
import { eventLine } from './log-directory.ts';

const MICROS = Date.UTC(2026, 10, 24, 5, 48, 24) * 1000;

function entry(id: string, fields: Record<string, unknown> = {}): Buffer {
  const event = Buffer.from(eventLine(id, MICROS + Number(id.replace(/\D/g, '') || 0), fields));
  return encodeEvent({ key: Buffer.alloc(KEY_LENGTH, id), origin: '', event, stripped: false });
}

async function append(journal: Journal, ...ids: string[]): Promise<void> {
  const batch = journal.batch();
  for (const id of ids) await batch.append(entry(id));
  await batch.commit();
}

/** Reads until there is nothing more. */
async function readAll(journal: Journal, options: Partial<JournalSourceOptions> = {}): Promise<Batch[]> {
  const abort = new AbortController();
  const source = new JournalSource({ journal, pause: async () => abort.abort(), ...options });
  const batches: Batch[] = [];
  for await (const batch of source.batches(abort.signal)) batches.push(batch);
  return batches;
}

function ids(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ records }) => records.map(({ event }) => event.auditID ?? ''));
}

function gapsIn(batches: readonly Batch[]): { reason: string; fromTime: unknown; toTime: unknown }[] {
  return batches.flatMap(({ gaps }) => gaps.map(({ reason, fromTime, toTime }) => ({ reason, fromTime, toTime })));
}

function checkpoint(batch: Batch | undefined): SourceCheckpoint {
  assert.ok(batch);
  return { position: batch.end, files: [], floor: 0 };
}

const timeOf = (id: number): string => new Date((MICROS + id) / 1000).toISOString().replace(/Z$/, `00${id % 10}Z`);

describe('journal', () => {
  let disk: FakeDisk;
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock(MICROS / 1000);
    disk = new FakeDisk(() => clock.now());
  });

  async function open(options: Partial<JournalOptions> = {}): Promise<Journal> {
    return await Journal.open({ files: disk.mount(), clock, ...options });
  }

  it('gives what was committed, in order, also after a restart', async () => {
    const journal = await open();
    await append(journal, '1', '2');
    await append(journal, '3');
    assert.deepEqual(ids(await readAll(journal)), ['1', '2', '3']);
    disk.losePower({ keep: 0, zeros: 0 });
    const again = await open();
    await append(again, '4');
    assert.deepEqual(ids(await readAll(again)), ['1', '2', '3', '4']);
    assert.deepEqual(gapsIn(await readAll(again)), []);
  });

  it('syncs what many append at the same time at once', async () => {
    const journal = await open();
    await append(journal, '0');
    const before = disk.syncs;
    await Promise.all(Array.from({ length: 100 }, async (_, i) => await append(journal, String(i + 1))));
    assert.ok(disk.syncs - before <= 2, `${disk.syncs - before} syncs`);
    assert.equal(ids(await readAll(journal)).length, 101);
  });

  it('does not give what is not safe yet', async () => {
    const journal = await open();
    await append(journal, '1');
    const batch = journal.batch();
    await batch.append(entry('2'));
    assert.deepEqual(ids(await readAll(journal)), ['1']);
    await batch.commit();
    assert.deepEqual(ids(await readAll(journal)), ['1', '2']);
  });

  it('begins segments with growing generations, whatever the clock does', async () => {
    const journal = await open({ limits: { segmentBytes: 1 } });
    await append(journal, '1');
    await append(journal, '2');
    clock = new FakeClock(0);
    const again = await open({ limits: { segmentBytes: 1 } });
    await append(again, '3');
    const generations = again.segments.map(({ generation }) => generation);
    assert.deepEqual(generations, [MICROS, MICROS + 1, MICROS + 2]);
    assert.deepEqual(ids(await readAll(again)), ['1', '2', '3']);
  });

  it('goes on behind a checkpoint', async () => {
    const journal = await open({ limits: { segmentBytes: 1 } });
    for (const id of ['1', '2', '3']) await append(journal, id);
    const [first] = await readAll(journal, { limits: { batch: { records: 1, bytes: 1e6 } } });
    assert.deepEqual(ids([first!]), ['1']);
    assert.deepEqual(ids(await readAll(journal, { resume: checkpoint(first) })), ['2', '3']);
  });

  describe('when it is full', () => {
    const limits = { bytes: 4000, segmentBytes: 1000 };

    async function fill(journal: Journal): Promise<number> {
      for (let i = 1; ; i++) {
        try {
          await append(journal, String(i));
        } catch (error) {
          assert.ok(error instanceof JournalRefused);
          assert.equal(error.reason, 'full');
          assert.equal(journal.status().refusing, 'full');
          return i - 1;
        }
      }
    }

    it('refuses, and loses nothing', async () => {
      const journal = await open({ limits });
      const count = await fill(journal);
      assert.ok(count > 3);
      assert.ok(disk.used <= limits.bytes);
      assert.equal(ids(await readAll(journal)).length, count);
    });

    it('removes the oldest that was consumed, and takes more', async () => {
      const journal = await open({ limits });
      const count = await fill(journal);
      const batches = await readAll(journal);
      journal.consumed(checkpoint(batches.at(-1)).position);
      const more = await fill(journal);
      assert.ok(more > 3);
      assert.ok(disk.used <= limits.bytes);
      const rest = await readAll(journal, { resume: checkpoint(batches.at(-1)) });
      assert.equal(ids(rest).length, more);
      assert.deepEqual(gapsIn(rest), []);
      assert.ok(count > 3);
    });

    it('removes what is too old, consumed or not, and the reader knows', async () => {
      const journal = await open({ limits: { ...limits, age: 1000 } });
      const count = await fill(journal);
      await clock.advance(1001);
      await append(journal, '99');
      const batches = await readAll(journal, {
        resume: { position: { generation: 1, offset: 64 }, files: [], floor: 0, lastEventTime: timeOf(0) },
      });
      const read = ids(batches);
      assert.ok(read.length < count);
      assert.equal(read.at(-1), '99');
      const first = Number(read[0]);
      assert.deepEqual(gapsIn(batches), [{ reason: 'Deleted', fromTime: timeOf(0), toTime: timeOf(first) }]);
    });
  });

  describe('when the file system fails', () => {
    for (const operation of ['write', 'sync', 'create', 'syncDirectory'] as const) {
      it(`to ${operation}: refuses for a while, then recovers by itself`, async () => {
        const journal = await open();
        if (operation === 'write' || operation === 'sync') await append(journal, '1');
        disk.fail(operation);
        await assert.rejects(append(journal, '2'), { name: 'JournalRefused', reason: 'failed' });
        assert.equal(journal.status().error?.code, 'EIO');
        await assert.rejects(append(journal, '3'), { reason: 'failed' });
        await clock.advance(1000);
        await append(journal, '4');
        assert.equal(journal.status().error, undefined);
        const expected = operation === 'write' || operation === 'sync' ? ['1', '4'] : ['4'];
        assert.deepEqual(ids(await readAll(journal)), expected);
        const again = await open();
        const batches = await readAll(again);
        assert.deepEqual(ids(batches), expected);
        assert.deepEqual(gapsIn(batches), []);
      });
    }

    it('because the disk is full: makes room of what was consumed', async () => {
      const journal = await open({ limits: { segmentBytes: 500 } });
      for (let i = 1; i < 9; i++) await append(journal, String(i));
      const batches = await readAll(journal);
      journal.consumed(checkpoint(batches.at(-1)).position);
      disk.quota = disk.used + 10;
      await assert.rejects(append(journal, '9'), { reason: 'failed' });
      assert.equal(journal.status().error?.code, 'ENOSPC');
      await clock.advance(1000);
      await append(journal, '10');
      assert.deepEqual(ids(await readAll(journal, { resume: checkpoint(batches.at(-1)) })), ['10']);
    });

    it('because the disk is smaller than a segment: gives the only one up once it is consumed', async () => {
      const journal = await open();
      disk.quota = 1000;
      let taken = 0;
      const takeAll = async (): Promise<void> => {
        for (let refused = 0; refused < 3; ) {
          try {
            await append(journal, String(taken + 1));
            taken += 1;
          } catch (error) {
            assert.ok(error instanceof JournalRefused && error.reason === 'failed');
            refused += 1;
            await clock.advance(1000);
          }
        }
      };
      await takeAll();
      const unread = taken;
      const batches = await readAll(journal);
      assert.equal(ids(batches).length, unread);
      journal.consumed(checkpoint(batches.at(-1)).position);
      await takeAll();
      assert.ok(taken > unread);
      const rest = await readAll(journal, { resume: checkpoint(batches.at(-1)) });
      assert.equal(ids(rest).length, taken - unread);
      assert.deepEqual(gapsIn(rest), []);
    });

    it('does not acknowledge what was appended before the failure and committed after it', async () => {
      const journal = await open();
      await append(journal, '1');
      const early = journal.batch();
      await early.append(entry('2'));
      disk.fail('sync');
      await assert.rejects(early.commit(), { reason: 'failed' });
      await clock.advance(1000);
      await assert.rejects(early.commit(), { reason: 'failed' });
      assert.throws(() => early.append(entry('3')), { reason: 'failed' });
    });

    for (const isFirst of [true, false]) {
      it(`leaves nothing behind that is delivered in two places, ${isFirst ? 'in a new' : 'in a longer'} segment`, async () => {
        const journal = await open({ limits: { segmentBytes: isFirst ? 1 : 1e6 } });
        await append(journal, '1');
        // The header is synced once, then the record is not.
        const failing = append(journal, '2');
        if (isFirst) while (disk.names.length < 2) await new Promise((resolve) => setImmediate(resolve));
        const turns = isFirst ? 3 : 0;
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        disk.fail('sync');
        disk.fail('truncate', 10);
        disk.fail('remove', 10);
        await assert.rejects(failing);
        await clock.advance(1000);
        disk.fail('remove', 10);
        await append(journal, '2');
        disk.heal();
        disk.losePower({ keep: 1, zeros: 0 });
        const batches = await readAll(await open());
        assert.deepEqual(ids(batches), ['1', '2']);
        assert.deepEqual(gapsIn(batches), []);
      });
    }
  });

  describe('after a crash', () => {
    it('keeps what it gives: a record that nobody had synced is, before it is read', async () => {
      const journal = await open();
      await append(journal, '1');
      disk.fail('sync');
      disk.fail('truncate', 10);
      await assert.rejects(append(journal, '2'));
      disk.heal();
      assert.deepEqual(ids(await readAll(await open())), ['1', '2']);
      disk.losePower({ keep: 0, zeros: 0 });
      assert.deepEqual(ids(await readAll(await open())), ['1', '2']);
    });

    it('gives all that was committed, and no part of a record, wherever the last write broke off', async () => {
      const whole = new FakeDisk();
      const reference = await open({ files: whole.mount() });
      await append(reference, '1');
      const safe = whole.used;
      await append(reference, '2', '3');
      const [name = ''] = whole.names;
      const written = whole.content(name);
      for (let cut = safe; cut <= written.length; cut++) {
        disk = new FakeDisk();
        const file = await disk.mount().create(name);
        await file.write(written.subarray(0, cut), 0);
        const batches = await readAll(await open());
        const expected = ['1', '2', '3'].slice(0, ids(batches).length);
        assert.ok(expected.length >= 1);
        assert.deepEqual(ids(batches), expected);
        assert.deepEqual(gapsIn(batches), [], `cut at ${cut}`);
      }
    });

    it('while the first segment was begun, starts anew', async () => {
      for (let length = 0; length <= 64; length++) {
        disk = new FakeDisk();
        const file = await disk.mount().create('0000000000000001.journal');
        await file.write(Buffer.alloc(length, 1), 0);
        const journal = await open();
        await append(journal, '1');
        assert.deepEqual(ids(await readAll(journal)), ['1']);
        assert.equal(disk.names.length, 1);
      }
    });
  });

  describe('when what it holds is damaged', () => {
    /** Every byte of a record, and what is missing when it is flipped. */
    it('passes over the record, says so, and gives all others', async () => {
      const journal = await open();
      for (const id of ['1', '2', '3']) await append(journal, id);
      const [name = ''] = disk.names;
      const length = (disk.used - 64) / 3;
      for (let at = 0; at < length; at++) {
        disk.flip(name, 64 + length + at);
        const batches = await readAll(journal);
        assert.deepEqual(ids(batches), ['1', '3'], `byte ${at}`);
        assert.deepEqual(gapsIn(batches), [{ reason: 'Unreadable', fromTime: timeOf(1), toTime: timeOf(3) }]);
        disk.flip(name, 64 + length + at);
      }
    });

    it('at the header of a segment, passes over the segment', async () => {
      const journal = await open({ limits: { segmentBytes: 1 } });
      for (const id of ['1', '2', '3']) await append(journal, id);
      const name = disk.names[1] ?? '';
      disk.flip(name, 40);
      const batches = await readAll(await open());
      assert.deepEqual(ids(batches), ['1', '3']);
      assert.deepEqual(gapsIn(batches), [{ reason: 'Unreadable', fromTime: timeOf(1), toTime: timeOf(3) }]);
    });

    it('at its end, says so when the next segment is there', async () => {
      const journal = await open({ limits: { segmentBytes: 1 } });
      for (const id of ['1', '2']) await append(journal, id);
      const name = disk.names[0] ?? '';
      disk.flip(name, disk.content(name).length - 1);
      const batches = await readAll(await open());
      assert.deepEqual(ids(batches), ['2']);
      assert.deepEqual(gapsIn(batches), [{ reason: 'Unreadable', fromTime: undefined, toTime: timeOf(2) }]);
    });

    it('and cannot be read, waits for a while, then passes over the rest of the segment', async () => {
      const journal = await open({ limits: { segmentBytes: 1 } });
      for (const id of ['1', '2', '3']) await append(journal, id);
      const abort = new AbortController();
      const states: string[] = [];
      const source = new JournalSource({
        journal,
        limits: { failedLooks: 3, batch: { records: 1, bytes: 1e6 } },
        pause: async () => {
          const { state, errors } = source.status();
          states.push(`${state} ${errors[0]?.code}`);
          if (states.length === 4) disk.heal();
          if (state !== 'Failed') abort.abort();
        },
      });
      const batches: Batch[] = [];
      for await (const batch of source.batches(abort.signal)) {
        batches.push(batch);
        if (batches.length === 1) disk.fail('read', 100);
      }
      assert.deepEqual(ids(batches), ['1', '3']);
      assert.deepEqual(gapsIn(batches), [{ reason: 'Unreadable', fromTime: timeOf(1), toTime: timeOf(3) }]);
      assert.deepEqual(states, [...Array.from({ length: 4 }, () => 'Failed EIO'), 'Following undefined']);
    });
  });

  it('says that something may be missing where the directory was lost', async () => {
    const journal = await open();
    await append(journal, '1');
    const [batch] = await readAll(journal);
    disk.erase();
    const again = await open({ consumed: checkpoint(batch).position });
    await append(again, '2');
    const batches = await readAll(again, { resume: checkpoint(batch) });
    assert.deepEqual(ids(batches), ['2']);
    assert.equal(gapsIn(batches).length, 1);
    assert.ok((again.segments[0]?.generation ?? 0) > (journal.segments[0]?.generation ?? 0));
  });

  it('waits for its consumer, and for what comes', async () => {
    const journal = await open();
    const signal = new AbortController().signal;
    const grown = journal.whenGrown(ORIGIN, signal);
    await append(journal, '1');
    await grown;
    const consumed = journal.whenConsumed(journal.end, signal);
    journal.consumed(journal.end);
    await consumed;
    await assert.rejects(journal.whenGrown(journal.end, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('takes nothing once it is closed, and writes what it had taken', async () => {
    const journal = await open();
    const batch = journal.batch();
    await batch.append(entry('1'));
    await journal.close();
    await batch.commit();
    assert.throws(() => journal.batch().append(entry('2')), { reason: 'closed' });
    assert.deepEqual(ids(await readAll(journal)), ['1']);
  });

  it('counts what was delivered and is no event', async () => {
    const journal = await open();
    const batch = journal.batch();
    await batch.append(encodeErrors({ 'invalid-json': 2, oversize: 1 }));
    await batch.append(encodeEvent({ key: Buffer.alloc(16), origin: '', event: Buffer.from('{}'), stripped: false }));
    await batch.append(
      encodeEvent({ key: Buffer.alloc(16), origin: 'cp-1', event: Buffer.from(eventLine('1', 1)), stripped: true }),
    );
    await batch.commit();
    const [read] = await readAll(journal);
    assert.equal(read?.counts.errors['invalid-json'], 2);
    assert.equal(read?.counts.errors.oversize, 1);
    assert.equal(read?.counts.errors['not-an-event'], 1);
    assert.equal(read?.counts.oversize, 1);
    assert.deepEqual(
      read?.records.map(({ bodiesUnknown, origin }) => ({ bodiesUnknown, origin })),
      [{ bodiesUnknown: true, origin: 'cp-1' }],
    );
  });

  it('works on a real directory', async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'journal-'));
    try {
      const files = directoryFiles(path.join(directory, 'sub'));
      const journal = await Journal.open({ files, limits: { segmentBytes: 1000 } });
      for (let i = 1; i <= 9; i++) await append(journal, String(i));
      await journal.close();
      const again = await Journal.open({ files });
      await append(again, '10');
      const batches = await readAll(again);
      assert.equal(ids(batches).length, 10);
      assert.deepEqual(gapsIn(batches), []);
      again.consumed(again.end);
      await again.close();
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
});
