import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { LeaderElector } from '../../../src/kube/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { LeaseServer, type Link } from './lease-server.ts';
import { MachineClock } from './machine-clock.ts';
import { RecordingLogger } from './recording-logger.ts';

interface Options {
  readonly rate?: number;
  readonly work?: (signal: AbortSignal) => Promise<void>;
  readonly annotations?: () => Readonly<Record<string, string>> | undefined;
}

/** A process that takes part in the election. */
class Candidate {
  readonly name: string;
  readonly clock: MachineClock;
  readonly link: Link = { latency: 5, broken: 'no' };
  readonly elector: LeaderElector;
  readonly seen: string[] = [];
  readonly logger = new RecordingLogger();
  readonly stopped: Promise<void>;
  readonly #stop = new AbortController();
  /** While its work has not been told to stop. */
  working = false;
  terms = 0;
  lost: unknown;

  constructor(name: string, server: LeaseServer, truth: FakeClock, { rate = 1, work, annotations }: Options = {}) {
    this.name = name;
    this.clock = new MachineClock(truth, rate);
    this.elector = new LeaderElector({
      leases: server.client(this.link),
      key: { namespace: 'system', name: 'lock' },
      identity: name,
      clock: this.clock,
      logger: this.logger,
      random: () => 0.5,
      ...(annotations && { annotations }),
      onNewLeader: (leader) => this.seen.push(leader),
      onStartedLeading: async (signal) => {
        this.terms++;
        this.working = true;
        signal.addEventListener('abort', () => {
          this.working = false;
          this.lost = signal.reason;
        });
        await work?.(signal);
      },
      onStoppedLeading: () => this.seen.push('stopped'),
    });
    this.stopped = this.elector.run(this.#stop.signal);
  }

  stop(): Promise<void> {
    this.#stop.abort(new Error('stopping'));
    return this.stopped;
  }
}

function election() {
  const truth = new FakeClock();
  const server = new LeaseServer(truth);
  return { truth, server, join: (name: string, options?: Options) => new Candidate(name, server, truth, options) };
}

describe('LeaderElector', () => {
  it('creates the lease, leads, and renews it every two seconds with one request', async () => {
    const { truth, server, join } = election();
    const a = join('a');
    await truth.advance(100);
    assert.equal(a.working, true);
    assert.equal(a.elector.isLeader, true);
    assert.deepEqual(server.lease?.spec, {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.010000Z',
      renewTime: '2026-01-01T00:00:00.010000Z',
      leaseTransitions: 0,
    });
    const before = server.requests;
    await truth.advance(10_200);
    assert.equal(server.requests - before, 5);
    assert.equal(server.lease?.spec?.renewTime, '2026-01-01T00:00:10.060000Z');
    assert.equal(server.lease?.spec?.acquireTime, '2026-01-01T00:00:00.010000Z');
  });

  it('lets the others wait, and tells them who leads', async () => {
    const { truth, join } = election();
    const [a, b] = [join('a'), join('b')];
    await truth.advance(60_000);
    assert.deepEqual([a.working, b.working], [true, false]);
    assert.deepEqual([a.seen, b.seen], [['a'], ['a']]);
    assert.equal(b.elector.leader, 'a');
  });

  it('hands over at once when the leader stops', async () => {
    const { truth, server, join } = election();
    const a = join('a');
    await truth.advance(100);
    const b = join('b');
    await truth.advance(20_000);
    await truth.runUntil(a.stop());
    assert.equal(a.working, false);
    assert.deepEqual(a.seen, ['a', 'stopped']);
    assert.equal(server.lease?.spec?.holderIdentity, '');
    await truth.advance(4400);
    assert.equal(b.working, true);
    assert.equal(server.lease?.spec?.leaseTransitions, 1);
    assert.deepEqual(b.seen, ['a', 'b']);
  });

  it('renews while the work stops, and gives the lease up only then', async () => {
    const { truth, server, join } = election();
    const finish = Promise.withResolvers<void>();
    const a = join('a', { work: () => finish.promise });
    await truth.advance(100);
    const b = join('b');
    const stopped = a.stop();
    await truth.advance(60_000);
    assert.deepEqual([a.working, b.working], [false, false]);
    assert.equal(server.lease?.spec?.holderIdentity, 'a');
    assert.equal(a.elector.healthy(0), true);
    finish.resolve();
    await truth.runUntil(stopped);
    await truth.advance(4400);
    assert.equal(b.working, true);
  });

  for (const broken of ['request', 'answer'] as const) {
    it(`stops at the renew deadline, before another takes over (the ${broken} is lost)`, async () => {
      const { truth, join } = election();
      const a = join('a');
      await truth.advance(100);
      const b = join('b');
      await truth.advance(20_000);
      const cutAt = truth.monotonic();
      a.link.broken = broken;
      let aStopped: number | undefined;
      let bStarted: number | undefined;
      while (bStarted === undefined && truth.monotonic() < cutAt + 60_000) {
        await truth.advance(10);
        if (!a.working) aStopped ??= truth.monotonic();
        if (b.working) bStarted = truth.monotonic();
      }
      assert.ok(aStopped !== undefined && bStarted !== undefined);
      assert.ok(aStopped - cutAt <= 10_000, `stopped after ${aStopped - cutAt} ms`);
      assert.ok(bStarted > aStopped);
      // One more renewal may have arrived whose answer was lost; then the lease's time, and one jittered retry.
      assert.ok(bStarted - cutAt <= 10_000 + 15_000 + 4500, `taken over after ${bStarted - cutAt} ms`);
      assert.match(String(a.lost), /not renewed in time/);
    });
  }

  it('takes a dead leader over within the lease and one retry', async () => {
    const { truth, join } = election();
    const a = join('a');
    await truth.advance(100);
    const b = join('b');
    await truth.advance(20_000);
    a.clock.freeze();
    await truth.advance(15_000 + 4400 + 100);
    assert.equal(b.working, true);
  });

  it('does not act on a stale belief after the process was frozen', async () => {
    const { truth, join } = election();
    const a = join('a');
    await truth.advance(100);
    const b = join('b');
    await truth.advance(1000);
    a.clock.freeze();
    await truth.advance(60_000);
    assert.equal(b.elector.isLeader, true);
    assert.equal(a.elector.isLeader, false);
    a.clock.thaw();
    await truth.advance(100);
    assert.equal(a.working, false);
    await truth.advance(60_000);
    assert.deepEqual([a.working, b.working], [false, true]);
  });

  it('stops at once when it sees another holder', async () => {
    const { truth, server, join } = election();
    const a = join('a');
    await truth.advance(100);
    const lease = server.lease!;
    await truth.runUntil(
      server
        .client({ latency: 0, broken: 'no' })
        .replace({ ...lease, spec: { ...lease.spec, holderIdentity: 'usurper' } }),
    );
    await truth.advance(2100);
    assert.equal(a.working, false);
    assert.match(String(a.lost), /held by usurper/);
    await truth.advance(30_000);
    assert.equal(a.working, true);
    assert.equal(a.terms, 2);
  });

  it('goes on leading when the lease was deleted', async () => {
    const { truth, server, join } = election();
    const a = join('a');
    await truth.advance(100);
    server.lease = undefined;
    await truth.advance(3000);
    assert.equal(a.working, true);
    assert.equal(a.terms, 1);
  });

  it('gives the lease up and seeks it again when the work fails', async () => {
    const { truth, server, join } = election();
    const a = join('a', { work: () => Promise.reject(new Error('broken work')) });
    await truth.advance(100);
    assert.equal(server.lease?.spec?.holderIdentity, '');
    assert.deepEqual(
      a.logger.at('error').map(({ fields }) => fields),
      [{ error: 'broken work' }],
    );
    await truth.advance(3400);
    assert.equal(a.terms, 2);
    await truth.runUntil(a.stop());
  });

  it('publishes what the holder says with each renewal, and last when the lease is given up', async () => {
    const { truth, server, join } = election();
    let said: string | undefined;
    const a = join('a', { annotations: () => (said === undefined ? undefined : { position: said }) });
    await truth.advance(100);
    said = 'one';
    await truth.advance(2100);
    assert.deepEqual(server.lease?.metadata.annotations, { position: 'one' });
    said = 'two';
    await truth.runUntil(a.stop());
    assert.deepEqual(server.lease?.metadata.annotations, { position: 'two' });
    const b = join('b');
    await truth.advance(100);
    assert.equal(b.working, true);
    assert.deepEqual(b.elector.lease?.metadata.annotations, { position: 'two' });
  });

  it('goes on leading when the holder cannot say what to publish', async () => {
    const { truth, join } = election();
    const a = join('a', {
      annotations: () => {
        throw new Error('broken');
      },
    });
    await truth.advance(60_000);
    assert.equal(a.elector.isLeader, true);
    assert.equal(a.terms, 1);
  });

  it('is unhealthy while work does not stop although the lease is gone', async () => {
    const { truth, join } = election();
    const a = join('a', { work: () => new Promise(() => undefined) });
    await truth.advance(100);
    a.link.broken = 'request';
    await truth.advance(30_000);
    assert.equal(a.working, false);
    assert.equal(a.elector.healthy(20_000), true);
    await truth.advance(10_000);
    assert.equal(a.elector.healthy(20_000), false);
  });

  it('refuses timings that cannot be safe', () => {
    const { server } = election();
    const make =
      (timings: { leaseDuration: number; renewDeadline: number; retryPeriod: number }, identity = 'a') =>
      () =>
        new LeaderElector({
          leases: server.client({ latency: 0, broken: 'no' }),
          key: { name: 'lock' },
          identity,
          timings,
          onStartedLeading: async () => undefined,
        });
    assert.throws(make({ leaseDuration: 10_000, renewDeadline: 10_000, retryPeriod: 2000 }), RangeError);
    assert.throws(make({ leaseDuration: 15_000, renewDeadline: 2400, retryPeriod: 2000 }), RangeError);
    assert.throws(make({ leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2000 }, ''), RangeError);
  });

  it('never has two leaders at a time, whatever the network and the machines do', async () => {
    const happening = fc.record({
      who: fc.constantFrom(0, 1),
      what: fc.constantFrom('freeze', 'thaw', 'cut requests', 'cut answers', 'heal', 'slow', 'fast'),
      wait: fc.integer({ min: 10, max: 15_000 }),
    });
    const rates = fc.tuple(
      fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      fc.double({ min: 0.9, max: 1.1, noNaN: true }),
    );
    let takeovers = 0;
    await fc.assert(
      fc.asyncProperty(rates, fc.array(happening, { maxLength: 12 }), async ([first, second], happenings) => {
        const { truth, join } = election();
        const candidates = [join('a', { rate: first }), join('b', { rate: second })];
        const check = () => {
          const leading = candidates.filter(({ elector }) => elector.isLeader).map(({ name }) => name);
          assert.ok(leading.length <= 1, `${leading.join(' and ')} lead at ${truth.monotonic()}`);
        };
        const pass = async (ms: number) => {
          for (let left = ms; left > 0; left -= 500) {
            await truth.advance(Math.min(500, left));
            check();
          }
        };
        for (const { who, what, wait } of happenings) {
          befall(candidates[who]!, what);
          await settle();
          check();
          await pass(wait);
        }
        for (const candidate of candidates) for (const what of ['thaw', 'heal', 'fast']) befall(candidate, what);
        await pass(40_000);
        assert.equal(candidates.filter(({ elector }) => elector.isLeader).length, 1, 'in the end somebody leads');
        takeovers += candidates.reduce((sum, { terms }) => sum + terms, 0) - 1;
        await truth.runUntil(Promise.all(candidates.map((candidate) => candidate.stop())));
      }),
      { numRuns: 60 },
    );
    assert.ok(takeovers > 0);
  });
});

function befall({ clock, link }: Candidate, what: string): void {
  switch (what) {
    case 'freeze':
      clock.freeze();
      break;
    case 'thaw':
      clock.thaw();
      break;
    case 'cut requests':
      link.broken = 'request';
      break;
    case 'cut answers':
      link.broken = 'answer';
      break;
    case 'heal':
      link.broken = 'no';
      break;
    case 'slow':
      link.latency = 3000;
      break;
    default:
      link.latency = 5;
  }
}
