import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AuditRecord,
  type Batch,
  comparePositions,
  decodeAuditLine,
  ORIGIN,
  type Source,
  type SourceCheckpoint,
} from '../../../src/audit/index.ts';

/** Where a source under test reads from. */
export interface Supply {
  /** Whole events with these ids. */
  write(...ids: string[]): Promise<void>;
  /** What is no event. */
  writeGarbage(): Promise<void>;
  /** An event whose bodies are over the limit. */
  writeHuge(id: string): Promise<void>;
  /** What is written next goes to another file or segment. */
  rotate(): Promise<void>;
  /** From the beginning without `resume`. */
  open(options: OpenOptions): Source;
  remove(): Promise<void>;
}

export interface OpenOptions {
  readonly resume?: SourceCheckpoint | undefined;
  readonly batch?: { readonly records: number; readonly bytes: number };
  readonly pause: (signal: AbortSignal) => Promise<void>;
}

/** What every source does, whatever it reads. */
export function sourceContract(name: string, supply: () => Promise<Supply>): void {
  describe(`the ${name}, as any source`, () => {
    let from: Supply;

    beforeEach(async () => {
      from = await supply();
    });

    afterEach(async () => {
      await from.remove();
    });

    /** Reads until nothing more is there. */
    async function readAll(options: Partial<OpenOptions> = {}): Promise<{ batches: Batch[]; source: Source }> {
      const abort = new AbortController();
      const source = from.open({ pause: async () => abort.abort(), ...options });
      const batches: Batch[] = [];
      for await (const batch of source.batches(abort.signal)) batches.push(batch);
      return { batches, source };
    }

    it('gives events in order, with growing positions up to the end of each batch', async () => {
      await from.write('a', 'b');
      await from.rotate();
      await from.write('c');
      const { batches } = await readAll();
      assert.deepEqual(ids(batches), ['a', 'b', 'c']);
      let last = ORIGIN;
      for (const { records, end } of batches) {
        for (const { position } of records) {
          assert.ok(comparePositions(position, last) > 0);
          last = position;
        }
        assert.ok(comparePositions(end, last) >= 0);
        last = end;
      }
    });

    it('gives the same events at the same positions when it is read again', async () => {
      await from.write('a', 'b');
      await from.rotate();
      await from.write('c');
      const positions = async () => records((await readAll()).batches).map(({ position }) => position);
      assert.deepEqual(await positions(), await positions());
    });

    it('goes on behind every checkpoint, and gives nothing twice', async () => {
      await from.write('a', 'b');
      await from.rotate();
      await from.write('c', 'd');
      const batch = { records: 1, bytes: 1e6 };
      const { batches, source } = await readAll({ batch });
      for (const each of batches) {
        const before = ids(batches.slice(0, batches.indexOf(each) + 1));
        const checkpoint: SourceCheckpoint = JSON.parse(JSON.stringify(source.checkpoint(each)));
        const resumed = await readAll({ batch, resume: checkpoint });
        assert.deepEqual([...before, ...ids(resumed.batches)], ['a', 'b', 'c', 'd']);
        assert.deepEqual(
          resumed.batches.flatMap(({ gaps }) => gaps),
          [],
        );
      }
    });

    it('gives a second look at what stood before a checkpoint, at the same positions, and at nothing behind it', async () => {
      await from.write('a', 'b');
      await from.rotate();
      await from.write('c', 'd');
      const limits = [
        { records: 1, bytes: 1e6 },
        { records: 1000, bytes: 1e6 },
      ];
      const { batches, source } = await readAll({ batch: { records: 1, bytes: 1e6 } });
      for (const each of batches) {
        const resume = source.checkpoint(each);
        for (const batch of limits) {
          const abort = new AbortController();
          const resumed = from.open({ resume, batch, pause: async () => await nextTurn() });
          for await (const _first of resumed.batches(abort.signal)) {
            const past: Batch[] = [];
            for await (const found of resumed.history(new Date(0), decodeAuditLine, abort.signal)) past.push(found);
            const before = batches.slice(0, batches.indexOf(each) + 1);
            assert.deepEqual(places(past), places(before));
            assert.deepEqual(past.at(-1)?.end, each.end);
            assert.equal(past.at(-1)?.lastEventTime, each.lastEventTime);
            abort.abort();
          }
        }
      }
    });

    it('keeps a batch to its limits', async () => {
      await from.write(...Array.from({ length: 20 }, (_, i) => String(i)));
      const byCount = await readAll({ batch: { records: 3, bytes: 1e6 } });
      assert.ok(byCount.batches.every(({ records }) => records.length <= 3));
      const bySize = await readAll({ batch: { records: 1000, bytes: 1 } });
      assert.ok(bySize.batches.every(({ records }) => records.length <= 1));
      assert.equal(ids(bySize.batches).length, 20);
    });

    it('reads no further than its consumer', async () => {
      await from.write('a', 'b', 'c', 'd');
      const abort = new AbortController();
      const source = from.open({ batch: { records: 1, bytes: 1e6 }, pause: async () => await nextTurn() });
      for await (const { end } of source.batches(abort.signal)) {
        for (let turn = 0; turn < 20; turn++) await nextTurn();
        assert.deepEqual(source.status().position, end);
        if (source.status().lagBytes === 0) abort.abort();
      }
    });

    it('goes on with what is written later, and tells once that it has caught up', async () => {
      const abort = new AbortController();
      const source = from.open({ pause: async () => await nextTurn() });
      const seen: (string | boolean)[] = [];
      await from.write('a');
      for await (const batch of source.batches(abort.signal)) {
        seen.push(...ids([batch]), batch.caughtUp);
        if (seen.length === 2) await from.write('b');
        assert.equal(source.status().state, 'Following');
        if (seen.includes('b')) abort.abort();
      }
      assert.deepEqual(seen, ['a', true, 'b', true]);
    });

    it('waits where there is nothing', async () => {
      const { batches, source } = await readAll();
      assert.deepEqual(ids(batches), []);
      assert.deepEqual(
        batches.map(({ end, caughtUp }) => ({ end, caughtUp })),
        [{ end: ORIGIN, caughtUp: true }],
      );
      assert.equal(source.status().state, 'Waiting');
    });

    it('counts what is no event, and gives its neighbours', async () => {
      await from.write('a');
      await from.writeGarbage();
      await from.write('b');
      const { batches } = await readAll();
      assert.deepEqual(ids(batches), ['a', 'b']);
      const errors = batches.flatMap(({ counts }) => Object.values(counts.errors));
      assert.equal(
        errors.reduce((sum, count) => sum + count, 0),
        1,
      );
      assert.equal(
        batches.reduce((sum, { counts }) => sum + counts.events, 0),
        2,
      );
    });

    it('gives an event over the limit without its bodies', async () => {
      await from.writeHuge('a');
      const { batches } = await readAll();
      const [record] = records(batches);
      assert.equal(record?.event.auditID, 'a');
      assert.equal(record?.bodiesUnknown, true);
      assert.equal('requestObject' in (record?.event ?? {}), false);
      assert.equal(
        batches.reduce((sum, { counts }) => sum + counts.oversize, 0),
        1,
      );
    });

    it('remembers the time of the last event', async () => {
      await from.write('a', 'b');
      const { batches, source } = await readAll();
      const time = records(batches).at(-1)?.event.stageTimestamp;
      assert.equal(batches.at(-1)?.lastEventTime, time);
      const resume = source.checkpoint(batches.at(-1)!);
      assert.equal(resume.lastEventTime, time);
      assert.equal((await readAll({ resume })).batches.at(-1)?.lastEventTime, time);
    });

    it('ends when it is aborted, and is read once', async () => {
      await from.write('a');
      const { source } = await readAll();
      await assert.rejects(async () => {
        for await (const _ of source.batches(AbortSignal.abort())) assert.fail();
      }, /only once/);
    });

    it('may be told what is not needed any more, and looked after while its consumer is slow', async () => {
      await from.write('a');
      const { batches, source } = await readAll();
      source.release(source.checkpoint(batches.at(-1)!));
      await source.survey();
      await from.write('b');
      assert.deepEqual(ids((await readAll({ resume: source.checkpoint(batches.at(-1)!) })).batches), ['b']);
    });
  });
}

function records(batches: readonly Batch[]): AuditRecord[] {
  return batches.flatMap((batch) => batch.records);
}

function places(batches: readonly Batch[]): readonly string[] {
  return records(batches).map(({ event, position }) => `${event.auditID} ${position.generation}:${position.offset}`);
}

function ids(batches: readonly Batch[]): string[] {
  return records(batches).map(({ event }) => event.auditID ?? '');
}
