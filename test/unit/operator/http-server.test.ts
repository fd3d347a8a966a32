import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { HttpServer } from '../../../src/operator/http-server.ts';

describe('the probe server', () => {
  let server: HttpServer;
  let url: string;
  let unhealthy: readonly string[];
  let unready: readonly string[];
  beforeEach(async () => {
    unhealthy = [];
    unready = [];
    server = new HttpServer({
      healthz: () => unhealthy,
      readyz: () => unready,
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    });
    url = `http://127.0.0.1:${await server.listen({ host: '127.0.0.1', port: 0 })}`;
  });
  afterEach(() => server.close());

  const cases: readonly [method: string, path: string, code: number, text: string][] = [
    ['GET', '/healthz', 200, 'ok\n'],
    ['GET', '/readyz', 200, 'ok\n'],
    ['GET', '/readyz?verbose', 200, 'ok\n'],
    ['GET', '/metrics', 200, 'up 1\n'],
    ['HEAD', '/healthz', 200, ''],
    ['GET', '/', 404, 'try /healthz, /readyz or /metrics\n'],
    ['GET', '/healthz/', 404, 'try /healthz, /readyz or /metrics\n'],
    ['POST', '/healthz', 405, 'only GET\n'],
    ['DELETE', '/metrics', 405, 'only GET\n'],
  ];
  for (const [method, path, code, text] of cases) {
    it(`answers ${method} ${path} with ${code}`, async () => {
      const response = await fetch(url + path, { method });
      assert.equal(response.status, code);
      assert.equal(await response.text(), text);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    });
  }

  it('says what is wrong, a line each', async () => {
    unhealthy = ['stuck'];
    unready = ['no rules yet', 'no sources yet'];
    const [healthz, readyz] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz`)]);
    assert.equal(healthz.status, 503);
    assert.equal(await healthz.text(), 'stuck\n');
    assert.equal(readyz.status, 503);
    assert.equal(await readyz.text(), 'no rules yet\nno sources yet\n');
  });

  it('names the type of what it serves', async () => {
    const types = await Promise.all(
      ['/metrics', '/healthz'].map(async (path) => (await fetch(url + path)).headers.get('content-type')),
    );
    assert.deepEqual(types, ['text/plain; version=0.0.4', 'text/plain; charset=utf-8']);
  });

  it('outlives a probe that throws and a client that talks nonsense', async () => {
    const broken = new HttpServer({
      healthz: () => {
        throw new Error('broken');
      },
      readyz: () => [],
      metrics: async () => await Promise.reject(new Error('broken')),
    });
    const port = await broken.listen({ host: '127.0.0.1', port: 0 });
    try {
      await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
      await assert.rejects(fetch(`http://127.0.0.1:${port}/metrics`));
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end('\0\0nonsense\r\n\r\n'));
        socket.resume().on('close', () => resolve());
      });
      assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200);
    } finally {
      await broken.close();
    }
  });

  it('rejects where its port is taken', async () => {
    const other = new HttpServer({
      healthz: () => [],
      readyz: () => [],
      metrics: async () => ({ contentType: '', text: '' }),
    });
    await assert.rejects(other.listen({ host: '127.0.0.1', port: Number(new URL(url).port) }), { code: 'EADDRINUSE' });
  });

  it('does not wait for clients that keep their connections', async () => {
    await fetch(`${url}/healthz`);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => {});
    await server.close();
    await assert.rejects(fetch(`${url}/healthz`));
  });
});
