import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeletedAlert } from '../../../src/alerts/index.ts';
import type { DetectedBatch, DetectionEngine, PartitionReader } from '../../../src/engine/index.ts';
import { until } from '../kube/until.ts';
import { Log, OWN } from './log.ts';
import { runnableRule } from './rules.ts';

export const LIMITS = Object.freeze({ files: 32, requests: 500 });

/** Batches until this many lines were read, or the reading ends. */
export async function read(reader: PartitionReader, lines: number): Promise<readonly DetectedBatch[]> {
  const batches: DetectedBatch[] = [];
  for (let missing = lines; missing > 0; ) {
    const batch = await reader.next();
    if (batch === undefined) break;
    batches.push(batch);
    missing -= batch.batch.counts.lines;
  }
  return batches;
}

/** By rule: the ids of the requests that were found. */
export function found(batches: readonly DetectedBatch[]): Readonly<Record<string, readonly string[]>> {
  const ids: Record<string, string[]> = {};
  for (const { detection } of batches) {
    for (const { rule, hits } of detection.alerts) {
      const known = (ids[rule.name] ??= []);
      known.push(...hits.map(({ auditID }) => auditID));
    }
  }
  return ids;
}

/** What every engine does, wherever it reads and matches. */
export function engineContract(
  name: string,
  make: (expired: (deleted: readonly DeletedAlert[]) => Promise<readonly boolean[]>) => DetectionEngine,
): void {
  describe(`the engine ${name}`, () => {
    let log: Log;
    let engine: DetectionEngine;
    let asked: DeletedAlert[];

    beforeEach(() => {
      log = new Log();
      asked = [];
      engine = make(async (deleted) => {
        asked.push(...deleted);
        return deleted.map((alert) => alert.name === 'expired');
      });
    });

    afterEach(async () => {
      await engine.close();
      log.remove();
    });

    const setRules = async (...rules: readonly ReturnType<typeof runnableRule>[]): Promise<void> => {
      assert.deepEqual(await engine.setRules({ set: rules, remove: [] }), []);
    };

    it('gives what the rules find, with what was read', async () => {
      await setRules(runnableRule('creates'), runnableRule('deletes', 'verb: delete'));
      for (const id of ['a', 'b']) log.write(id);
      log.write('c', { verb: 'delete' });
      log.write('d', { verb: 'get' });
      log.append('no event\n');
      const batches = await read(engine.open(log.spec()), 5);
      assert.deepEqual(found(batches), { creates: ['a', 'b'], deletes: ['c'] });
      const [first] = batches;
      assert.equal(first?.batch.counts.lines, 5);
      assert.equal(first.batch.counts.errors['invalid-json'], 1);
      const [alert] = first.detection.alerts;
      assert.equal(alert?.rule.document.title, 'creates');
      assert.equal(alert.key.cluster, 'prod');
      assert.deepEqual(alert.evidence, ['verb is "create"; found "create"']);
      assert.equal(first.detection.totals['creates']?.matches, 2);
    });

    it('gives plain data', async () => {
      await setRules(runnableRule('creates'));
      log.write('a');
      const reader = engine.open(log.spec());
      for (const data of [await reader.next(), await reader.state(LIMITS), reader.status()]) {
        assert.ok(data);
        assert.deepEqual(structuredClone(data), data);
      }
    });

    it('has no state before there was a batch', async () => {
      assert.equal(await engine.open(log.spec()).state(LIMITS), undefined);
    });

    it('goes on where a state says, with what was remembered there', async () => {
      await setRules(runnableRule('watches', 'verb: watch'), runnableRule('creates'));
      const running = { verb: 'watch', requestURI: '/api/v1/pods?watch=true', stage: 'ResponseStarted' } as const;
      log.write('a');
      const requestReceivedTimestamp = log.write('long', running);
      const first = engine.open(log.spec());
      assert.deepEqual(found(await read(first, 2)), { creates: ['a'], watches: ['long'] });
      const state = await first.state(LIMITS);
      await first.close();
      log.write('b');
      log.write('long', { ...running, stage: 'ResponseComplete', requestReceivedTimestamp });
      const second = engine.open(log.spec(state?.stored));
      assert.deepEqual(found(await read(second, 2)), { creates: ['b'] });
    });

    it('reads again what came after the state that was stored', async () => {
      await setRules(runnableRule('creates'));
      log.write('a');
      const first = engine.open(log.spec());
      await read(first, 1);
      const state = await first.state(LIMITS);
      log.write('b');
      assert.deepEqual(found(await read(first, 1)), { creates: ['b'] });
      await first.close();
      assert.deepEqual(found(await read(engine.open(log.spec(state?.stored)), 1)), { creates: ['b'] });
    });

    it('reads no further than one batch ahead of whoever takes them', async () => {
      for (let i = 0; i < 2500; i++) log.write(`id-${i}`);
      const reader = engine.open(log.spec());
      const first = await reader.next();
      assert.equal(first?.batch.caughtUp, false);
      const { position } = reader.status();
      assert.deepEqual(position, first.batch.end);
      await reader.state(LIMITS);
      assert.deepEqual(reader.status().position, position);
      const rest = await read(reader, 1500);
      const events = [first, ...rest].map(({ batch: { counts } }) => counts.events + counts.skipped);
      assert.deepEqual(events, [1000, 1000, 500]);
    });

    it('changes rules between batches, and loses nothing of those that stay', async () => {
      await setRules(runnableRule('stays'), runnableRule('goes'), runnableRule('changes'));
      const reader = engine.open(log.spec());
      log.write('a');
      assert.deepEqual(found(await read(reader, 1)), { stays: ['a'], goes: ['a'], changes: ['a'] });
      const next = read(reader, 1);
      const change = { set: [runnableRule('changes', 'verb: delete'), runnableRule('new')], remove: ['goes'] };
      assert.deepEqual(await engine.setRules(change), []);
      log.write('b');
      assert.deepEqual(found(await next), { new: ['b'], stays: ['b'] });
      log.write('c', { verb: 'delete' });
      assert.deepEqual(found(await read(reader, 1)), { changes: ['c'] });
    });

    it('finds every event for a rule that stays, however often others change meanwhile', async () => {
      await setRules(runnableRule('stays'));
      const ids = Array.from({ length: 5000 }, (_, i) => `id-${i}`);
      for (const id of ids) log.write(id);
      const reader = engine.open(log.spec());
      const reading = new AbortController();
      const changing = (async () => {
        for (let i = 0; !reading.signal.aborted; i++) {
          await engine.setRules({ set: [runnableRule('other', `verb: v${i}`)], remove: [] });
          await nextTurn();
        }
      })();
      const batches = await read(reader, ids.length);
      reading.abort();
      await changing;
      assert.deepEqual(found(batches), { stays: ids });
    });

    it('says which texts do not compile, and goes on with what it has', async () => {
      await setRules(runnableRule('a'));
      const uncompiled = await engine.setRules({ set: [runnableRule('a', 'verb|nonsense: x')], remove: [] });
      assert.deepEqual(
        uncompiled.map(({ kind, name: text }) => [kind, text]),
        [['rule', 'a']],
      );
      log.write('a');
      assert.deepEqual(found(await read(engine.open(log.spec()), 1)), { a: ['a'] });
    });

    it('asks whether Alerts had expired that are deleted with the operator’s identity, and of no others', async () => {
      await setRules(runnableRule('deletes', 'verb: delete'));
      const removal = (alert: string, username: string = OWN.username) => ({
        verb: 'delete',
        user: { username },
        objectRef: { resource: 'alerts', apiGroup: 'detection.sigma-operator.dev', name: alert },
      });
      log.write('a', removal('expired'));
      log.write('b', removal('fresh'));
      log.write('c', removal('expired', 'mallory'));
      const batches = await read(engine.open(log.spec()), 3);
      assert.deepEqual(found(batches), { deletes: ['b', 'c'] });
      assert.equal(batches[0]?.detection.ownRequests, 1);
      assert.deepEqual(
        asked.map((alert) => alert.name),
        ['expired', 'fresh'],
      );
    });

    it('ends a wait for more when it is stopped', async () => {
      log.write('a');
      const reader = engine.open(log.spec());
      await read(reader, 1);
      const next = reader.next();
      reader.stop();
      assert.equal(await next, undefined);
      assert.equal(await reader.next(), undefined);
      assert.notEqual(await reader.state(LIMITS), undefined);
    });

    it('gives one thing at a time', async () => {
      log.write('a');
      const reader = engine.open(log.spec());
      await read(reader, 1);
      const next = reader.next();
      const busy = { name: 'EngineError', code: 'ReaderBusy', message: 'a batch of the partition is under way' };
      await assert.rejects(reader.next(), busy);
      await assert.rejects(reader.state(LIMITS), busy);
      reader.stop();
      await next;
    });

    it('reads several partitions at once', async () => {
      const other = new Log();
      try {
        await setRules(runnableRule('creates'));
        const readers = [engine.open(log.spec()), engine.open(other.spec())];
        const [one, two] = readers.map(async (reader) => found(await read(reader, 1)));
        other.write('b');
        assert.deepEqual(await two, { creates: ['b'] });
        log.write('a');
        assert.deepEqual(await one, { creates: ['a'] });
      } finally {
        await engine.close();
        other.remove();
      }
    });

    it('says how the reading goes, also while there is nothing to give', async () => {
      const reader = engine.open(log.spec());
      assert.equal(reader.status().state, 'Waiting');
      const next = reader.next();
      log.write('a');
      const batch = await next;
      await until(() => reader.status().state === 'Following');
      assert.deepEqual(reader.status().position, batch?.batch.end);
      assert.equal(reader.status().lagBytes, 0);
    });

    it('ends what is open when it is closed', async () => {
      log.write('a');
      const reader = engine.open(log.spec());
      await read(reader, 1);
      const next = reader.next();
      await engine.close();
      assert.equal(await next, undefined);
    });
  });
}
