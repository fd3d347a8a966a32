import type { LeaderElectorOptions } from '../../../src/kube/index.ts';
import { ConnectionError, type Lease, StatusError } from '../../../src/kube/index.ts';
import type { FakeClock } from './fake-clock.ts';

type Leases = LeaderElectorOptions['leases'];

/** What the network between one client and the server does. */
export interface Link {
  /** Milliseconds each way. */
  latency: number;
  /** `request`: nothing arrives. `answer`: everything arrives, but no answer comes back. */
  broken: 'no' | 'request' | 'answer';
}

const request = { method: 'PUT', path: '/lease' };
const refusal = (code: number, reason: string) => new StatusError({ code, reason }, request);

/** One Lease on a server with optimistic locking, reached over links that can be slow or broken. */
export class LeaseServer {
  lease: Lease | undefined;
  requests = 0;
  readonly #clock: FakeClock;
  #version = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  client(link: Link): Leases {
    return {
      get: (_key, options) =>
        this.#over(link, options, () => {
          if (this.lease === undefined) throw refusal(404, 'NotFound');
          return this.lease;
        }),
      create: (draft, options) =>
        this.#over(link, options, () => {
          if (this.lease !== undefined) throw refusal(409, 'AlreadyExists');
          return this.#store({ apiVersion: '', kind: '', ...draft, metadata: { name: 'lock', ...draft.metadata } });
        }),
      replace: (object, options) =>
        this.#over(link, options, () => {
          if (object.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) throw refusal(409, 'Conflict');
          return this.#store(object);
        }),
    };
  }

  #store(lease: Lease): Lease {
    this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: String(++this.#version) } };
    return this.lease;
  }

  async #over(
    link: Link,
    options: { signal?: AbortSignal | undefined; timeout?: number | undefined } | undefined,
    act: () => Lease,
  ): Promise<Lease> {
    this.requests++;
    const timeout = new AbortController();
    const timer = this.#clock.setTimer(options?.timeout ?? 30_000, () =>
      timeout.abort(new ConnectionError('TIMEOUT', 'timed out', request)),
    );
    const signal = options?.signal === undefined ? timeout.signal : AbortSignal.any([options.signal, timeout.signal]);
    const never = (): Promise<never> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    try {
      signal.throwIfAborted();
      if (link.broken === 'request') return await never();
      // What is under way arrives, whether or not the client still waits for it.
      const answer = this.#exchange(link, act);
      answer.catch(() => undefined);
      return await (link.broken === 'answer' ? never() : Promise.race([answer, never()]));
    } finally {
      timer.cancel();
    }
  }

  async #exchange(link: Link, act: () => Lease): Promise<Lease> {
    await this.#clock.sleep(link.latency);
    try {
      return act();
    } finally {
      await this.#clock.sleep(link.latency);
    }
  }
}
