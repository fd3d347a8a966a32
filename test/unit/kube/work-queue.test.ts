import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { defaultRetryRate, retryLimiter, WorkQueue } from '../../../src/kube/index.ts';
import { FakeClock, settle } from './fake-clock.ts';

describe('WorkQueue', () => {
  it('hands out keys in order, each once however often it was added', async () => {
    const queue = new WorkQueue();
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    assert.deepEqual([await queue.get(), await queue.get(), await queue.get()], ['a', 'b', 'c']);
    assert.equal(queue.length, 0);
  });

  it('hands a key out again after it is done if it was added meanwhile', async () => {
    const queue = new WorkQueue();
    queue.add('a');
    assert.equal(await queue.get(), 'a');
    queue.add('a');
    queue.add('b');
    assert.equal(queue.length, 1);
    assert.equal(await queue.get(), 'b');
    queue.done('a');
    assert.equal(await queue.get(), 'a');
  });

  it('gives an idle worker the next key', async () => {
    const queue = new WorkQueue();
    const [first, second] = [queue.get(), queue.get()];
    queue.add('a');
    queue.add('b');
    assert.deepEqual(await Promise.all([first, second]), ['a', 'b']);
  });

  it('adds a key after its earliest time', async () => {
    const clock = new FakeClock();
    const queue = new WorkQueue({ clock });
    queue.addAfter('a', 500);
    queue.addAfter('a', 200);
    queue.addAfter('a', 900);
    await clock.advance(199);
    assert.equal(queue.length, 0);
    await clock.advance(1);
    assert.equal(queue.length, 1);
    assert.equal(clock.pendingTimers, 0);
    queue.addAfter('b', 0);
    assert.equal(queue.length, 2);
  });

  it('retries a failing key after 5 ms, 10 ms, … 1000 s, and after 5 ms again once it was well', async () => {
    const clock = new FakeClock();
    const limiter = retryLimiter({ ...defaultRetryRate, qps: 1e9, burst: 1e9 }, clock);
    const waits = Array.from({ length: 20 }, () => limiter.when('a'));
    assert.deepEqual(waits.slice(0, 4), [5, 10, 20, 40]);
    assert.deepEqual(waits.slice(-2), [1_000_000, 1_000_000]);
    assert.equal(limiter.retries('a'), 20);
    assert.equal(limiter.when('b'), 5);
    limiter.forget('a');
    assert.equal(limiter.when('a'), 5);
  });

  it('lets all keys together retry 10 times a second after a burst of 100', () => {
    const limiter = retryLimiter(defaultRetryRate, new FakeClock());
    for (let n = 0; n < 100; n++) assert.equal(limiter.when(`key ${n}`), 5);
    assert.deepEqual(
      [1, 2, 3].map((n) => Math.round(limiter.when(`later ${n}`))),
      [100, 200, 300],
    );
  });

  it('finishes what is in it when it is shut down, and takes in no more', async () => {
    const clock = new FakeClock();
    const queue = new WorkQueue({ clock });
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    assert.equal(await queue.get(), 'a');
    queue.add('a');
    let down = false;
    void queue.shutDown().then(() => {
      down = true;
    });
    for (const add of [() => queue.add('d'), () => queue.addAfter('d', 5), () => queue.addRateLimited('d')]) add();
    assert.equal(clock.pendingTimers, 0);
    queue.done('a');
    assert.deepEqual([await queue.get(), await queue.get()], ['b', 'a']);
    queue.done('b');
    await settle();
    assert.equal(down, false);
    queue.done('a');
    await settle();
    assert.equal(down, true);
    assert.equal(await queue.get(), undefined);
  });

  it('wakes idle workers when it is shut down', async () => {
    const queue = new WorkQueue();
    const idle = queue.get();
    await queue.shutDown();
    assert.equal(await idle, undefined);
  });

  it('behaves as its model, whatever is done to it', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const commands = fc.commands(
      [
        key.map((k) => new Add(k)),
        fc.tuple(key, fc.integer({ min: 1, max: 50 })).map(([k, ms]) => new AddAfter(k, ms)),
        fc.constant(new Get()),
        fc.nat({ max: 3 }).map((n) => new Done(n)),
        fc.integer({ min: 1, max: 60 }).map((ms) => new Advance(ms)),
      ],
      { maxCommands: 60 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (cmds) => {
        const clock = new FakeClock();
        const setup = () => ({ model: new Model(), real: { queue: new WorkQueue({ clock }), clock } });
        await fc.asyncModelRun(setup, cmds);
      }),
      { numRuns: 200 },
    );
  });
});

/** The specification: what must be worked on, in which order, and what is in hand. */
class Model {
  now = 0;
  readonly order: string[] = [];
  readonly inHand = new Set<string>();
  readonly again = new Set<string>();
  readonly later = new Map<string, number>();

  add(key: string): void {
    if (this.inHand.has(key)) this.again.add(key);
    else if (!this.order.includes(key)) this.order.push(key);
  }
}

interface Real {
  readonly queue: WorkQueue;
  readonly clock: FakeClock;
}

type Command = fc.AsyncCommand<Model, Real>;

const agree = (model: Model, { queue }: Real) => {
  assert.equal(queue.length, model.order.length);
  assert.equal(queue.processing, model.inHand.size);
};

class Add implements Command {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
  check = () => true;
  async run(model: Model, real: Real) {
    model.add(this.key);
    real.queue.add(this.key);
    agree(model, real);
  }
  toString = () => `add(${this.key})`;
}

class AddAfter implements Command {
  readonly key: string;
  readonly ms: number;
  constructor(key: string, ms: number) {
    this.key = key;
    this.ms = ms;
  }
  check = () => true;
  async run(model: Model, real: Real) {
    model.later.set(this.key, Math.min(model.later.get(this.key) ?? Number.POSITIVE_INFINITY, model.now + this.ms));
    real.queue.addAfter(this.key, this.ms);
    agree(model, real);
  }
  toString = () => `addAfter(${this.key}, ${this.ms})`;
}

class Get implements Command {
  check = (model: Readonly<Model>) => model.order.length > 0;
  async run(model: Model, real: Real) {
    const key = model.order.shift();
    assert.ok(key !== undefined);
    model.inHand.add(key);
    assert.equal(await real.queue.get(), key);
    agree(model, real);
  }
  toString = () => 'get()';
}

class Done implements Command {
  readonly pick: number;
  constructor(pick: number) {
    this.pick = pick;
  }
  check = (model: Readonly<Model>) => model.inHand.size > 0;
  async run(model: Model, real: Real) {
    const key = [...model.inHand][this.pick % model.inHand.size]!;
    model.inHand.delete(key);
    if (model.again.delete(key)) model.order.push(key);
    real.queue.done(key);
    agree(model, real);
  }
  toString = () => `done(${this.pick})`;
}

class Advance implements Command {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  async run(model: Model, real: Real) {
    model.now += this.ms;
    const due = [...model.later].filter(([, at]) => at <= model.now).sort((a, b) => a[1] - b[1]);
    for (const [key] of due) {
      model.later.delete(key);
      model.add(key);
    }
    await real.clock.advance(this.ms);
    agree(model, real);
  }
  toString = () => `advance(${this.ms})`;
}
