import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { ControlPlane } from './control-plane.ts';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** A user of the control plane. Default: `admin`. */
  readonly as?: string;
  /** Instead of a user's. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ApiAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly 'certificate-authority-data': string } }[];
}

const PATCH_TYPE = 'application/merge-patch+json';

/** Requests to the API server as they are, without a client's own ideas: cheaper than kubectl, and able to misbehave. */
export class ApiRequests {
  readonly #plane: ControlPlane;
  readonly #agent: Agent;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    const kubeconfig: Kubeconfig = JSON.parse(readFileSync(plane.kubeconfig(), 'utf8'));
    const data = kubeconfig.clusters[0]?.cluster['certificate-authority-data'] ?? '';
    this.#agent = new Agent({
      connect: { ca: Buffer.from(data, 'base64').toString() },
      connections: 8,
      allowH2: false,
    });
  }

  /** Rejects only where no answer came. Sends again what the server has no time for (429). */
  async send(what: ApiRequest): Promise<ApiAnswer> {
    for (;;) {
      const answer = await this.#sendOnce(what);
      if (answer.code !== 429) return answer;
      await sleep(100);
    }
  }

  async #sendOnce({ method = 'GET', path, as = 'admin', token, headers, body }: ApiRequest): Promise<ApiAnswer> {
    const answer = await request(`${this.#plane.server}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${token ?? this.#plane.token(as)}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': method === 'PATCH' ? PATCH_TYPE : 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      headersTimeout: 20_000,
      bodyTimeout: 20_000,
    });
    return { code: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  /** The answer's object. Rejects unless the server agreed. */
  async json<T>(what: ApiRequest): Promise<T> {
    const { code, text } = await this.send(what);
    if (code >= 300) throw new Error(`${what.method ?? 'GET'} ${what.path}: ${code}: ${text}`);
    const object: T = JSON.parse(text);
    return object;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
