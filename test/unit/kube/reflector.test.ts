import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type Change,
  ConnectionError,
  Reflector,
  type ReflectorOptions,
  StatusError,
  Store,
  type WatchEvent,
} from '../../../src/kube/index.ts';
import type { ListOptions, ListPage, WatchOptions } from '../../../src/kube/resource.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { RecordingLogger } from './recording-logger.ts';
import { type Thing, thingsOn, thingType } from './thing.ts';
import { until } from './until.ts';

const request = { method: 'GET', path: '/things' };
const refusal = (code: number, reason: string, details = {}) => new StatusError({ code, reason, details }, request);
const tooLarge = () => refusal(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] });

const thing = (name: string, resourceVersion: string): Thing => ({
  apiVersion: 'example.dev/v1',
  kind: 'Thing',
  metadata: { namespace: 'n', name, resourceVersion, managedFields: [{ large: true }] },
});
const added = (name: string, version: string): WatchEvent<Thing> => ({ type: 'ADDED', object: thing(name, version) });
const bookmark = (resourceVersion: string): WatchEvent<Thing> => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion } },
});
const errorEvent = (code: number, reason: string): WatchEvent<Thing> => ({ type: 'ERROR', object: { code, reason } });

/** What one watch does: events, waits in milliseconds, and at the end nothing (hangs), a clean end, or an error. */
type Script = readonly (WatchEvent<Thing> | number | 'end' | Error)[];

/** A resource that does as it is told and records what it was asked. */
class ScriptedResource {
  readonly type = thingType;
  readonly lists: { at: number; options: ListOptions }[] = [];
  readonly watches: { at: number; options: WatchOptions }[] = [];
  readonly #clock: FakeClock;
  readonly #pages: (ListPage<Thing> | Error)[];
  readonly #scripts: Script[];

  constructor(clock: FakeClock, pages: (ListPage<Thing> | Error)[], scripts: Script[]) {
    this.#clock = clock;
    this.#pages = pages;
    this.#scripts = scripts;
  }

  async list(options: ListOptions = {}): Promise<ListPage<Thing>> {
    this.lists.push({ at: this.#clock.monotonic(), options });
    const page = this.#pages.shift() ?? new ConnectionError('ECONNREFUSED', 'the script is over', request);
    if (page instanceof Error) throw page;
    return page;
  }

  async *watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent<Thing>> {
    this.watches.push({ at: this.#clock.monotonic(), options });
    const script = this.#scripts.shift() ?? [];
    if (!(script[0] instanceof Error)) options.onOpen?.();
    for (const step of script) {
      if (step === 'end') return;
      if (step instanceof Error) throw step;
      if (typeof step === 'number') await this.#clock.sleep(step, options.signal);
      else yield step;
    }
    await new Promise((_, reject) => options.signal?.addEventListener('abort', () => reject(options.signal?.reason)));
  }
}

const page = (resourceVersion: string, names: readonly string[], token?: string): ListPage<Thing> => ({
  items: names.map((name) => thing(name, resourceVersion)),
  resourceVersion,
  continue: token,
});

function follow(pages: (ListPage<Thing> | Error)[], scripts: Script[], options: Partial<ReflectorOptions<Thing>> = {}) {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const store = new Store<Thing>();
  const changes: string[] = [];
  store.subscribe(({ type, key }) => changes.push(`${type} ${key}`));
  const resource = new ScriptedResource(clock, pages, scripts);
  const reflector = new Reflector({ resource, store, clock, logger, random: () => 0.5, ...options });
  const stop = new AbortController();
  const stopped = reflector.run(stop.signal);
  return { clock, logger, store, changes, resource, reflector, stop: () => stop.abort(new Error('stop')), stopped };
}

describe('Reflector', () => {
  it('lists anew where somebody must know how things are now, and watches on from there', async () => {
    const { clock, changes, resource, reflector } = follow([page('7', ['a']), page('9', ['b'])], [[added('c', '8')]]);
    await clock.advance(0);
    await clock.runUntil(reflector.refresh(new AbortController().signal));
    await clock.advance(0);
    assert.deepEqual(changes, ['add n/a', 'add n/c', 'delete n/a', 'delete n/c', 'add n/b']);
    assert.deepEqual(
      resource.watches.map(({ options }) => options.resourceVersion),
      ['7', '9'],
    );
  });

  it('does not wait for the end of its pause to list anew, but for a list that works', async () => {
    const away = new ConnectionError('ECONNREFUSED', 'nobody listens', request);
    const { clock, store, reflector, resource } = follow([away, away, away, page('7', ['a'])], []);
    await clock.advance(1500);
    const at = clock.monotonic();
    let known = false;
    const refreshed = reflector.refresh(new AbortController().signal).then(() => (known = true));
    await clock.advance(0);
    assert.equal(resource.lists.at(-1)?.at, at);
    assert.equal(known, false);
    await clock.runUntil(refreshed);
    assert.equal(store.size, 1);
  });

  it('stops waiting for a list when it is told to', async () => {
    const { clock, reflector } = follow([], []);
    const stop = new AbortController();
    const refreshed = reflector.refresh(stop.signal);
    await clock.advance(1000);
    stop.abort(new Error('over'));
    await assert.rejects(refreshed, /over/);
    await assert.rejects(reflector.refresh(stop.signal), /over/);
  });

  it('lists in pages and watches from there, with bookmarks and a random time limit', async () => {
    const { clock, store, changes, resource } = follow(
      [page('7', ['a', 'b'], 'next'), page('7', ['c'])],
      [[added('d', '8')]],
    );
    await clock.advance(0);
    assert.deepEqual(changes, ['add n/a', 'add n/b', 'add n/c', 'add n/d']);
    assert.equal(store.hasSynced, true);
    assert.deepEqual(
      resource.lists.map(({ options }) => [options.limit, options.continue, options.resourceVersion]),
      [
        [500, undefined, undefined],
        [500, 'next', undefined],
      ],
    );
    const { resourceVersion, allowWatchBookmarks, timeoutSeconds } = resource.watches[0]!.options;
    assert.deepEqual([resourceVersion, allowWatchBookmarks, timeoutSeconds], ['7', true, 450]);
  });

  it('keeps no managed fields, or what it is told to keep', async () => {
    const { clock, store } = follow([page('7', ['a'])], []);
    await clock.advance(0);
    assert.equal(store.get('n/a')?.metadata.managedFields, undefined);
    const other = follow([page('7', ['a'])], [], { transform: (object) => ({ ...object, spec: { size: 1 } }) });
    await other.clock.advance(0);
    assert.deepEqual(other.store.get('n/a')?.spec, { size: 1 });
  });

  it('reads everything at once when the snapshot behind the pages is gone', async () => {
    const { clock, changes, resource } = follow(
      [page('7', ['a'], 'next'), refusal(410, 'Expired'), page('9', ['a', 'b'])],
      [],
    );
    await clock.advance(0);
    assert.deepEqual(changes, ['add n/a', 'add n/b']);
    assert.deepEqual(
      resource.lists.map(({ options }) => options.limit),
      [500, 500, undefined],
    );
    assert.equal(resource.watches[0]?.options.resourceVersion, '9');
  });

  const resumes: readonly { name: string; script: Script; version: string }[] = [
    { name: 'the server ends it', script: [added('b', '8'), 'end'], version: '8' },
    {
      name: 'the connection breaks',
      script: [added('b', '8'), new ConnectionError('UND_ERR_SOCKET', 'broken', request)],
      version: '8',
    },
    { name: 'it ends after a bookmark', script: [added('b', '8'), bookmark('20'), 'end'], version: '20' },
    {
      name: 'a long silence ends in a broken connection',
      script: [90_000, new ConnectionError('UND_ERR_SOCKET', 'broken', request)],
      version: '7',
    },
  ];
  for (const { name, script, version } of resumes) {
    it(`goes on at once from the last version, without a list, when ${name}`, async () => {
      const { clock, resource } = follow([page('7', ['a'])], [script, []]);
      await clock.advance(90_000);
      assert.equal(resource.lists.length, 1);
      assert.deepEqual(
        resource.watches.map(({ options }) => options.resourceVersion),
        ['7', version],
      );
      assert.equal(resource.watches[1]!.at, script[0] === 90_000 ? 90_000 : 0);
    });
  }

  for (const gone of [errorEvent(410, 'Expired'), errorEvent(410, 'Gone'), refusal(410, 'Expired')]) {
    it(`lists again when its version is too old (${gone instanceof Error ? 'answer' : `event, ${gone.type}`})`, async () => {
      const { clock, changes, resource } = follow([page('7', ['a', 'b']), page('30', ['b', 'c'])], [[gone], []]);
      await clock.advance(2000);
      assert.equal(resource.lists.length, 2);
      assert.equal(resource.watches[1]?.options.resourceVersion, '30');
      assert.deepEqual(changes, ['add n/a', 'add n/b', 'delete n/a', 'update n/b', 'add n/c']);
    });
  }

  it('lists at once when its version is too old, but not again and again', async () => {
    const { clock, resource } = follow(
      [page('7', []), page('30', []), page('31', [])],
      [['end'], [errorEvent(410, 'Expired')], [errorEvent(410, 'Expired')]],
    );
    await clock.advance(10_000);
    assert.deepEqual(
      resource.lists.map(({ at }) => at),
      [0, 1200, 3600],
    );
  });

  it('lists again when the server goes back in time, as after a restore of etcd', async () => {
    const { clock, resource } = follow(
      [page('1000', ['a']), page('40', ['a'])],
      [[bookmark('1001'), bookmark('39')], []],
    );
    await clock.advance(10_000);
    assert.deepEqual(
      resource.watches.map(({ options }) => options.resourceVersion),
      ['1000', '40'],
    );
  });

  it('waits and goes on from its version after any other ERROR event', async () => {
    const { clock, resource, logger } = follow(
      [page('7', ['a'])],
      [[added('b', '8'), errorEvent(500, 'InternalError')], []],
    );
    await clock.advance(10_000);
    assert.equal(resource.lists.length, 1);
    assert.deepEqual(
      resource.watches.map(({ at, options }) => [at, options.resourceVersion]),
      [
        [0, '7'],
        [1200, '8'],
      ],
    );
    assert.equal(logger.at('warn').length, 1);
  });

  it('waits for a server that is behind, and lists again when it stays behind', async () => {
    const { clock, resource } = follow(
      [page('7', ['a']), page('3', ['a'])],
      [[tooLarge()], [tooLarge()], [tooLarge()], []],
    );
    await clock.advance(60_000);
    assert.deepEqual(
      resource.watches.map(({ options }) => options.resourceVersion),
      ['7', '7', '7', '3'],
    );
    assert.equal(resource.lists.length, 2);
  });

  it('waits longer and longer while nothing works: 0.8 s doubling to 30 s, stretched at random', async () => {
    const { clock, resource } = follow([], []);
    await clock.advance(200_000);
    const waits = resource.lists.slice(1).map(({ at }, n) => at - resource.lists[n]!.at);
    assert.deepEqual(waits.slice(0, 8), [1200, 2400, 4800, 9600, 19_200, 38_400, 45_000, 45_000]);
  });

  it('starts with a short wait again after two minutes without trouble', async () => {
    const trouble = refusal(403, 'Forbidden');
    const { clock, resource } = follow(
      [trouble, trouble, trouble, page('7', ['a'])],
      [[130_000, errorEvent(500, 'InternalError')]],
    );
    await clock.advance(200_000);
    const [first, second] = resource.watches;
    assert.equal(second!.at - first!.at, 130_000 + 1200);
  });

  it('does not hurry when watches end at once and bring nothing', async () => {
    const { clock, resource } = follow([page('7', ['a'])], [['end'], ['end'], []]);
    await clock.advance(3600);
    assert.deepEqual(
      resource.watches.map(({ at }) => at),
      [0, 1200, 3600],
    );
  });

  it('gives up a watch that outlives its time', async () => {
    const { clock, resource } = follow([page('7', ['a'])], [[], []]);
    await clock.advance(480_000);
    assert.deepEqual(
      resource.watches.map(({ at }) => at),
      [0, 480_000],
    );
    assert.equal(resource.watches[0]?.options.signal?.aborted, true);
  });

  it('gives up a watch that falls silent after it brought bookmarks', async () => {
    const { clock, resource } = follow([page('7', ['a'])], [[60_000, bookmark('9'), 60_000, bookmark('11')], []]);
    await clock.advance(300_000);
    assert.deepEqual(
      resource.watches.map(({ at, options }) => [at, options.resourceVersion]),
      [
        [0, '7'],
        [270_000, '11'],
      ],
    );
  });

  it('knows when it last heard from the server', async () => {
    const { clock, reflector } = follow([page('7', ['a'])], [[60_000, bookmark('9')]]);
    assert.equal(reflector.sinceLastContact, undefined);
    await clock.advance(59_000);
    assert.equal(reflector.sinceLastContact, 59_000);
    await clock.advance(2000);
    assert.equal(reflector.sinceLastContact, 1000);
  });

  it('survives a transform that throws, and tries again', async () => {
    let calls = 0;
    const { clock, store } = follow([page('7', ['a']), page('7', ['a'])], [], {
      transform: (object) => {
        if (calls++ === 0) throw new Error('broken');
        return object;
      },
    });
    await clock.advance(5000);
    assert.equal(store.size, 1);
  });

  it('stops without an error, wherever it is', async () => {
    for (const [pages, ms] of [
      [[page('7', ['a'])], 0],
      [[], 500],
    ] as const) {
      const { clock, stop, stopped, logger } = follow([...pages], [[]]);
      await clock.advance(ms);
      const before = logger.lines.length;
      stop();
      await stopped;
      await settle();
      assert.equal(logger.lines.length, before);
      assert.equal(clock.pendingTimers, 0);
    }
  });

  it('leaves out an event that it cannot understand', async () => {
    const odd: WatchEvent<Thing> = JSON.parse('{"type":"ADDED","object":{"kind":"Thing"}}');
    const { clock, changes, logger } = follow([page('7', [])], [[odd, added('a', '8')]]);
    await clock.advance(0);
    assert.deepEqual(changes, ['add n/a']);
    assert.equal(logger.at('warn').length, 1);
  });

  describe('on a server', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const action = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), name }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), name }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constantFrom('drop', 'end', 'compact', 'bookmark', 'error', 'settle', 'half') }),
      },
    );

    it('ends up with what the server has, after any changes and interruptions', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
          const server = await FakeApiServer.start();
          const { things, close } = thingsOn(server);
          const stop = new AbortController();
          const logger = new RecordingLogger();
          const store = new Store<Thing>({ logger });
          const shadow = shadowOf(store);
          const backoff = { initial: 0.5, max: 1, resetAfter: 1000 };
          const reflector = new Reflector({
            resource: things,
            store,
            timings: { pageSize: 2, backoff, shortWatch: 0 },
          });
          const running = reflector.run(stop.signal);
          try {
            server.put('things', { metadata: { namespace: 'n', name: 'a' } });
            for (const each of actions) await perform(server, each);
            server.put('things', { metadata: { namespace: 'n', name: 'last' } });
            await until(() => versionsOf(store) === versionsOn(server));
            assert.deepEqual(
              shadow,
              new Map([...store.values()].map((object) => [`n/${object.metadata.name}`, object])),
            );
          } finally {
            stop.abort();
            await running;
            await close();
            await server.stop();
          }
        }),
        { numRuns: 60 },
      );
    });
  });
});

async function perform(server: FakeApiServer, action: { do: string; name?: string }): Promise<void> {
  const key = { namespace: 'n', name: action.name ?? '' };
  switch (action.do) {
    case 'put':
      server.put('things', { metadata: key });
      break;
    case 'remove':
      server.remove('things', key);
      break;
    case 'drop':
      server.dropWatches();
      break;
    case 'end':
      server.endWatches();
      break;
    case 'compact':
      server.dropWatches();
      server.compact();
      break;
    case 'bookmark':
      server.skipVersions(3);
      server.sendBookmarks();
      break;
    case 'error':
      server.sendError(500, 'InternalError');
      server.endWatches();
      break;
    case 'half':
      server.sendToWatches('{"type":"ADDED","object":{"metadata":{"na');
      server.dropWatches();
      break;
    default:
      await until(() => server.watchers > 0);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

/** A copy that is kept only by what handlers are told, and checks that they are told only what is true. */
function shadowOf(store: Store<Thing>): Map<string, Thing> {
  const shadow = new Map<string, Thing>();
  store.subscribe((change: Change<Thing>) => {
    const known = shadow.get(change.key);
    assert.equal(change.type === 'add', known === undefined, `${change.type} ${change.key}`);
    if (change.type === 'update') assert.equal(change.old, known);
    if (change.type === 'delete') shadow.delete(change.key);
    else shadow.set(change.key, change.object);
  });
  return shadow;
}

const versionsOf = (store: Store<Thing>) =>
  [...store.values()]
    .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)
    .sort()
    .join();

const versionsOn = (server: FakeApiServer) =>
  [...server.contents('things').values()]
    .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)
    .sort()
    .join();
