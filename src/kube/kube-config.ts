import type { AgentOptions } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { type Cluster, type DispatcherOptions, KubeConfig, type RequestContext } from '@kubernetes/client-node';
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';

/**
 * How long an idle connection is kept. undici's default of 4 s would reconnect for nearly every renewal of a Lease;
 * much longer would race with load balancers that drop idle connections after 60 s.
 */
const KEEP_ALIVE_MS = 30_000;

/** Over HTTP/1.1 alone: see docs/decisions/0012-http-1-1.md. */
const CONNECTIONS = { keepAliveTimeout: KEEP_ALIVE_MS, allowH2: false };

/**
 * client-node's KubeConfig with one pooled dispatcher instead of a new one for every request.
 *
 * Credentials (client certificates, the CA, tokens) are read by client-node's own mechanisms, for every request; the
 * dispatcher is replaced when what it was built from changed, and the old one is closed once its requests are over.
 */
export class PooledKubeConfig extends KubeConfig {
  #options: DispatcherOptions | undefined;
  #dispatcher: Dispatcher | undefined;

  /** Keeps what the base class would build a dispatcher from. It gets `none` to build, except for SOCKS proxies. */
  override createDispatcherOptions(cluster: Cluster | null, agentOptions: AgentOptions): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agentOptions);
    if (this.#dispatcher !== undefined && isDeepStrictEqual(options, this.#options)) return { type: 'none' };
    this.#replace(options.type === 'socks' ? undefined : build(options));
    this.#options = options;
    return options.type === 'socks' ? options : { type: 'none' };
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher !== undefined) context.setDispatcher(this.#dispatcher);
  }

  /** Breaks every connection, watches included. The next request opens new ones. */
  async close(): Promise<void> {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = undefined;
    await dispatcher?.destroy();
  }

  #replace(next: Dispatcher | undefined): void {
    const old = this.#dispatcher;
    this.#dispatcher = next;
    // Not at once: a request that was just given the old one has yet to be dispatched on it.
    if (old !== undefined) setImmediate(() => void old.close().catch(() => undefined));
  }
}

function build(options: Exclude<DispatcherOptions, { type: 'socks' }>): Dispatcher {
  switch (options.type) {
    case 'proxy':
      return new ProxyAgent({
        uri: options.uri,
        requestTls: forUndici(options.requestTls),
        connect: forUndici(options.connect),
        ...CONNECTIONS,
      });
    case 'agent':
      return new Agent({ connect: forUndici(options.connect), ...CONNECTIONS });
    case 'none':
      return new Agent(CONNECTIONS);
    default:
      return options satisfies never;
  }
}

/** The same options; Node's and undici's types differ in what may be null. */
function forUndici(options: object): buildConnector.BuildOptions {
  return Object.fromEntries(Object.entries(options));
}
