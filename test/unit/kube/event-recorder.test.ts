import assert from 'node:assert/strict';
import {
  ConnectionError,
  type Event,
  EventRecorder,
  type EventRecorderOptions,
  type Occurrence,
  type Patch,
  StatusError,
} from '../../../src/kube/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { RecordingLogger } from './recording-logger.ts';

const request = { method: 'POST', path: '/events' };
const unreachable = () => new ConnectionError('ECONNREFUSED', 'refused', request);
const refusal = (code: number, reason: string, details = {}) => new StatusError({ code, reason, details }, request);

/** The Events on a server. `trouble` is asked before every write; `lateTrouble` after it took effect. */
class EventServer {
  readonly events = new Map<string, Event>();
  readonly writes: string[] = [];
  trouble: (write: string) => Error | undefined = () => undefined;
  lateTrouble: (write: string) => Error | undefined = () => undefined;

  readonly client: EventRecorderOptions['events'] = {
    create: async (draft) => {
      this.#begin('create');
      const event: Event = {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        ...draft,
        metadata: { name: '', ...draft.metadata },
      };
      if (this.events.has(event.metadata.name)) throw refusal(409, 'AlreadyExists');
      this.events.set(event.metadata.name, event);
      return this.#end('create', event);
    },
    patch: async (key, patch) => {
      this.#begin('patch');
      const event = this.events.get(key.name);
      if (event === undefined) throw refusal(404, 'NotFound');
      const patched = { ...event, ...documentOf(patch) };
      this.events.set(key.name, patched);
      return this.#end('patch', patched);
    },
  };

  get only(): Event {
    assert.equal(this.events.size, 1);
    return [...this.events.values()][0]!;
  }

  #begin(write: string): void {
    this.writes.push(write);
    const error = this.trouble(write);
    if (error !== undefined) throw error;
  }

  #end(write: string, event: Event): Event {
    const error = this.lateTrouble(write);
    if (error !== undefined) throw error;
    return event;
  }
}

function documentOf(patch: Patch): object {
  assert.equal(patch.type, 'merge');
  return patch.type === 'merge' && typeof patch.document === 'object' ? { ...patch.document } : {};
}

const occurrence = (changes: Partial<Occurrence> = {}): Occurrence => ({
  regarding: { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'backup', uid: 'u1' },
  related: { apiVersion: 'example.dev/v1', kind: 'Alert', name: 'a1' },
  type: 'Warning',
  reason: 'Matched',
  action: 'Create',
  note: 'alice created it',
  ...changes,
});
const about = (name: string) => occurrence({ regarding: { kind: 'CronJob', namespace: 'shop', name } });

function start(options: Partial<EventRecorderOptions> = {}) {
  const clock = new FakeClock();
  const server = new EventServer();
  const logger = new RecordingLogger();
  const dropped: Record<string, number> = {};
  const recorder = new EventRecorder({
    events: server.client,
    reporter: { controller: 'example.dev/test', instance: 'test-1' },
    clock,
    logger,
    random: () => 0.5,
    metrics: {
      eventWritten: () => undefined,
      eventsDropped: (reason, occurrences) => {
        dropped[reason] = (dropped[reason] ?? 0) + occurrences;
      },
    },
    ...options,
  });
  const stop = new AbortController();
  const stopped = recorder.run(stop.signal);
  return { clock, server, recorder, logger, dropped, stop: () => stop.abort(), stopped };
}

describe('EventRecorder', () => {
  it('writes an Event about the object, in its namespace', async () => {
    const { recorder, server } = start();
    recorder.record(occurrence());
    await settle();
    assert.deepEqual(server.only, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: 'shop', name: 'backup.19b76daa80080000000' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.dev/test',
      reportingInstance: 'test-1',
      ...occurrence(),
    });
    assert.equal(recorder.pending, 0);
  });

  it('makes a series of what happens again: the second at once, the rest when it is over', async () => {
    const { recorder, server, clock } = start();
    recorder.record(occurrence());
    await clock.advance(1000);
    recorder.record(occurrence());
    await clock.advance(1000);
    assert.deepEqual(server.only.series, { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' });
    for (let n = 0; n < 5; n++) {
      recorder.record(occurrence());
      await clock.advance(1000);
    }
    assert.deepEqual(server.writes, ['create', 'patch']);
    assert.equal(recorder.pending, 5);
    await clock.advance(8 * 60_000);
    assert.deepEqual(server.writes, ['create', 'patch', 'patch']);
    assert.deepEqual(server.only.series, { count: 7, lastObservedTime: '2026-01-01T00:00:06.000000Z' });
    recorder.record(occurrence());
    await settle();
    assert.equal(server.events.size, 2, 'after the end of a series a new Event begins');
  });

  it('refreshes a series that goes on every half hour', async () => {
    const { recorder, server, clock } = start();
    for (let minute = 0; minute < 70; minute++) {
      recorder.record(occurrence());
      await clock.advance(60_000);
    }
    assert.deepEqual(server.writes, ['create', 'patch', 'patch', 'patch']);
    assert.ok((server.only.series?.count ?? 0) > 60);
  });

  it('makes one write of what happens while the first is not written', async () => {
    const { recorder, server } = start();
    for (let n = 0; n < 9; n++) recorder.record(occurrence());
    await settle();
    assert.deepEqual(server.writes, ['create']);
    assert.equal(server.only.series?.count, 9);
  });

  const differences: readonly Partial<Occurrence>[] = [
    { note: 'bob created it' },
    { reason: 'Other' },
    { action: 'Delete' },
    { type: 'Normal' },
    { related: undefined },
    { regarding: { kind: 'CronJob', namespace: 'shop', name: 'other' } },
  ];
  for (const difference of differences) {
    it(`makes two Events of what differs in ${Object.keys(difference)[0]}`, async () => {
      const { recorder, server, clock } = start();
      recorder.record(occurrence());
      await clock.advance(1);
      recorder.record(occurrence(difference));
      await clock.advance(1);
      assert.deepEqual(
        [...server.events.values()].map(({ series }) => series),
        [undefined, undefined],
      );
    });
  }

  it('tries again while the server is away, up to twelve times, and counts what it gives up', async () => {
    const { recorder, server, clock, dropped } = start();
    server.trouble = unreachable;
    recorder.record(occurrence());
    await clock.advance(60_000);
    recorder.record(occurrence());
    assert.equal(server.writes.length, 7);
    server.trouble = () => undefined;
    await clock.advance(10_000);
    assert.equal(server.only.series?.count, 2);
    server.trouble = unreachable;
    for (let n = 0; n < 3; n++) recorder.record(about('other'));
    await clock.advance(200_000);
    assert.equal(server.writes.length, 8 + 12);
    assert.deepEqual(dropped, { retries: 3 });
    assert.equal(recorder.pending, 0);
  });

  it('does not hurry when occurrences come while a series cannot be written', async () => {
    const { recorder, server, clock, dropped } = start();
    recorder.record(occurrence());
    await settle();
    server.trouble = unreachable;
    for (let n = 0; n < 50; n++) {
      recorder.record(occurrence());
      await clock.advance(100);
    }
    assert.deepEqual(server.writes, ['create', 'patch']);
    server.trouble = () => undefined;
    await clock.advance(10_000);
    assert.equal(server.only.series?.count, 51);
    assert.deepEqual(dropped, {});
  });

  for (const again of [0, 2]) {
    it(`does not write twice when only the answer was lost (${again} more since)`, async () => {
      const { recorder, server, clock, dropped } = start();
      server.lateTrouble = unreachable;
      recorder.record(occurrence());
      await settle();
      server.lateTrouble = () => undefined;
      for (let n = 0; n < again; n++) recorder.record(occurrence());
      await clock.advance(10_000);
      assert.equal(server.only.series?.count, again === 0 ? undefined : 3);
      assert.equal(recorder.pending, 0);
      assert.deepEqual(dropped, {});
    });
  }

  it('creates an Event anew that the server has deleted meanwhile', async () => {
    const { recorder, server } = start();
    recorder.record(occurrence());
    await settle();
    server.events.clear();
    recorder.record(occurrence());
    await settle();
    assert.equal(server.only.series?.count, 2);
  });

  it('does not try again what the server refuses', async () => {
    const { recorder, server, clock, dropped, logger } = start();
    server.trouble = () => refusal(403, 'Forbidden');
    recorder.record(occurrence());
    await clock.advance(100_000);
    assert.deepEqual(server.writes, ['create']);
    assert.deepEqual(dropped, { rejected: 1 });
    assert.equal(logger.at('warn').length, 1);
  });

  const gone = [
    { name: 'terminating', error: () => refusal(403, 'Forbidden', { causes: [{ reason: 'NamespaceTerminating' }] }) },
    { name: 'missing', error: () => refusal(404, 'NotFound', { kind: 'namespaces', name: 'shop' }) },
  ];
  for (const { name, error } of gone) {
    it(`hands over what cannot be written because its namespace is ${name}`, async () => {
      const redirected: [string | undefined, number][] = [];
      const { recorder, server, dropped } = start({
        onNamespaceGone: ({ regarding, related, ...rest }, count) => {
          redirected.push([regarding.name, count]);
          recorder.record({ ...rest, regarding: related ?? {} }, count);
        },
      });
      server.trouble = () => {
        server.trouble = () => undefined;
        return error();
      };
      recorder.record(occurrence());
      recorder.record(occurrence());
      await settle();
      assert.deepEqual(redirected, [['backup', 2]]);
      assert.equal(server.only.metadata.namespace, 'default');
      assert.equal(server.only.regarding.kind, 'Alert');
      assert.equal(server.only.series?.count, 2);
      assert.deepEqual(dropped, {});
    });
  }

  it('counts what nobody redirects', async () => {
    const { recorder, server, dropped } = start();
    server.trouble = gone[0]!.error;
    recorder.record(occurrence());
    await settle();
    assert.deepEqual(dropped, { namespace: 1 });
  });

  it('counts what is invalid', () => {
    const { recorder, dropped } = start();
    recorder.record(occurrence({ reason: '' }));
    assert.deepEqual(dropped, { invalid: 1 });
  });

  it('keeps a bounded number in mind: forgets what is written first, and counts what it cannot take', async () => {
    const { recorder, server, clock, dropped } = start({ limits: { maxKeys: 10 } });
    for (let n = 0; n < 10; n++) recorder.record(about(`written-${n}`));
    await settle();
    server.trouble = unreachable;
    for (let n = 0; n < 13; n++) recorder.record(about(`pending-${n}`));
    assert.deepEqual(dropped, { overflow: 3 });
    server.trouble = () => undefined;
    await clock.advance(20_000);
    assert.equal(server.events.size, 20);
  });

  it('writes at a bounded rate and loses nothing by it', async () => {
    const { recorder, server, clock, dropped } = start({ limits: { rate: { qps: 10, burst: 5 } } });
    for (let n = 0; n < 100; n++) for (let times = 0; times < 3; times++) recorder.record(about(`object-${n}`));
    await clock.advance(4000);
    assert.ok(server.writes.length >= 43 && server.writes.length <= 46, String(server.writes.length));
    await clock.advance(6000);
    assert.equal(server.events.size, 100);
    assert.equal(recorder.pending, 0);
    assert.deepEqual(dropped, {});
  });

  it('writes everything when it is flushed, counts of series included', async () => {
    const { recorder, server, clock, dropped, stop, stopped } = start();
    for (let n = 0; n < 4; n++) {
      recorder.record(occurrence());
      await settle();
    }
    assert.equal(server.only.series?.count, 2);
    await clock.runUntil(recorder.flush(new AbortController().signal));
    assert.equal(server.only.series?.count, 4);
    recorder.record(occurrence());
    assert.deepEqual(dropped, { shutdown: 1 });
    stop();
    await stopped;
    assert.equal(clock.pendingTimers, 0);
  });

  it('counts what a flush has no time for', async () => {
    const { recorder, server, dropped, stop, stopped } = start();
    server.trouble = unreachable;
    for (let n = 0; n < 3; n++) recorder.record(occurrence());
    recorder.record(about('other'));
    const time = new AbortController();
    const flushed = recorder.flush(time.signal);
    await settle();
    time.abort();
    await flushed;
    assert.deepEqual(dropped, { shutdown: 4 });
    stop();
    await stopped;
    assert.deepEqual(dropped, { shutdown: 4 });
  });

  it('counts what is pending when it is stopped without a flush', async () => {
    const { recorder, server, dropped, stop, stopped } = start();
    server.trouble = unreachable;
    recorder.record(occurrence());
    await settle();
    stop();
    await stopped;
    assert.deepEqual(dropped, { shutdown: 1 });
  });
});
