import assert from 'node:assert/strict';
import {
  ConnectionError,
  isConflict,
  isExpired,
  isNotFound,
  isTransient,
  KubeClient,
  Resource,
  type WatchEvent,
} from '../../../src/kube/index.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { FakeClock } from './fake-clock.ts';
import { kubeConfigFor } from './kube-config-for.ts';
import { type Thing, thingsOn } from './thing.ts';
import { until } from './until.ts';

describe('Resource', () => {
  let server: FakeApiServer;
  let things: Resource<Thing>;
  let client: KubeClient;
  let close: () => Promise<void>;

  beforeEach(async () => {
    server = await FakeApiServer.start();
    ({ things, client, close } = thingsOn(server));
  });
  afterEach(async () => {
    await close();
    await server.stop();
  });

  const last = () => server.requests.at(-1)!;
  const key = { namespace: 'a', name: 'one' };

  it('addresses objects, collections and subresources', async () => {
    await things.create({ metadata: key, spec: { size: 1 } });
    assert.equal(last().path, '/apis/example.dev/v1/namespaces/a/things');
    await things.get(key);
    assert.equal(last().path, '/apis/example.dev/v1/namespaces/a/things/one');
    await things.list();
    assert.equal(last().path, '/apis/example.dev/v1/things');
    await things.list({ namespace: 'a', labelSelector: 'x=y,z' });
    assert.equal(last().path, '/apis/example.dev/v1/namespaces/a/things');
    assert.deepEqual(last().query, { labelSelector: 'x=y,z' });
    const nodes = new Resource(client, { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false });
    await nodes.get({ name: 'n' }).catch(() => undefined);
    assert.equal(last().path, '/api/v1/nodes/n');
  });

  it('refuses a key that would address something else', async () => {
    assert.throws(() => things.get({ name: 'one' }), /namespace/);
    for (const name of ['', '.', '..']) await assert.rejects(() => things.delete({ namespace: 'a', name }), TypeError);
    await things.get({ namespace: 'a', name: 'x/../../y' }).catch(() => undefined);
    assert.equal(last().path, '/apis/example.dev/v1/namespaces/a/things/x%2F..%2F..%2Fy');
  });

  it('fills in apiVersion and kind, and sends what a write asks for', async () => {
    const created = await things.create(
      { metadata: key, spec: { size: 1 } },
      { fieldManager: 'm', fieldValidation: 'Strict' },
    );
    assert.equal(created.kind, 'Thing');
    assert.equal(created.apiVersion, 'example.dev/v1');
    assert.deepEqual(last().query, { fieldManager: 'm', fieldValidation: 'Strict' });
  });

  it('replaces object and status under optimistic locking', async () => {
    const created = await things.create({ metadata: key, spec: { size: 1 } });
    const replaced = await things.replace({ ...created, spec: { size: 2 } });
    assert.deepEqual(replaced.spec, { size: 2 });
    await assert.rejects(things.replaceStatus({ ...created, status: { seen: 1 } }), isConflict);
    const seen = await things.replaceStatus({ ...replaced, spec: { size: 9 }, status: { seen: 1 } });
    assert.deepEqual([seen.spec, seen.status], [{ size: 2 }, { seen: 1 }]);
    assert.match(last().path, /\/one\/status$/);
  });

  const patches = [
    {
      name: 'json patch',
      call: () => things.patch(key, { type: 'json', operations: [{ op: 'add', path: '/spec/size', value: 3 }] }),
      contentType: 'application/json-patch+json',
      path: '/one',
      query: {},
      body: [{ op: 'add', path: '/spec/size', value: 3 }],
    },
    {
      name: 'merge patch of the status',
      call: () => things.patch(key, { type: 'merge', document: { status: { seen: 3 } } }, { subresource: 'status' }),
      contentType: 'application/merge-patch+json',
      path: '/one/status',
      query: {},
      body: { status: { seen: 3 } },
    },
    {
      name: 'apply',
      call: () => things.apply({ metadata: key, spec: { size: 3 } }, { fieldManager: 'm', force: true }),
      contentType: 'application/apply-patch+yaml',
      path: '/one',
      query: { fieldManager: 'm', force: 'true' },
      body: { apiVersion: 'example.dev/v1', kind: 'Thing', metadata: key, spec: { size: 3 } },
    },
    {
      name: 'apply of the status',
      call: () => things.applyStatus({ metadata: key, status: { seen: 3 } }, { fieldManager: 'm' }),
      contentType: 'application/apply-patch+yaml',
      path: '/one/status',
      query: { fieldManager: 'm' },
      body: { apiVersion: 'example.dev/v1', kind: 'Thing', metadata: key, status: { seen: 3 } },
    },
  ];
  for (const { name, call, contentType, path, query, body } of patches) {
    it(`sends ${name} with its content type`, async () => {
      server.fault = () => ({ code: 200, body: { metadata: key } });
      await call();
      assert.equal(last().method, 'PATCH');
      assert.equal(last().headers['content-type'], contentType);
      assert.ok(last().path.endsWith(path), last().path);
      assert.deepEqual(last().query, query);
      assert.deepEqual(last().body, body);
    });
  }

  it('deletes only what the preconditions name', async () => {
    const created = await things.create({ metadata: key });
    await assert.rejects(things.delete(key, { preconditions: { uid: 'other' } }), isConflict);
    await things.delete(key, { preconditions: { uid: created.metadata.uid! }, propagationPolicy: 'Background' });
    await assert.rejects(things.get(key), isNotFound);
  });

  it('asks for the metadata alone', async () => {
    await things.create({ metadata: key });
    const { metadata } = await things.getMetadata(key);
    assert.equal(metadata.uid, 'uid-1');
    assert.equal(last().headers.accept, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
  });

  it('lists page by page, and completes items that lack their type', async () => {
    for (const name of ['a', 'b', 'c']) server.put('things', { metadata: { namespace: 'n', name } });
    const first = await things.list({ limit: 2 });
    assert.deepEqual(
      first.items.map(({ metadata, kind }) => `${kind} ${metadata.name}`),
      ['Thing a', 'Thing b'],
    );
    const second = await things.list({ limit: 2, continue: first.continue });
    assert.deepEqual(
      second.items.map(({ metadata }) => metadata.name),
      ['c'],
    );
    assert.equal(second.continue, undefined);
    assert.equal(second.resourceVersion, first.resourceVersion);
  });

  describe('a server that does not answer', () => {
    let pending: Promise<Error>;
    const hang = () => {
      server.fault = () => 'hang';
    };

    it('is given up at the timeout', async () => {
      hang();
      await assert.rejects(things.get(key, { timeout: 20 }), (error: unknown) => {
        assert.ok(error instanceof ConnectionError);
        assert.equal(error.code, 'TIMEOUT');
        return isTransient(error);
      });
    });

    it("is given up with the reason of the caller's signal", async () => {
      hang();
      const controller = new AbortController();
      pending = things.get(key, { signal: controller.signal }).then(
        () => assert.fail('no answer was expected'),
        (error: unknown) => {
          assert.ok(error instanceof Error);
          return error;
        },
      );
      await until(() => server.requests.length === 1);
      const reason = new Error('enough');
      controller.abort(reason);
      assert.equal(await pending, reason);
    });

    it('does not hold up a watch beyond the timeout', async () => {
      hang();
      await assert.rejects(things.watch({ timeout: 20 }).next(), /timed out/);
    });

    it('does not cut a watch that began', async () => {
      const clock = new FakeClock();
      const patient = new Resource<Thing>(
        new KubeClient(kubeConfigFor(server.url), { userAgent: 'x', clock }),
        things.type,
      );
      server.put('things', { metadata: key });
      const events = patient.watch({ resourceVersion: '1' });
      assert.equal((await events.next()).done, false);
      assert.equal(clock.pendingTimers, 0);
      await events.return(undefined);
    });
  });

  it('uses one connection for requests that follow each other', async () => {
    for (let n = 0; n < 30; n++) await things.list();
    assert.ok(server.connections <= 2, `${server.connections} connections`);
  });

  describe('watch', () => {
    /** Reads until `count` events came. */
    async function take(events: AsyncGenerator<WatchEvent<Thing>>, count: number): Promise<WatchEvent<Thing>[]> {
      const taken: WatchEvent<Thing>[] = [];
      for await (const event of events) if (taken.push(event) === count) break;
      return taken;
    }
    const describeEvent = ({ type, object }: WatchEvent<Thing>) =>
      `${type} ${'metadata' in object ? ('name' in object.metadata ? object.metadata.name : object.metadata.resourceVersion) : object.code}`;

    it('yields the changes after a version, bookmarks and errors', async () => {
      const since = server.put('things', { metadata: key }).metadata.resourceVersion;
      server.put('things', { metadata: key });
      server.remove('things', key);
      const events = things.watch({ resourceVersion: since!, allowWatchBookmarks: true, timeoutSeconds: 300 });
      assert.deepEqual((await take(events, 2)).map(describeEvent), ['MODIFIED one', 'DELETED one']);
      assert.deepEqual(last().query, {
        watch: 'true',
        resourceVersion: since,
        timeoutSeconds: '300',
        allowWatchBookmarks: 'true',
      });
      await until(() => server.watchers === 0);
      const more = things.watch({ resourceVersion: server.resourceVersion });
      const first = more.next();
      await until(() => server.watchers === 1);
      server.sendBookmarks();
      server.sendError(500, 'InternalError');
      const seen: WatchEvent<Thing>[] = [(await first).value, (await more.next()).value];
      assert.deepEqual(seen.map(describeEvent), [`BOOKMARK ${server.resourceVersion}`, 'ERROR 500']);
      await more.return(undefined);
      await until(() => server.watchers === 0);
    });

    it('puts characters together that the network cut apart', async () => {
      const events = things.watch();
      const first = events.next();
      await until(() => server.watchers === 1);
      const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'ü€😀' } } })}\n\n`);
      for (const byte of line) {
        server.sendToWatches(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const event: WatchEvent<Thing> = (await first).value;
      assert.equal(describeEvent(event), 'ADDED ü€😀');
      await events.return(undefined);
    });

    const ends: readonly { name: string; act: () => void; error: RegExp | undefined }[] = [
      { name: 'ends when the server ends it', act: () => server.endWatches(), error: undefined },
      { name: 'throws when the connection is cut', act: () => server.dropWatches(), error: /^ConnectionError: GET/ },
      { name: 'throws at a line that is not JSON', act: () => server.sendToWatches('{"type":\n'), error: /not JSON/ },
    ];
    for (const { name, act, error } of ends) {
      it(name, async () => {
        const events = things.watch();
        const first = events.next();
        await until(() => server.watchers === 1);
        act();
        if (error === undefined) assert.equal((await first).done, true);
        else await assert.rejects(first, error);
      });
    }

    it("rejects with the signal's reason, and closes the connection", async () => {
      const controller = new AbortController();
      const events = things.watch({ signal: controller.signal });
      const first = events.next();
      await until(() => server.watchers === 1);
      controller.abort(new Error('enough'));
      await assert.rejects(first, /enough/);
      await until(() => server.watchers === 0);
    });

    it('throws the refusal of a version that is too old', async () => {
      server.put('things', { metadata: key });
      server.compact();
      await assert.rejects(things.watch({ resourceVersion: '1' }).next(), isExpired);
    });
  });
});
