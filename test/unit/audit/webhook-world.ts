import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import {
  type InletOptions,
  Journal,
  type JournalOptions,
  JournalSource,
  listenForWebhooks,
  type WebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookRejection,
} from '../../../src/audit/index.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { type Certificate, certificate, type Issuer } from './certificates.ts';
import { FakeDisk } from './fake-disk.ts';
import { eventLine } from './log-directory.ts';

export const TOKEN = 'correct-horse-battery-staple';
const MICROS = Date.UTC(2026, 10, 24, 5, 48, 24) * 1000;

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

export interface PostOptions {
  readonly token?: string | undefined;
  readonly certificate?: Certificate | undefined;
  readonly gzip?: boolean;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: https.Agent;
}

/** A receiver with one source, `main`, whose journal is on a disk in memory; and what a client needs to talk to it. */
export class WebhookWorld {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'webhook-'));
  readonly clock = new FakeClock(MICROS / 1000);
  readonly disk = new FakeDisk(() => this.clock.now());
  readonly ca = certificate({ name: 'receiver-ca', use: 'ca' });
  readonly clientCa = certificate({ name: 'client-ca', use: 'ca' });
  readonly client = certificate({ name: 'kube-apiserver', issuer: this.clientCa, use: 'client' });
  readonly rejections: WebhookRejection[] = [];
  #journal: Journal | undefined;
  #receiver: WebhookReceiver | undefined;

  constructor() {
    this.writeServerCertificate(this.ca);
    this.writeFile('client-ca.crt', this.clientCa.cert);
    this.writeFile('tokens', `# comment\n\nanother-token-that-is-let-in\n${TOKEN}\n`);
  }

  get journal(): Journal {
    return this.#journal!;
  }

  get receiver(): WebhookReceiver {
    return this.#receiver!;
  }

  file(name: string): string {
    return path.join(this.directory, name);
  }

  writeFile(name: string, content: string): void {
    fs.writeFileSync(this.file(name), content);
  }

  writeServerCertificate(issuer: Issuer): void {
    const server = certificate({ name: 'receiver', issuer });
    this.writeFile('tls.crt', server.cert);
    this.writeFile('tls.key', server.key);
  }

  async start(
    options: Partial<WebhookReceiverOptions> = {},
    inlet: Partial<InletOptions> = {},
    journal: Partial<JournalOptions> = {},
  ): Promise<void> {
    this.#journal = await Journal.open({ files: this.disk.mount(), clock: this.clock, ...journal });
    this.#receiver = await listenForWebhooks({
      tls: { certFile: this.file('tls.crt'), keyFile: this.file('tls.key'), clientCaFile: this.file('client-ca.crt') },
      host: '127.0.0.1',
      port: 0,
      clock: this.clock,
      onRejected: (rejection) => this.rejections.push(rejection),
      ...options,
    });
    await this.#receiver.attach('main', { journal: this.#journal, tokenFile: this.file('tokens'), ...inlet });
  }

  async stop(): Promise<void> {
    await this.#receiver?.close();
    await this.#journal?.close();
    this.#receiver = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  event(id: string, fields: Record<string, unknown> = {}): string {
    return eventLine(id, MICROS, fields);
  }

  /** As the webhook backend sends it: the items leave out their kind and apiVersion. */
  eventList(...ids: string[]): string {
    const items = ids.map((id) => this.event(id).replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', ''));
    return `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}\n`;
  }

  /** Begins a request; the caller ends it. */
  request(
    url: string,
    options: PostOptions = {},
  ): { request: ReturnType<typeof https.request>; answer: Promise<Answer> } {
    const { token, certificate: client, method = 'POST', headers = {}, agent } = options;
    const request = https.request({
      host: '127.0.0.1',
      port: this.receiver.port,
      ca: this.ca.cert,
      path: url,
      method,
      agent: agent ?? false,
      ...(client !== undefined && { cert: client.cert, key: client.key }),
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    });
    const answer = new Promise<Answer>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, body: Buffer.concat(chunks).toString(), retryAfter: headers['retry-after'] });
        });
      });
    });
    answer.catch(() => {});
    return { request, answer };
  }

  async post(url: string, body: string | Buffer, options: PostOptions = { token: TOKEN }): Promise<Answer> {
    const headers = { ...options.headers, ...(options.gzip === true && { 'content-encoding': 'gzip' }) };
    const { request, answer } = this.request(url, { ...options, headers });
    request.end(options.gzip === true ? gzipSync(body) : body);
    return await answer;
  }

  /** A connection for bytes of any kind. */
  async connect(options: { certificate?: Certificate } = {}): Promise<TLSSocket> {
    const socket = connect({ host: '127.0.0.1', port: this.receiver.port, ca: this.ca.cert, ...options.certificate });
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
    return socket;
  }

  /** The ids of all events in the journal. */
  async ids(): Promise<string[]> {
    return (await this.records()).map(({ event }) => event.auditID ?? '');
  }

  async records(): Promise<readonly Awaited<ReturnType<WebhookWorld['batches']>>[number]['records'][number][]> {
    return (await this.batches()).flatMap(({ records }) => records);
  }

  async batches() {
    const abort = new AbortController();
    const source = new JournalSource({ journal: this.journal, pause: async () => abort.abort() });
    const batches = [];
    for await (const batch of source.batches(abort.signal)) batches.push(batch);
    return batches;
  }
}
