import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alertName, type Budget, OVERFLOW_KEY, type PendingAlert } from '../../../src/alerts/index.ts';
import { AlertCensus } from '../../../src/controllers/alert/alert-census.ts';
import { AlertDelivery } from '../../../src/controllers/alert/alert-delivery.ts';
import { AlertWriter } from '../../../src/controllers/alert/alert-writer.ts';
import { TokenBucket } from '../../../src/kube/index.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { AlertObjects, pendingOf, ruleNamed } from './alert-objects.ts';

const PARTITION = 'kube-apiserver/one';
const RULE = ruleNamed('test');
const OVERFLOW = alertName('test', OVERFLOW_KEY);
const never = new AbortController().signal;
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);

/** A replica. Its delivery is made anew where it starts following again. */
class Replica {
  readonly census: AlertCensus;
  readonly overflowed: number[] = [];
  readonly #objects: AlertObjects;
  readonly #clock: FakeClock;
  readonly #rate: TokenBucket;

  constructor(objects: AlertObjects, budget: Budget, clock = new FakeClock(), qps = 1e6) {
    this.#objects = objects;
    this.#clock = clock;
    this.census = new AlertCensus(objects.store, budget, clock);
    this.#rate = new TokenBucket({ qps, burst: qps * 5 }, clock);
  }

  follow(): AlertDelivery {
    const mayWrite = async (signal: AbortSignal) => await this.#rate.take(signal);
    return new AlertDelivery({
      writer: new AlertWriter({ alerts: this.#objects, census: this.census, mayWrite, clock: this.#clock }),
      isKnown: (name) => this.census.get(name) !== undefined,
      catchUp: this.#objects.catchUp,
      publish: async () => undefined,
      metrics: { alertWrite: () => undefined, overflowed: (_rule, matches) => void this.overflowed.push(matches) },
      clock: this.#clock,
      logger: new RecordingLogger(),
    });
  }
}

describe('the budget of Alerts, kept', () => {
  let objects: AlertObjects;
  beforeEach(() => (objects = new AlertObjects()));

  const countOf = (name: string): number | undefined => objects.objects.get(name)?.status?.count;
  const alice = (object: string, ...offsets: readonly number[]): PendingAlert =>
    pendingOf(RULE, 'alice', object, offsets);
  const bob = (object: string, ...offsets: readonly number[]): PendingAlert => pendingOf(RULE, 'bob', object, offsets);

  it('creates no more Alerts of a rule than it may have, and counts the rest in one that names the actors', async () => {
    const replica = new Replica(objects, { alerts: 100, alertsPerRule: 4 });
    const batch = range(1, 11).map((n) => (n % 2 === 0 ? alice(`job-${n}`, n) : bob(`job-${n}`, n)));
    await replica.follow().deliver(batch, PARTITION, never);
    assert.equal(objects.objects.size, 5);
    const overflow = objects.objects.get(OVERFLOW);
    assert.equal(overflow?.finding.overflow, true);
    assert.equal(overflow.status?.count, 6);
    assert.deepEqual(overflow.status.actors, { alice: 3, bob: 3 });
    assert.deepEqual(replica.overflowed, [6]);
    assert.equal(replica.census.ofRule('test'), 4);
    assert.equal(replica.census.overflowOf('test'), OVERFLOW);
  });

  it('goes on counting in the Alerts that there are', async () => {
    const delivery = new Replica(objects, { alerts: 100, alertsPerRule: 2 }).follow();
    await delivery.deliver([alice('a', 1), bob('b', 2)], PARTITION, never);
    await delivery.deliver([alice('a', 3), bob('c', 4)], PARTITION, never);
    assert.equal(countOf(alice('a').name), 2);
    assert.equal(countOf(OVERFLOW), 1);
  });

  it('leaves half of a rule’s Alerts to others than the one who makes most of them', async () => {
    const delivery = new Replica(objects, { alerts: 100, alertsPerRule: 10 }).follow();
    await delivery.deliver(
      range(1, 50).map((n) => alice(`job-${n}`, n)),
      PARTITION,
      never,
    );
    await delivery.deliver([bob('important', 50)], PARTITION, never);
    assert.equal(countOf(bob('important').name), 1);
    assert.equal(objects.objects.size, 5 + 1 + 1);
  });

  it('keeps the bound of the cluster over all rules, but for one Alert a rule', async () => {
    const delivery = new Replica(objects, { alerts: 5, alertsPerRule: 4 }).follow();
    const rules = range(0, 4).map((n) => ruleNamed(`rule-${n}`));
    const batch = rules.flatMap((rule, r) =>
      range(0, 5).map((n) => pendingOf(rule, `user-${n}`, 'x', [10 * r + n + 1])),
    );
    await delivery.deliver(batch, PARTITION, never);
    const overflows = [...objects.objects.values()].filter(({ finding }) => finding.overflow === true).length;
    assert.ok(objects.objects.size - overflows <= 5);
    for (const { name } of rules) assert.equal(objects.counted(name), 5);
  });

  it('counts a request once where room was made before its batch is read again', async () => {
    const replica = new Replica(objects, { alerts: 100, alertsPerRule: 2 });
    const batch = [alice('a', 1), bob('b', 2), alice('c', 3), bob('d', 4)];
    await replica.follow().deliver(batch, PARTITION, never);
    // The replica dies before its checkpoint moves; meanwhile somebody deletes an Alert.
    await objects.delete({ name: alice('a').name });
    const next = new Replica(objects, { alerts: 100, alertsPerRule: 2 }).follow();
    await next.deliver(batch, PARTITION, never);
    assert.equal(objects.counted('test'), 3);
    assert.equal(countOf(alice('c').name), undefined, 'it was counted among what found no room');
    await next.deliver([alice('c', 5)], PARTITION, never);
    assert.equal(countOf(alice('c').name), 1);
  });

  it('loses nothing of a batch that was interrupted before what found no room was written', async () => {
    const replica = new Replica(objects, { alerts: 100, alertsPerRule: 2 });
    const batch = [alice('a', 1), bob('b', 2), alice('c', 3), bob('d', 4)];
    const stop = new AbortController();
    objects.before = (method, name) => {
      if (method === 'create' && name === OVERFLOW) stop.abort(new Error('killed'));
      stop.signal.throwIfAborted();
    };
    await assert.rejects(replica.follow().deliver(batch, PARTITION, stop.signal), /killed/);
    objects.before = () => undefined;
    assert.equal(objects.counted('test'), 2);
    await new Replica(objects, { alerts: 100, alertsPerRule: 3 }).follow().deliver(batch, PARTITION, never);
    assert.equal(objects.counted('test'), 4);
  });

  it('counts once what the replica before counted in an Alert that this one had not heard of', async () => {
    const budget = { alerts: 100, alertsPerRule: 2 };
    await new Replica(objects, budget).follow().deliver([alice('a', 1), bob('b', 2)], PARTITION, never);
    // The one that stands by hears of nothing for a while. Somebody makes room, and the other one uses it, and dies.
    objects.watched = false;
    await objects.delete({ name: alice('a').name });
    await new Replica(objects, { ...budget, alertsPerRule: 4 }).follow().deliver([alice('c', 3)], PARTITION, never);
    await new Replica(objects, budget).follow().deliver([alice('c', 3)], PARTITION, never);
    assert.equal(objects.counted('test'), 2);
    assert.equal(countOf(alice('c').name), 1);
  });

  it('counts once what it had counted when the answer got lost, though it never heard of the Alert', async () => {
    const clock = new FakeClock();
    const delivery = new Replica(objects, { alerts: 100, alertsPerRule: 2 }, clock).follow();
    objects.watched = false;
    await delivery.deliver([alice('a', 1)], PARTITION, never);
    // It believes that the Alert is gone, and others take the room.
    await clock.advance(61_000);
    await delivery.deliver([bob('b', 2), pendingOf(RULE, 'carol', 'c', [3])], PARTITION, never);
    objects.written = () => {
      objects.written = () => undefined;
      throw new Error('the answer is lost');
    };
    await clock.runUntil(delivery.deliver([alice('a', 4)], PARTITION, never));
    assert.equal(objects.counted('test'), 4);
    assert.equal(countOf(alice('a').name), 2);
  });

  it('gives the room of an Alert back that could not be created', async () => {
    const replica = new Replica(objects, { alerts: 100, alertsPerRule: 2 });
    objects.before = (method) => {
      if (method === 'create') throw new Error('away');
    };
    const stop = new AbortController();
    const delivered = replica.follow().deliver([alice('a', 1)], PARTITION, stop.signal);
    stop.abort(new Error('over'));
    await assert.rejects(delivered, /over/);
    assert.equal(replica.census.total, 0);
  });

  it('believes after a while that an Alert is gone which it created and never saw', async () => {
    const clock = new FakeClock();
    const replica = new Replica(objects, { alerts: 100, alertsPerRule: 2 }, clock);
    objects.watched = false;
    await replica.follow().deliver([alice('a', 1), bob('b', 2)], PARTITION, never);
    assert.equal(replica.census.total, 2);
    await clock.advance(61_000);
    assert.equal(replica.census.reserve('c', { rule: 'test', actor: 'carol' }), true);
    assert.equal(replica.census.total, 1);
  });

  it('counts every request once through crashes, several replicas and Alerts that are deleted by hand', async () => {
    const step = fc.record({
      replica: fc.nat(1),
      /** Actor and object of each request of the batch. */
      requests: fc.array(fc.tuple(fc.nat(2), fc.nat(6)), { minLength: 1, maxLength: 8 }),
      /** After how many requests to the API server the replica dies, and the batch is read again. */
      crash: fc.option(fc.nat(12), { nil: undefined }),
      /** Between batches, when the checkpoint has moved. */
      remove: fc.option(fc.nat(8), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const all = new AlertObjects();
        const budget = { alerts: 100, alertsPerRule: 4 };
        const offsets = [0, 0];
        let expected = 0;
        let removed = 0;
        for (const { replica, requests, crash, remove } of steps) {
          const batch = requests.map(([actor, object]) =>
            pendingOf(RULE, `user-${actor}`, `job-${object}`, [(offsets[replica] = (offsets[replica] ?? 0) + 1)]),
          );
          const merged = [...Map.groupBy(batch, ({ name }) => name).values()].flatMap(([first, ...others]) =>
            first === undefined ? [] : [{ ...first, hits: [first, ...others].flatMap(({ hits }) => hits) }],
          );
          if (crash !== undefined) {
            const stop = new AbortController();
            let left = crash;
            all.before = () => {
              if (left-- <= 0) stop.abort(new Error('killed'));
              stop.signal.throwIfAborted();
            };
            await new Replica(all, budget)
              .follow()
              .deliver(merged, `p/${replica}`, stop.signal)
              .catch(() => undefined);
            all.before = () => undefined;
          }
          await new Replica(all, budget).follow().deliver(merged, `p/${replica}`, never);
          expected += batch.length;
          const victim = [...all.objects.values()][remove ?? Infinity];
          if (victim !== undefined) {
            removed += victim.status?.count ?? 0;
            await all.delete({ name: victim.metadata.name });
          }
        }
        assert.equal(all.counted('test') + removed, expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a flood of 100,000 distinct objects', () => {
  it('makes a bounded number of Alerts, and no more writes a second than it may', async () => {
    const objects = new AlertObjects();
    const clock = new FakeClock();
    const replica = new Replica(objects, { alerts: 5000, alertsPerRule: 500 }, clock, 20);
    const delivery = replica.follow();
    const times: number[] = [];
    objects.before = (method) => void (method !== 'get' && times.push(clock.monotonic()));
    for (let batch = 0; batch < 100; batch++) {
      const flood = range(batch * 1000 + 1, batch * 1000 + 1001).map((n) =>
        pendingOf(RULE, 'mallory', `job-${n}`, [n]),
      );
      await clock.runUntil(delivery.deliver(flood, PARTITION, never));
    }
    assert.equal(objects.counted('test'), 100_000);
    assert.equal(objects.objects.size, 250 + 1);
    // A write each for creation and count of 250 Alerts, and for each batch one of the Alert that counts the rest.
    assert.equal(objects.writes.length, 2 * 250 + 100 + 1);
    for (const [at, time] of times.entries()) {
      const within = times.filter((other) => other >= time && other < time + 10_000).length;
      assert.ok(within <= 20 * 10 + 20 * 5, `${within} writes in 10 s from write ${at} on`);
    }
    const { status } = objects.objects.get(OVERFLOW) ?? {};
    assert.deepEqual(status?.actors, { mallory: 99_750 });
    const bytes = [...objects.objects.values()].reduce((sum, alert) => sum + JSON.stringify(alert).length, 0);
    assert.ok(bytes / objects.objects.size < 4096, `${bytes / objects.objects.size} bytes an Alert`);
  }).timeout(60_000);
});
