import assert from 'node:assert/strict';
import type Nock from 'nock';
import {
  ConnectionError,
  type FinishedRequest,
  isAlreadyExists,
  isConflict,
  isExpired,
  isForbidden,
  isInvalid,
  isNamespaceMissing,
  isNamespaceTerminating,
  isNotFound,
  isTooLargeResourceVersion,
  isTooManyRequests,
  isTransient,
  isUnauthorized,
  KubeClient,
  StatusError,
} from '../../../src/kube/index.ts';
import { ImpatientClock } from './impatient-clock.ts';
import { kubeConfigFor } from './kube-config-for.ts';

const SERVER = 'https://kube.test:6443';

function clientWith(options: { clock?: ImpatientClock } = {}) {
  const finished: FinishedRequest[] = [];
  const client = new KubeClient(kubeConfigFor(SERVER, { token: 'secret\n' }), {
    userAgent: 'kube-test/1.0 (linux/amd64)',
    metrics: { requestFinished: (request) => finished.push(request) },
    ...options,
  });
  return { client, finished };
}

const statusBody = (code: number, reason: string, details: object = {}, message = 'said the server') => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message,
  details,
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => assert.fail('expected a failure'),
    (error: unknown) => {
      assert.ok(error instanceof Error);
      return error;
    },
  );
}

describe('KubeClient', () => {
  // Importing nock patches the sockets of the whole process, and something of that stays: so no sooner than here.
  let nock: typeof Nock;
  before(async () => {
    nock = (await import('nock')).default;
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    assert.deepEqual(nock.pendingMocks(), []);
    nock.cleanAll();
  });
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  it('sends JSON with its user agent and credentials, and parses the answer', async () => {
    const { client, finished } = clientWith();
    nock(SERVER, {
      reqheaders: {
        authorization: 'Bearer secret',
        'user-agent': 'kube-test/1.0 (linux/amd64)',
        accept: 'application/json',
        'content-type': 'application/json',
      },
    })
      .post('/apis/example.dev/v1/things', { hello: 'wörld' })
      .query({ fieldManager: 'me', force: 'true' })
      .reply(201, { ok: 'jä' });
    const answer = await client.request({
      method: 'POST',
      path: '/apis/example.dev/v1/things',
      query: { fieldManager: 'me', force: true, dryRun: undefined },
      body: { hello: 'wörld' },
    });
    assert.deepEqual(answer, { ok: 'jä' });
    assert.deepEqual(
      finished.map(({ method, code }) => ({ method, code })),
      [{ method: 'POST', code: '201' }],
    );
  });

  const refusals: readonly {
    name: string;
    code: number;
    body: object | string;
    is: readonly ((error: unknown) => boolean)[];
    reason: string;
  }[] = [
    { name: 'not found', code: 404, body: statusBody(404, 'NotFound'), is: [isNotFound], reason: 'NotFound' },
    { name: 'conflict', code: 409, body: statusBody(409, 'Conflict'), is: [isConflict], reason: 'Conflict' },
    {
      name: 'already exists',
      code: 409,
      body: statusBody(409, 'AlreadyExists'),
      is: [isAlreadyExists],
      reason: 'AlreadyExists',
    },
    { name: 'gone', code: 410, body: statusBody(410, 'Gone'), is: [isExpired], reason: 'Gone' },
    { name: 'expired', code: 410, body: statusBody(410, 'Expired'), is: [isExpired], reason: 'Expired' },
    { name: 'forbidden', code: 403, body: statusBody(403, 'Forbidden'), is: [isForbidden], reason: 'Forbidden' },
    {
      name: 'namespace terminating',
      code: 403,
      body: statusBody(403, 'Forbidden', { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] }),
      is: [isForbidden, isNamespaceTerminating],
      reason: 'Forbidden',
    },
    {
      name: 'namespace missing',
      code: 404,
      body: statusBody(404, 'NotFound', { kind: 'namespaces', name: 'x' }),
      is: [isNotFound, isNamespaceMissing],
      reason: 'NotFound',
    },
    { name: 'invalid', code: 422, body: statusBody(422, 'Invalid'), is: [isInvalid], reason: 'Invalid' },
    {
      name: 'unauthorized',
      code: 401,
      body: statusBody(401, 'Unauthorized'),
      is: [isUnauthorized],
      reason: 'Unauthorized',
    },
    {
      name: 'too large resource version',
      code: 504,
      body: statusBody(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 }),
      is: [isTooLargeResourceVersion, isTransient],
      reason: 'Timeout',
    },
    {
      name: 'internal error',
      code: 500,
      body: statusBody(500, 'InternalError'),
      is: [isTransient],
      reason: 'InternalError',
    },
    { name: "a proxy's page", code: 502, body: '<html>bad gateway</html>', is: [isTransient], reason: 'Unknown' },
    { name: 'an empty 404', code: 404, body: '', is: [isNotFound], reason: 'NotFound' },
  ];
  const predicates = {
    isAlreadyExists,
    isConflict,
    isExpired,
    isForbidden,
    isInvalid,
    isNamespaceMissing,
    isNamespaceTerminating,
    isNotFound,
    isTooLargeResourceVersion,
    isTooManyRequests,
    isTransient,
    isUnauthorized,
  };
  for (const { name, code, body, is, reason } of refusals) {
    it(`turns "${name}" into a StatusError`, async () => {
      const { client, finished } = clientWith();
      nock(SERVER).get('/api/v1/nodes').reply(code, body);
      const error = await failure(client.request({ method: 'GET', path: '/api/v1/nodes' }));
      assert.ok(error instanceof StatusError);
      assert.equal(error.code, code);
      assert.equal(error.reason, reason);
      assert.match(error.message, /^GET \/api\/v1\/nodes: /);
      for (const [label, predicate] of Object.entries(predicates))
        assert.equal(predicate(error), is.includes(predicate), label);
      assert.deepEqual(
        finished.map((each) => each.code),
        [String(code)],
      );
    });
  }

  it('wraps what happens to the connection, and calls it transient', async () => {
    const { client, finished } = clientWith();
    nock(SERVER)
      .post('/api/v1/nodes')
      .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const error = await failure(client.request({ method: 'POST', path: '/api/v1/nodes', body: {} }));
    assert.ok(error instanceof ConnectionError);
    assert.ok(isTransient(error));
    assert.match(error.message, /^POST \/api\/v1\/nodes: /);
    assert.deepEqual(
      finished.map((each) => each.code),
      ['<error>'],
    );
  });

  it('calls an answer that is not JSON malformed', async () => {
    const { client } = clientWith();
    nock(SERVER).get('/api').reply(200, '{"half":');
    const error = await failure(client.request({ method: 'GET', path: '/api' }));
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, 'MALFORMED');
  });

  it('waits and tries again when the server says when', async () => {
    const clock = new ImpatientClock();
    const { client, finished } = clientWith({ clock });
    nock(SERVER).post('/api').reply(429, statusBody(429, 'TooManyRequests'), { 'retry-after': '3' });
    nock(SERVER)
      .post('/api')
      .reply(503, statusBody(503, 'ServiceUnavailable', { retryAfterSeconds: 2 }));
    nock(SERVER).post('/api').reply(200, { done: true });
    const start = clock.monotonic();
    const answer = client.request({ method: 'POST', path: '/api', body: {} });
    assert.deepEqual(await answer, { done: true });
    assert.equal(clock.monotonic() - start, 5000);
    assert.deepEqual(
      finished.map((each) => each.code),
      ['429', '503', '200'],
    );
  });

  it('does not try again when the server does not say when, or says much later', async () => {
    const { client, finished } = clientWith({ clock: new ImpatientClock() });
    nock(SERVER).get('/api').reply(429, statusBody(429, 'TooManyRequests'));
    nock(SERVER).get('/api').reply(429, statusBody(429, 'TooManyRequests'), { 'retry-after': '600' });
    assert.ok(isTooManyRequests(await failure(client.request({ method: 'GET', path: '/api' }))));
    const error = await failure(client.request({ method: 'GET', path: '/api' }));
    assert.ok(isTooManyRequests(error));
    assert.equal(error.retryAfterSeconds, 600);
    assert.equal(finished.length, 2);
  });

  it('tries a GET once more when the connection was reset, and nothing else', async () => {
    const { client } = clientWith();
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    nock(SERVER).get('/api').replyWithError(reset);
    nock(SERVER).get('/api').reply(200, { done: true });
    assert.deepEqual(await client.request({ method: 'GET', path: '/api' }), { done: true });
    nock(SERVER).delete('/api').replyWithError(reset);
    assert.ok((await failure(client.request({ method: 'DELETE', path: '/api' }))) instanceof ConnectionError);
  });

  it('keeps to its rate limit', async () => {
    const clock = new ImpatientClock();
    const client = new KubeClient(kubeConfigFor(SERVER), { userAgent: 'x', rateLimit: { qps: 2, burst: 1 }, clock });
    nock(SERVER).get('/api').times(3).reply(200, {});
    const start = clock.monotonic();
    for (let n = 0; n < 3; n++) await client.request({ method: 'GET', path: '/api' });
    assert.equal(clock.monotonic() - start, 1000);
  });
});
