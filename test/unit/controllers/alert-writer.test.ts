import assert from 'node:assert/strict';
import { alertName, type Hit, type PendingAlert } from '../../../src/alerts/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import { AlertWriter } from '../../../src/controllers/alert/alert-writer.ts';
import type { SlimAlert } from '../../../src/controllers/alert/slim-alert.ts';
import { ALERTS } from '../../../src/controllers/api-resources.ts';
import { KubeClient, Resource, realClock } from '../../../src/kube/index.ts';
import { FakeApiServer, type RecordedRequest, type StoredObject } from '../kube/fake-api-server.ts';
import { kubeConfigFor } from '../kube/kube-config-for.ts';
import { pendingAlert } from './pending.ts';

const PARTITION = 'kube-apiserver/one';
const KNOWN: SlimAlert = {
  apiVersion: '',
  kind: 'Alert',
  metadata: { name: '' },
  finding: { actor: '', rule: { name: '' } },
};

interface Counted {
  readonly alert?: Alert;
  readonly hits: readonly Hit[];
}

describe('the writer of Alerts', () => {
  let server: FakeApiServer;
  let alerts: Resource<Alert>;
  const signal = new AbortController().signal;
  beforeEach(async () => {
    server = await FakeApiServer.start();
    const client = new KubeClient(kubeConfigFor(server.url), { userAgent: 'test' });
    alerts = new Resource(client, ALERTS);
  });
  afterEach(async () => {
    await server.stop();
  });

  /** With room for everything, and as if nobody had told it of any Alert. */
  const newWriter = (known: readonly string[] = []): AlertWriter => {
    const census = {
      get: (name: string) => (known.includes(name) ? KNOWN : undefined),
      reserve: () => true,
      release: () => undefined,
    };
    return new AlertWriter({ alerts, census, mayWrite: async () => undefined, clock: realClock });
  };
  const write = async (pending: PendingAlert, partition = PARTITION, writer = newWriter()): Promise<Counted> => {
    const written = await writer.write(pending, { partition, floor: undefined }, signal);
    return written.result === 'counted' ? written : { hits: [] };
  };
  const nameOf = ({ rule, key }: PendingAlert, salt = 0): string => alertName(rule.name, key, salt);
  const stored = (): readonly StoredObject[] => [...server.contents('alerts').values()];
  const counts = (): readonly unknown[] => stored().map((object) => field(object['status'], 'count'));
  /** Methods and whether the status was written, in order. */
  const requests = (): readonly string[] =>
    server.requests.map(({ method, path }) => (path.endsWith('/status') ? `${method} status` : method));
  const once = (what: (request: RecordedRequest) => boolean, then: () => void): void => {
    let done = false;
    server.fault = (request) => {
      if (!done && what(request)) {
        done = true;
        then();
      }
      return undefined;
    };
  };

  it('creates an Alert, then counts in its status', async () => {
    const pending = pendingAlert([100, 200]);
    const { alert, hits } = await write(pending);
    assert.deepEqual(requests(), ['POST', 'PUT status']);
    assert.equal(alert?.metadata.name, nameOf(pending));
    assert.equal(alert?.status?.count, 2);
    assert.equal(hits.length, 2);
    assert.deepEqual(counts(), [2]);
  });

  it('needs a single request for an Alert that it knows', async () => {
    const writer = newWriter();
    await write(pendingAlert([100]), PARTITION, writer);
    server.requests.length = 0;
    await write(pendingAlert([200]), PARTITION, writer);
    assert.deepEqual(requests(), ['PUT status']);
    assert.deepEqual(counts(), [2]);
  });

  it('counts a hit once, however often and in whatever batches it comes', async () => {
    await write(pendingAlert([100, 200]));
    const { hits } = await write(pendingAlert([100, 200, 300]));
    assert.deepEqual(
      hits.map(({ position }) => position.offset),
      [300],
    );
    const again = await write(pendingAlert([200, 300]));
    assert.deepEqual(again.hits, []);
    assert.deepEqual(counts(), [3]);
  });

  it('does not write what changes nothing', async () => {
    await write(pendingAlert([100]));
    server.requests.length = 0;
    await write(pendingAlert([100]), PARTITION, newWriter([nameOf(pendingAlert([100]))]));
    assert.deepEqual(requests(), ['GET']);
  });

  it('counts the same positions of different partitions apart', async () => {
    await write(pendingAlert([100]), 'kube-apiserver/one');
    await write(pendingAlert([100]), 'kube-apiserver/two');
    assert.deepEqual(counts(), [2]);
  });

  it('reads again and counts on where another replica has written meanwhile', async () => {
    const first = newWriter();
    const second = newWriter();
    await write(pendingAlert([100]), 'kube-apiserver/one', first);
    await write(pendingAlert([100]), 'kube-apiserver/two', second);
    server.requests.length = 0;
    await write(pendingAlert([200]), 'kube-apiserver/one', first);
    assert.deepEqual(requests(), ['PUT status', 'GET', 'PUT status']);
    assert.deepEqual(counts(), [3]);
  });

  it('counts nothing twice where its answer is lost and the write had arrived', async () => {
    const pending = pendingAlert([100]);
    await write(pending);
    let lost = false;
    server.fault = ({ method }) => {
      if (method !== 'PUT' || lost) return undefined;
      lost = true;
      // The server takes the write; its answer never arrives.
      const [before] = stored();
      if (before !== undefined) server.put('alerts', { ...before, status: statusOf(server.requests.at(-1)) });
      return 'drop';
    };
    await assert.rejects(write(pendingAlert([200])));
    assert.deepEqual(counts(), [2]);
    await write(pendingAlert([200]));
    assert.deepEqual(counts(), [2]);
  });

  it('makes an Alert anew that was deleted between read and write', async () => {
    const pending = pendingAlert([100]);
    once(
      ({ path }) => path.endsWith('/status'),
      () => server.remove('alerts', { name: nameOf(pending) }),
    );
    await write(pending);
    assert.deepEqual(requests(), ['POST', 'PUT status', 'GET', 'POST', 'PUT status']);
    assert.deepEqual(counts(), [1]);
  });

  it('makes an Alert anew that was deleted while it was remembered, and counts only what is new in it', async () => {
    const writer = newWriter();
    const pending = pendingAlert([100]);
    await write(pending, PARTITION, writer);
    server.remove('alerts', { name: nameOf(pending) });
    await write(pendingAlert([200]), PARTITION, writer);
    assert.deepEqual(counts(), [1]);
  });

  it('takes an Alert that another replica creates at the same moment', async () => {
    const pending = pendingAlert([100]);
    once(
      ({ method }) => method === 'POST',
      () => {
        const { body } = server.requests.at(-1) ?? {};
        server.put('alerts', { metadata: { name: nameOf(pending) }, finding: body?.['finding'] });
      },
    );
    await write(pending);
    assert.deepEqual(requests(), ['POST', 'GET', 'PUT status']);
    assert.deepEqual(counts(), [1]);
  });

  it('goes round objects that have its Alert’s name and are not it', async () => {
    const pending = pendingAlert([100]);
    await write(pendingAlert([100], { user: { username: 'mallory' } }));
    const [decoy] = stored();
    server.remove('alerts', decoy?.metadata ?? { name: '' });
    for (const salt of [0, 1]) server.put('alerts', { ...decoy, metadata: { name: nameOf(pending, salt) } });
    const { alert } = await write(pending);
    assert.equal(alert?.metadata.name, nameOf(pending, 2));
    assert.equal(alert?.finding.actor, 'alice');
    assert.deepEqual(counts(), [1, 1, 1]);
  });

  it('gives up where somebody has taken all of its names, instead of looking for ever', async () => {
    const pending = pendingAlert([100]);
    const finding = { rule: { name: 'other', title: '' }, actor: 'x', targetRef: {} };
    for (let salt = 0; salt < 8; salt++) server.put('alerts', { metadata: { name: nameOf(pending, salt) }, finding });
    await assert.rejects(write(pending), /8 objects have names of the Alert/);
  });

  for (const code of [403, 422, 500]) {
    it(`leaves other answers to its caller: ${code}`, async () => {
      server.fault = ({ method }) => (method === 'POST' ? { code } : undefined);
      await assert.rejects(write(pendingAlert([100])), { code });
    });
  }

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('over'));
    await assert.rejects(
      newWriter().write(pendingAlert([100]), { partition: PARTITION, floor: undefined }, stop.signal),
      /over/,
    );
    assert.deepEqual(requests(), []);
  });
});

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}

function statusOf(request: RecordedRequest | undefined): unknown {
  return request?.body?.['status'];
}
