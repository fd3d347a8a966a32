import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { type Clock, realClock } from '../clock.ts';
import { MalformedBody } from '../decode/malformed-body.ts';
import { JournalRefused } from '../journal/journal-refused.ts';
import type { SourceError } from '../source.ts';
import { sourceError } from '../system-error.ts';
import { authenticate, type Destination, destination } from './admission.ts';
import { Delivery } from './delivery.ts';
import { Inlet, type InletCounts, type InletOptions, noRejections } from './inlet.ts';
import { LargeItems } from './large-items.ts';
import { REJECTIONS, Rejected, type RejectionReason, retryAfter } from './rejection.ts';
import { type BodyLimits, drain, requestBody } from './request-body.ts';
import { type TlsFiles, type TlsMaterial, watchTlsFiles } from './tls-files.ts';
import type { WatchedFiles } from './watched-files.ts';

export interface WebhookReceiverOptions {
  readonly tls: TlsFiles;
  /** 0 for any that is free. */
  readonly port: number;
  /** All addresses by default. */
  readonly host?: string | undefined;
  readonly limits?: Partial<WebhookLimits> | undefined;
  readonly clock?: Clock | undefined;
  /** Hears of every request that is not taken. The cause is given where it is this program's fault. */
  readonly onRejected?: ((rejection: Rejection) => void) | undefined;
}

export interface Rejection {
  readonly reason: RejectionReason;
  /** Empty where the path names no source. */
  readonly source: string;
  readonly remoteAddress: string;
  readonly cause: SourceError | undefined;
}

export interface WebhookLimits {
  readonly body: BodyLimits;
  /** Milliseconds for the TLS handshake, and for the headers of a request. */
  readonly headerMs: number;
  readonly connections: number;
  /** Deliveries that are taken at the same time. */
  readonly deliveries: number;
  /** Deliveries that may hold an event of more than 256 KiB at the same time. */
  readonly largeItems: number;
  /** Bytes of an event; more is taken without its bodies. */
  readonly itemBytes: number;
  /** Milliseconds to wait for what was delivered to be consumed; kube-apiserver waits for 30 s. */
  readonly consumeMs: number;
  /** Milliseconds between looks whether certificates and tokens were replaced. */
  readonly refreshMs: number;
  /** What is read away of a request that is not taken, so that its sender reads the answer. */
  readonly drain: { readonly bytes: number; readonly ms: number };
  /** Milliseconds that deliveries under way have when the receiver is closed. */
  readonly closeMs: number;
}

const LIMITS: WebhookLimits = Object.freeze({
  body: Object.freeze({ idleMs: 10_000, totalMs: 60_000 }),
  headerMs: 10_000,
  connections: 512,
  deliveries: 64,
  largeItems: 4,
  itemBytes: 16 * 1024 * 1024,
  consumeMs: 25_000,
  refreshMs: 10_000,
  drain: Object.freeze({ bytes: 16 * 1024 * 1024, ms: 2000 }),
  closeMs: 5000,
});

/** Longer than kube-apiserver keeps a connection that it does not use (90 s), so that it is never closed under it. */
const KEEP_ALIVE_MS = 120_000;
const MAX_HEADER_BYTES = 16 * 1024;
const EMPTY = Buffer.alloc(0);
const NOBODY: SourceError = Object.freeze({
  code: 'NoCredentials',
  message: 'nobody may deliver: the source has no tokens, and the receiver no client CA',
});

export interface WebhookReceiverStatus {
  readonly inlets: Readonly<Record<string, InletCounts>>;
  /** Requests that could not be told to be for a source, and connections that were no TLS or no HTTP. */
  readonly rejected: Readonly<Record<RejectionReason | 'handshake' | 'http' | 'connections', number>>;
  /** Of the certificates and the tokens: why what is in the files now is not used. */
  readonly errors: readonly SourceError[];
}

/**
 * Takes the deliveries of kube-apiservers' audit webhooks, and of forwarders, over HTTPS:
 * `POST /audit/<source>[/<API server>]` takes an `EventList`, `POST /events/<source>[/<API server>]` anything that
 * `AuditFormat` names. 200 is answered once everything is safe in the source's journal.
 *
 * Memory is bounded: per delivery one piece of 64 KiB and an event of up to 256 KiB; `largeItems` events of up to
 * `itemBytes`; and what the journals hold to be written.
 */
export class WebhookReceiver {
  readonly #server: Server;
  readonly #tls: WatchedFiles<TlsMaterial>;
  readonly #options: WebhookReceiverOptions;
  readonly #limits: WebhookLimits;
  readonly #clock: Clock;
  readonly #inlets = new Map<string, Inlet>();
  readonly #largeItems: LargeItems;
  readonly #rejected = { ...noRejections(), handshake: 0, http: 0, connections: 0 };
  #underWay = 0;
  #isClosing = false;
  #idle = Promise.withResolvers<void>();
  #ca: Buffer | undefined;
  /** Grows when the client CA is replaced: whoever was let in by the one before has to come again. */
  #trust = 0;
  readonly #trusted = new WeakMap<object, number>();
  /** All connections, also those that did not get as far as TLS. */
  readonly #sockets = new Set<Duplex>();

  /** Resolves when it listens. Rejects where the certificate cannot be read, or the port is taken. */
  static async listen(options: WebhookReceiverOptions): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(options, await watchTlsFiles(options.tls));
    await receiver.#listen();
    return receiver;
  }

  private constructor(options: WebhookReceiverOptions, tls: WatchedFiles<TlsMaterial>) {
    this.#options = options;
    this.#tls = tls;
    this.#ca = tls.value.ca;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#clock = options.clock ?? realClock;
    this.#largeItems = new LargeItems(this.#limits.largeItems);
    this.#server = createServer({
      ...tls.value,
      // Who has no certificate may have a token; a resumed session would not show a certificate again.
      requestCert: options.tls.clientCaFile !== undefined,
      rejectUnauthorized: false,
      secureOptions: constants.SSL_OP_NO_TICKET,
      handshakeTimeout: this.#limits.headerMs,
      headersTimeout: this.#limits.headerMs,
      requestTimeout: 2 * this.#limits.body.totalMs,
      connectionsCheckingInterval: Math.min(1000, this.#limits.headerMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    this.#server.maxConnections = this.#limits.connections;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  /** Takes deliveries to this source from now on. Rejects where its tokens cannot be read. */
  async attach(source: string, options: InletOptions): Promise<void> {
    const inlet = await Inlet.open(options);
    inlet.tokens?.watch(this.#limits.refreshMs, this.#clock, () => {});
    this.#inlets.get(source)?.tokens?.close();
    this.#inlets.set(source, inlet);
  }

  /** Takes no more deliveries to this source. */
  detach(source: string): void {
    this.#inlets.get(source)?.tokens?.close();
    this.#inlets.delete(source);
  }

  /** Looks at once whether certificates and tokens were replaced. */
  async refresh(): Promise<void> {
    if (await this.#tls.refresh()) this.#renewTls(this.#tls.value);
    for (const { tokens } of this.#inlets.values()) await tokens?.refresh();
  }

  status(): WebhookReceiverStatus {
    const inlets = [...this.#inlets].map(([name, inlet]) => [name, inlet.counts()] as const);
    const errors = [this.#tls.error, ...[...this.#inlets.values()].map(({ tokens }) => tokens?.error)];
    return {
      inlets: Object.fromEntries(inlets),
      rejected: { ...this.#rejected },
      errors: errors.filter((error) => error !== undefined),
    };
  }

  /** What is wrong with the certificates and with the tokens of one source. */
  errorsOf(source: string): readonly SourceError[] {
    const inlet = this.#inlets.get(source);
    const isOpen = this.#options.tls.clientCaFile !== undefined || inlet?.tokens?.value.isEmpty === false;
    return [this.#tls.error, inlet?.tokens?.error, inlet === undefined || isOpen ? undefined : NOBODY].filter(
      (error) => error !== undefined,
    );
  }

  /** Takes nothing more; deliveries under way are finished, if that is soon. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#tls.close();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const timer = this.#clock.setTimer(this.#limits.closeMs, () => this.#idle.resolve());
    if (this.#underWay > 0) await this.#idle.promise;
    timer.cancel();
    for (const source of this.#inlets.keys()) this.detach(source);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #listen(): Promise<void> {
    const server = this.#server;
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    server.on('request', serve);
    server.on('checkContinue', serve);
    server.on('secureConnection', (socket) => this.#trusted.set(socket, this.#trust));
    server.on('tlsClientError', () => void (this.#rejected.handshake += 1));
    server.on('drop', () => void (this.#rejected.connections += 1));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('clientError', (_error, socket) => {
      if (!this.#trusted.has(socket)) return socket.destroy();
      this.#rejected.http += 1;
      if (!socket.writable) return socket.destroy();
      return socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', () => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, this.#options.host, () => {
        server.off('error', reject);
        server.on('error', () => {});
        resolve();
      });
    });
    this.#tls.watch(this.#limits.refreshMs, this.#clock, (value) => this.#renewTls(value));
  }

  #renewTls(value: TlsMaterial): void {
    this.#server.setSecureContext({ ...value, secureOptions: constants.SSL_OP_NO_TICKET });
    if (this.#ca?.equals(value.ca ?? EMPTY) === false) {
      this.#trust += 1;
      this.#server.closeIdleConnections();
    }
    this.#ca = value.ca;
  }

  /** Never rejects. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    response.on('error', () => {});
    this.#underWay += 1;
    try {
      await this.#take(request, response);
      await this.#answer(request, response, undefined);
    } catch (error) {
      await this.#answer(request, response, this.#reject(request, error)).catch(() => request.destroy());
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0 && this.#isClosing) this.#idle.resolve();
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const to = destination(request);
    const inlet = this.#inlets.get(to.source);
    if (inlet === undefined) throw new Rejected('unknown-path');
    const { clientNames, journal, acknowledge } = inlet.options;
    const certificates =
      this.#options.tls.clientCaFile !== undefined && this.#trusted.get(request.socket) === this.#trust;
    authenticate(request, { tokens: inlet.tokens?.value, certificates, clientNames });
    if (this.#isClosing) throw new Rejected('closing');
    if (this.#underWay > this.#limits.deliveries) throw new Rejected('busy');
    journal.check();
    const body = requestBody(request, this.#limits.body, this.#clock);
    if (request.headers.expect !== undefined) response.writeContinue();
    await this.#deliver(inlet, to, body);
    if (acknowledge === 'Consumed') await this.#consumed(inlet);
  }

  async #deliver(inlet: Inlet, { kind, origin }: Destination, body: AsyncIterable<Buffer>): Promise<void> {
    const { journal, format = 'Auto' } = inlet.options;
    const delivery = new Delivery({
      journal,
      window: inlet.window,
      format: kind === 'audit' ? 'Kubernetes' : format,
      origin,
      largeItems: this.#largeItems,
      itemBytes: this.#limits.itemBytes,
    });
    let taken = false;
    try {
      await delivery.take(body);
      if (kind === 'audit' && delivery.values !== 1) throw new MalformedBody('the body is not one EventList');
      taken = true;
    } finally {
      inlet.count(delivery, taken);
    }
  }

  async #consumed(inlet: Inlet): Promise<void> {
    const { journal } = inlet.options;
    const stop = new AbortController();
    const timer = this.#clock.setTimer(this.#limits.consumeMs, () => stop.abort(new Rejected('not-consumed')));
    try {
      await journal.whenConsumed(journal.end, stop.signal);
    } finally {
      timer.cancel();
    }
  }

  #reject(request: IncomingMessage, error: unknown): RejectionReason {
    const reason = reasonOf(error);
    const source = sourceIn(request);
    const inlet = this.#inlets.get(source);
    (inlet?.rejected ?? this.#rejected)[reason] += 1;
    const cause = reason === 'internal' || reason === 'failed' ? sourceError(causeOf(error)) : undefined;
    const remoteAddress = request.socket.remoteAddress ?? '';
    this.#options.onRejected?.({ reason, source: inlet === undefined ? '' : source, remoteAddress, cause });
    return reason;
  }

  /** Whoever sends a body reads the answer behind it: what was not taken of it is read away first, within limits. */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    reason: RejectionReason | undefined,
  ): Promise<void> {
    const { bytes, ms } = this.#limits.drain;
    const awaitsContinue = request.headers.expect !== undefined && !response.headersSent && reason !== undefined;
    const isWhole =
      request.readableEnded || (!awaitsContinue && reason !== 'slow' && (await drain(request, bytes, ms, this.#clock)));
    if (!isWhole || this.#isClosing || this.#trusted.get(request.socket) !== this.#trust) {
      response.setHeader('Connection', 'close');
    }
    if (reason === undefined) {
      response.writeHead(200, { 'Content-Length': 0 }).end();
      return;
    }
    const seconds = retryAfter(reason);
    if (seconds !== undefined) response.setHeader('Retry-After', seconds);
    if (reason === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
    if (reason === 'method') response.setHeader('Allow', 'POST');
    response.writeHead(REJECTIONS[reason], { 'Content-Type': 'text/plain' }).end(`${reason}\n`);
  }
}

function reasonOf(error: unknown): RejectionReason {
  if (error instanceof Rejected) return error.reason;
  if (error instanceof MalformedBody) return 'malformed';
  if (error instanceof JournalRefused) return error.reason === 'closed' ? 'closing' : error.reason;
  return 'internal';
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

/** '' where the path has none. */
function sourceIn({ url = '' }: IncomingMessage): string {
  try {
    return destination({ url: url.split('?')[0], method: 'POST' }).source;
  } catch {
    return '';
  }
}
