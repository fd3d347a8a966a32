import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { certificate } from '../../unit/audit/certificates.ts';
import type { TestCluster } from './test-cluster.ts';

const NODE = 'fake-node';
export const POD = 'busy';

/** Says yes to every exec and then nothing more, for a node and a pod on it that exist in the API only. */
export class FakeKubelet {
  readonly #server: Server;
  readonly #sessions = new Set<Duplex>();

  private constructor() {
    this.#server = createServer(certificate({ name: NODE }));
    this.#server.on('upgrade', (_request, socket: Duplex) => {
      socket.on('error', () => {});
      this.#sessions.add(socket);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
    });
  }

  static async start(cluster: TestCluster): Promise<FakeKubelet> {
    const kubelet = new FakeKubelet();
    await new Promise<void>((resolve) => kubelet.#server.listen(0, '127.0.0.1', resolve));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    const { port } = kubelet.#server.address() as AddressInfo;
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } };
    await cluster.api.json({ method: 'POST', path: '/api/v1/nodes', body: node });
    const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
    const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
    await cluster.api.json({ method: 'PATCH', path: `/api/v1/nodes/${NODE}/status`, body: { status } });
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    });
    const spec = { nodeName: NODE, containers: [{ name: 'main', image: 'none.invalid/none' }] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: POD, namespace: 'default' }, spec };
    await cluster.api.json({ method: 'POST', path: '/api/v1/namespaces/default/pods', body: pod });
    return kubelet;
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
