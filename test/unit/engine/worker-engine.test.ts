import assert from 'node:assert/strict';
import { EngineError, type PartitionReader, WorkerEngine } from '../../../src/engine/index.ts';
import { found, LIMITS, read } from './engine-contract.ts';
import { Log } from './log.ts';
import { runnableRule } from './rules.ts';
import { Sender } from './sender.ts';

describe('the thread of an engine', () => {
  const failing = new URL('./failing-worker.ts', import.meta.url);
  const expired = async () => [];
  let log: Log;
  let engine: WorkerEngine;
  let failures: EngineError[];

  beforeEach(() => {
    log = new Log();
    failures = [];
  });

  afterEach(async () => {
    await engine.close();
    log.remove();
  });

  const start = (options: Partial<ConstructorParameters<typeof WorkerEngine>[0]> = {}): void => {
    engine = new WorkerEngine({ expired, onFailure: (error) => failures.push(error), ...options });
  };
  const crash = async (reader: PartitionReader): Promise<void> => {
    await assert.rejects(reader.state({ files: 0, requests: 0 }), { name: 'EngineError', code: 'EngineEnded' });
  };

  it('that fails rejects all that was asked of it, says why, and is replaced by one with the same rules', async () => {
    start({ entry: failing });
    await engine.setRules({ set: [runnableRule('creates'), runnableRule('other', 'verb: delete')], remove: [] });
    await engine.setRules({ set: [], remove: ['other'] });
    const reader = engine.open(log.spec());
    log.write('a');
    await read(reader, 1);
    const state = await reader.state(LIMITS);
    log.write('b');
    assert.deepEqual(found(await read(reader, 1)), { creates: ['b'] });
    const other = engine.open(log.spec()).next();
    await crash(reader);
    await other.catch(() => undefined);
    assert.deepEqual(
      failures.map(({ code, message }) => [code, message]),
      [['EngineEnded', 'the thread that reads and matches has ended: ERR_BUG: a bug']],
    );
    await assert.rejects(reader.next(), EngineError);
    await reader.close();
    log.write('c', { verb: 'delete' });
    const again = engine.open(log.spec(state?.stored));
    assert.deepEqual(found(await read(again, 2)), { creates: ['b'] });
  });

  it('that fails takes deliveries again where it did, and what was delivered is not lost', async () => {
    const sender = new Sender();
    try {
      start({ entry: failing });
      await engine.setRules({ set: [runnableRule('creates')], remove: [] });
      const { port } = await engine.listen(sender.listen(), () => {});
      const reader = engine.open(sender.spec('hook'));
      const first = read(reader, 1);
      while ((await sender.send(port, 'hook', 'a')) !== 200);
      assert.deepEqual(found(await first), { creates: ['a'] });
      const state = await reader.state(LIMITS);
      assert.equal(await sender.send(port, 'hook', 'b'), 200);
      await crash(reader);
      const again = read(engine.open(sender.spec('hook', state?.stored)), 2);
      while ((await sender.send(port, 'hook', 'c')) !== 200);
      assert.deepEqual(found(await again), { creates: ['b', 'c'] });
    } finally {
      await engine.close();
      sender.remove();
    }
  });

  it('that fails while rules are on their way: they come to the next one', async () => {
    start({ entry: failing, clock: { setTimer: soon } });
    const reader = engine.open(log.spec());
    const crashed = crash(reader);
    assert.deepEqual(await engine.setRules({ set: [runnableRule('creates')], remove: [] }), []);
    await crashed;
    log.write('a');
    assert.deepEqual(found(await read(engine.open(log.spec()), 1)), { creates: ['a'] });
  });

  it('that hangs is ended, says so, and is replaced', async () => {
    start({ entry: failing, stuckAfter: 600 });
    await engine.setRules({ set: [runnableRule('creates')], remove: [] });
    const reader = engine.open(log.spec());
    await assert.rejects(reader.state({ files: -1, requests: 0 }), {
      code: 'EngineEnded',
      message: 'the thread that reads and matches has ended: EngineFailed: it has not answered for 0.6 s',
    });
    log.write('a');
    assert.deepEqual(found(await read(engine.open(log.spec()), 1)), { creates: ['a'] });
  });

  it('that runs out of memory ends alone, and says so', async () => {
    start({ resourceLimits: { maxOldGenerationSizeMb: 16 } });
    const rules = Array.from({ length: 5000 }, (_, i) =>
      runnableRule(`rule-${i}`, `requestURI|re: '^/api/v${i}/.*x$'`),
    );
    const setting = engine.setRules({ set: rules, remove: [] });
    const reader = engine.open(log.spec());
    await assert.rejects(reader.next(), (error: unknown) => {
      assert.ok(error instanceof EngineError);
      assert.match(error.message, /ERR_WORKER_OUT_OF_MEMORY/);
      return true;
    });
    await engine.close();
    await assert.rejects(setting, { code: 'EngineClosed' });
  });

  it('ends when the engine is closed, and leaves nothing behind', async () => {
    start();
    const reader = engine.open(log.spec());
    void reader.next();
    await engine.close();
    assert.deepEqual(
      process.getActiveResourcesInfo().filter((resource) => /worker|messageport/i.test(resource)),
      [],
    );
    assert.deepEqual(failures, []);
    assert.throws(() => engine.open(log.spec()), { code: 'EngineClosed' });
  });
});

function soon(_ms: number, callback: () => void): { cancel(): void } {
  const timer = setImmediate(callback);
  return { cancel: () => clearImmediate(timer) };
}
