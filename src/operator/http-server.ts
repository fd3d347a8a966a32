import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** The answer to a probe: healthy, or what is wrong, a line each. */
export type Probe = () => readonly string[];

export interface HttpEndpoints {
  /** Wrong only where a restart helps. */
  readonly healthz: Probe;
  /** Wrong while the operator cannot do its work yet. */
  readonly readyz: Probe;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Serves `/healthz`, `/readyz` and `/metrics` over plain HTTP; nothing here is secret or changes anything. */
export class HttpServer {
  readonly #server: Server;

  constructor(endpoints: HttpEndpoints) {
    this.#server = createServer((request, response) => {
      answer(endpoints, request, response).catch(() => response.destroy());
    });
    this.#server.requestTimeout = 10_000;
    this.#server.headersTimeout = 10_000;
    this.#server.maxConnections = 100;
  }

  /** Resolves with the port. */
  async listen({ host, port }: ListenAddress): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

async function answer(endpoints: HttpEndpoints, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (code: number, type: string, text: string) => {
    response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, PLAIN, 'only GET\n');
  const path = request.url?.split('?')[0];
  if (path === '/healthz' || path === '/readyz') {
    const wrong = path === '/healthz' ? endpoints.healthz() : endpoints.readyz();
    return wrong.length === 0 ? send(200, PLAIN, 'ok\n') : send(503, PLAIN, `${wrong.join('\n')}\n`);
  }
  if (path === '/metrics') {
    const { contentType, text } = await endpoints.metrics();
    return send(200, contentType, text);
  }
  send(404, PLAIN, 'try /healthz, /readyz or /metrics\n');
}

const PLAIN = 'text/plain; charset=utf-8';
