import assert from 'node:assert/strict';
import type { TouchedObject } from '../../../src/alerts/index.ts';
import { ObjectKinds } from '../../../src/controllers/alert/object-kinds.ts';
import { ObjectLookUp } from '../../../src/controllers/alert/object-look-up.ts';
import { KubeClient } from '../../../src/kube/index.ts';
import { FakeApiServer } from '../kube/fake-api-server.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { kubeConfigFor } from '../kube/kube-config-for.ts';

const CRONJOB = { kind: 'CronJob', namespaced: true };
function touched(name: string): TouchedObject {
  const resource = { apiGroup: 'batch', apiVersion: 'v1', resource: 'cronjobs', subresource: '' };
  return { ...resource, namespace: 'shop', name, uid: undefined };
}

const never = new AbortController().signal;

describe('a look-up', () => {
  let server: FakeApiServer;
  let clock: FakeClock;
  let client: KubeClient;
  beforeEach(async () => {
    server = await FakeApiServer.start();
    clock = new FakeClock();
    client = new KubeClient(kubeConfigFor(server.url), { userAgent: 'test' });
  });
  afterEach(() => server.stop());

  describe('of an object’s uid', () => {
    let lookUp: ObjectLookUp;
    beforeEach(() => {
      lookUp = new ObjectLookUp(client, clock, new Set(['cronjobs.batch']));
      server.put('cronjobs', { metadata: { name: 'nightly', namespace: 'shop', uid: 'first' } });
    });

    const uid = (name = 'nightly', created = false) => lookUp.uid(touched(name), CRONJOB, created, never);
    /** Of the object as it is now. */
    const actual = (): unknown => server.contents('cronjobs').get('shop/nightly')?.metadata.uid;
    const remake = (): void => {
      server.remove('cronjobs', { namespace: 'shop', name: 'nightly' });
      server.put('cronjobs', { metadata: { name: 'nightly', namespace: 'shop' } });
    };

    it('asks for the metadata alone', async () => {
      assert.equal(await uid(), actual());
      const [request] = server.requests;
      assert.equal(request?.path, '/apis/batch/v1/namespaces/shop/cronjobs/nightly');
      assert.match(request.headers.accept ?? '', /as=PartialObjectMetadata;g=meta\.k8s\.io;v=v1/);
    });

    it('asks once for many requests, and again after a while', async () => {
      for (let n = 0; n < 5; n++) await uid();
      assert.equal(server.requests.length, 1);
      await clock.advance(31_000);
      remake();
      assert.equal(await uid(), actual());
      assert.equal(server.requests.length, 2);
    });

    it('asks at once about an object that was created just now', async () => {
      const before = await uid();
      remake();
      const now = await uid('nightly', true);
      assert.equal(now, actual());
      assert.notEqual(now, before);
    });

    it('knows the uid of an object that is gone, and none of one that it never saw', async () => {
      const before = await uid();
      server.remove('cronjobs', { namespace: 'shop', name: 'nightly' });
      await clock.advance(31_000);
      assert.equal(await uid(), before);
      assert.equal(await uid('never'), undefined);
    });

    it('does not ask about resources that it was not told to look up', async () => {
      const secret = { ...touched('token'), apiGroup: '', resource: 'secrets' };
      assert.equal(await lookUp.uid(secret, { kind: 'Secret', namespaced: true }, false, never), undefined);
      assert.deepEqual(server.requests, []);
    });

    it('does not ask again for ten minutes where it may not', async () => {
      server.fault = () => ({ code: 403 });
      for (let n = 0; n < 5; n++) assert.equal(await uid(`object-${n}`), undefined);
      assert.equal(server.requests.length, 1);
      server.fault = () => undefined;
      await clock.advance(10 * 60_000);
      assert.equal(await uid(), actual());
    });

    it('asks no more than its rate allows: a flood does not hold up the counting', async () => {
      for (let n = 0; n < 300; n++) await uid(`object-${n}`);
      assert.equal(server.requests.length, 100);
      await clock.advance(1000);
      for (let n = 300; n < 600; n++) await uid(`object-${n}`);
      assert.equal(server.requests.length, 120);
    });

    for (const fault of ['drop', { code: 500 }] as const) {
      it(`does without where the API server fails: ${JSON.stringify(fault)}`, async () => {
        server.fault = () => fault;
        assert.equal(await uid(), undefined);
      });
    }

    it('rejects with the signal’s reason', async () => {
      server.fault = () => 'hang';
      const stop = new AbortController();
      const answer = lookUp.uid(touched('nightly'), CRONJOB, false, stop.signal);
      stop.abort(new Error('over'));
      await assert.rejects(answer, /over/);
    });
  });

  describe('of the kind of a resource', () => {
    let kinds: ObjectKinds;
    let resources: { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
    beforeEach(() => {
      kinds = new ObjectKinds(client, clock);
      resources = [{ name: 'cronjobs', kind: 'CronJob', namespaced: true }];
      server.fault = () => ({ code: 200, body: { kind: 'APIResourceList', resources } });
    });

    const find = (group = 'batch', version = 'v1', resource = 'cronjobs') =>
      kinds.find(group, version, resource, never);

    it('asks the discovery of its group and version, once in ten minutes', async () => {
      assert.deepEqual(await find(), CRONJOB);
      assert.equal(await find('batch', 'v1', 'jobs'), undefined);
      assert.deepEqual(
        server.requests.map(({ path }) => path),
        ['/apis/batch/v1'],
      );
      resources.push({ name: 'jobs', kind: 'Job', namespaced: true });
      await clock.advance(10 * 60_000);
      assert.equal((await find('batch', 'v1', 'jobs'))?.kind, 'Job');
    });

    it('knows the path of the core group', async () => {
      await find('', 'v1', 'pods');
      assert.equal(server.requests[0]?.path, '/api/v1');
    });

    for (const [group, version] of [
      ['../..', 'v1'],
      ['batch', 'v1/namespaces/x/secrets/y'],
      ['batch?watch=true', 'v1'],
      ['', ''],
    ] as const) {
      it(`asks nothing about nonsense: ${JSON.stringify([group, version])}`, async () => {
        assert.equal(await find(group, version), undefined);
        assert.deepEqual(server.requests, []);
      });
    }

    it('knows none where there is no such group, or no answer', async () => {
      server.fault = () => ({ code: 404 });
      assert.equal(await find('gone.example.com'), undefined);
      server.fault = () => 'drop';
      assert.equal(await find('down.example.com'), undefined);
    });
  });
});
