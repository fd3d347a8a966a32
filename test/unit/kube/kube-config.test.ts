import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { KubeClient, PooledKubeConfig } from '../../../src/kube/index.ts';
import { certificate } from '../audit/certificates.ts';

/** Answers with the version of HTTP that it was asked in, and would rather be asked in HTTP/2. */
async function serverOfBoth(): Promise<{ url: string; close(): void }> {
  const server = createSecureServer({ ...certificate({ name: 'localhost' }), allowHTTP1: true }, (request, response) =>
    response.end(JSON.stringify(request.httpVersion)),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `https://${addressOf(server)}`, close: () => server.close() };
}

/** A proxy that only tunnels. */
async function tunnel(): Promise<{ url: string; tunnelled: string[]; close(): void }> {
  const tunnelled: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, client) => {
    tunnelled.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://${addressOf(proxy)}`, tunnelled, close: () => proxy.close() };
}

function addressOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `${address.address}:${address.port}`;
}

describe('PooledKubeConfig', () => {
  let server: Awaited<ReturnType<typeof serverOfBoth>>;
  before(async () => {
    server = await serverOfBoth();
  });
  after(() => server.close());

  const asked = async (proxyUrl?: string): Promise<unknown> => {
    const config = new PooledKubeConfig();
    const cluster = { name: 'test', server: server.url, skipTLSVerify: true };
    config.loadFromClusterAndUser(proxyUrl === undefined ? cluster : { ...cluster, proxyUrl }, { name: 'tester' });
    try {
      return await new KubeClient(config, { userAgent: 'test' }).request({ method: 'GET', path: '/version' });
    } finally {
      await config.close();
    }
  };

  it('speaks HTTP/1.1, also to a server that would speak HTTP/2', async () => {
    assert.equal(await asked(), '1.1');
  });

  it('speaks HTTP/1.1 through a proxy, too', async () => {
    const proxy = await tunnel();
    try {
      assert.equal(await asked(proxy.url), '1.1');
      assert.deepEqual(proxy.tunnelled, [new URL(server.url).host]);
    } finally {
      proxy.close();
    }
  });
});
