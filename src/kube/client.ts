import { RequestContext } from '@kubernetes/client-node';
import { type Dispatcher, request as send } from 'undici';
import { type Clock, realClock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { PooledKubeConfig } from './kube-config.ts';
import { describeError } from './logger.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { ConnectionError, type Status, StatusError } from './status-error.ts';
import { type RateLimit, TokenBucket } from './token-bucket.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface KubeRequest {
  readonly method: Method;
  /** Absolute path under the server's URL, already encoded. */
  readonly path: string;
  readonly query?: Query;
  /** Serialised as JSON. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for everything, retries included. Default `requestTimeout` of the client. */
  readonly timeout?: number | undefined;
}

export interface KubeClientOptions {
  /** `product/version (platform) …`, what audit logs show as userAgent. */
  readonly userAgent: string;
  /** Milliseconds. Default 30 s: below the API server's own 60 s, so that a dead connection is noticed here first. */
  readonly requestTimeout?: number;
  /** No limit by default: API Priority and Fairness limits on the server. */
  readonly rateLimit?: RateLimit;
  readonly metrics?: RequestMetrics;
  readonly clock?: Clock;
}

/** How often a request is sent again because the server said "later" (429 or 503 with Retry-After). */
const MAX_RETRIES = 5;
/** A longer Retry-After than this is the caller's business. Seconds. */
const LONGEST_RETRY_AFTER = 10;
/** Error bodies that are no `metav1.Status` are quoted up to this length. */
const LONGEST_QUOTE = 300;

/** A connection died in a way that a GET may safely try once more, e.g. an idle connection that the server had closed. */
const RESET = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/**
 * Raw JSON requests to one API server over pooled connections.
 *
 * Answers are parsed with `JSON.parse` and nothing more. Every failure is a `StatusError` (the server answered) or a
 * `ConnectionError` (it did not); an abort of the caller's signal rejects with its reason.
 */
export class KubeClient {
  readonly #config: PooledKubeConfig;
  readonly #options: KubeClientOptions;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket | undefined;

  constructor(config: PooledKubeConfig, options: KubeClientOptions) {
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#bucket = options.rateLimit && new TokenBucket(options.rateLimit, this.#clock);
  }

  /** Sends a request and returns the parsed body of a 2xx answer. */
  async request<T>(request: KubeRequest): Promise<T> {
    const deadline = new Deadline(
      this.#clock,
      request.timeout ?? this.#options.requestTimeout ?? 30_000,
      request.signal,
    );
    try {
      return await this.#withRetries(request, deadline, async (body): Promise<T> => {
        const text = await body.text();
        try {
          return JSON.parse(text);
        } catch (error) {
          throw new ConnectionError('MALFORMED', 'the answer is not JSON', request, error);
        }
      });
    } finally {
      deadline.clear();
    }
  }

  /**
   * Sends a GET and returns the body of a 2xx answer as it arrives. There is no time limit after the head of the answer.
   * The body must be read to its end, destroyed, or ended by the signal. Its own errors are not wrapped: see `connectionError`.
   */
  async stream(request: Omit<KubeRequest, 'method' | 'body'>): Promise<Dispatcher.ResponseData['body']> {
    const get: KubeRequest = { ...request, method: 'GET' };
    const deadline = new Deadline(
      this.#clock,
      request.timeout ?? this.#options.requestTimeout ?? 30_000,
      request.signal,
    );
    try {
      const body = await this.#withRetries(get, deadline, async (body) => {
        // Whoever reads the body gets its error; nobody else has to.
        body.on('error', () => undefined);
        return body;
      });
      deadline.restart(undefined);
      body.once('close', () => deadline.clear());
      return body;
    } catch (error) {
      deadline.clear();
      throw error;
    }
  }

  async #withRetries<R>(
    request: KubeRequest,
    deadline: Deadline,
    read: (body: Dispatcher.ResponseData['body']) => Promise<R>,
  ): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#bucket?.take(deadline.signal);
        return await this.#measured(request, deadline.signal, read);
      } catch (error) {
        if (request.signal?.aborted === true) throw request.signal.reason;
        if (deadline.expired) throw new ConnectionError('TIMEOUT', 'timed out', request, deadline.signal.reason);
        const wait = retryDelay(error, request, attempt);
        if (wait === undefined) throw error;
        await this.#clock.sleep(wait, deadline.signal).catch(() => {
          throw request.signal?.aborted === true ? request.signal.reason : error;
        });
      }
    }
  }

  async #measured<R>(
    request: KubeRequest,
    signal: AbortSignal,
    read: (body: Dispatcher.ResponseData['body']) => Promise<R>,
  ): Promise<R> {
    const start = this.#clock.monotonic();
    let code = '<error>';
    try {
      const response = await this.#send(request, signal);
      code = String(response.statusCode);
      if (response.statusCode < 200 || response.statusCode > 299) throw await statusError(response, request);
      return await read(response.body);
    } catch (error) {
      if (error instanceof StatusError || error instanceof ConnectionError || signal.aborted) throw error;
      code = '<error>';
      throw connectionError(error, request);
    } finally {
      this.#options.metrics?.requestFinished({
        method: request.method,
        code,
        milliseconds: this.#clock.monotonic() - start,
      });
    }
  }

  async #send(request: KubeRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const server = this.#config.getCurrentCluster()?.server;
    if (server === undefined) throw new ConnectionError('CREDENTIALS', 'the configuration names no cluster', request);
    const url = server.replace(/\/+$/, '') + request.path + formatQuery(request.query);
    const context = new RequestContext(url, request.method);
    try {
      await this.#config.applySecurityAuthentication(context);
    } catch (error) {
      throw new ConnectionError('CREDENTIALS', 'cannot get the credentials', request, error);
    }
    signal.throwIfAborted();
    const dispatcher = context.getDispatcher();
    return send(url, {
      ...(dispatcher && { dispatcher }),
      method: request.method,
      headers: {
        // A token that was read from a file may end with a newline.
        ...Object.fromEntries(Object.entries(context.getHeaders()).map(([name, value]) => [name, value.trim()])),
        'user-agent': this.#options.userAgent,
        accept: request.accept ?? 'application/json',
        ...(request.body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

/** Wraps what a connection died of. */
export function connectionError(
  error: unknown,
  request: { readonly method: string; readonly path: string },
): ConnectionError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return new ConnectionError(code, describeError(error), request, error);
}

function retryDelay(error: unknown, request: KubeRequest, attempt: number): number | undefined {
  if (error instanceof ConnectionError) {
    return request.method === 'GET' && attempt === 0 && RESET.has(error.code) ? 0 : undefined;
  }
  if (attempt >= MAX_RETRIES || !(error instanceof StatusError)) return undefined;
  const seconds = error.retryAfterSeconds;
  const saysLater = error.code === 429 || error.code === 503;
  return saysLater && seconds !== undefined && seconds <= LONGEST_RETRY_AFTER ? seconds * 1000 : undefined;
}

async function statusError(response: Dispatcher.ResponseData, request: KubeRequest): Promise<StatusError> {
  const text = await response.body.text();
  const header = Number(response.headers['retry-after']);
  const retryAfter =
    Number.isFinite(header) && header >= 0 && response.headers['retry-after'] !== undefined ? header : undefined;
  return new StatusError({ ...parseStatus(text), code: response.statusCode }, request, retryAfter);
}

function parseStatus(text: string): Status {
  try {
    const parsed: Status | null = JSON.parse(text);
    if (parsed?.kind === 'Status') return parsed;
  } catch {
    // Not JSON: a proxy's page, or the API server's plain text.
  }
  return { message: text.slice(0, LONGEST_QUOTE).trim() };
}

function formatQuery(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
