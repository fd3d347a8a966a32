import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface StoredObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    resourceVersion?: string;
    uid?: string;
    generation?: number;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

interface Change {
  readonly plural: string;
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: StoredObject;
}

interface Watcher {
  readonly response: ServerResponse;
  readonly collection: Collection;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: SentBody | undefined;
}

/** An answer instead of the regular one: a status, `drop` to cut the connection without any, or `hang` for none at all. */
export type Fault =
  | 'drop'
  | 'hang'
  | { readonly code: number; readonly body?: unknown; readonly headers?: Record<string, string> };

interface Collection {
  readonly plural: string;
  readonly namespace: string | undefined;
}

/**
 * An API server for tests, on loopback: objects of any type with resource versions, optimistic locking, paginated lists,
 * watches with bookmarks and a bounded history (410), merge patch and apply. Faults are injected by the test.
 */
export class FakeApiServer {
  readonly requests: RecordedRequest[] = [];
  /** Decides about every request before the server does. */
  fault: (request: RecordedRequest) => Fault | undefined = () => undefined;
  /** TCP connections accepted so far. */
  connections = 0;

  readonly #server: Server;
  readonly #objects = new Map<string, StoredObject>();
  readonly #watchers = new Set<Watcher>();
  readonly #snapshots = new Map<number, readonly StoredObject[]>();
  #history: Change[] = [];
  #version = 100;
  #compacted = 0;
  #uid = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      );
    });
    this.#server.on('connection', () => this.connections++);
  }

  static async start(): Promise<FakeApiServer> {
    const server = new FakeApiServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  }

  get resourceVersion(): string {
    return String(this.#version);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Everything there is of a resource, by `namespace/name`. */
  contents(plural: string): Map<string, StoredObject> {
    const found = new Map<string, StoredObject>();
    for (const [id, object] of this.#objects) {
      const { namespace, name } = object.metadata;
      if (id.startsWith(`${plural}/`)) found.set(namespace === undefined ? name : `${namespace}/${name}`, object);
    }
    return found;
  }

  /** Creates or updates behind the client's back. */
  put(plural: string, object: StoredObject): StoredObject {
    const id = idOf(plural, object.metadata);
    const before = this.#objects.get(id);
    const stored = structuredClone(object);
    stored.metadata.resourceVersion = String(++this.#version);
    stored.metadata.uid = before?.metadata.uid ?? `uid-${++this.#uid}`;
    this.#objects.set(id, stored);
    this.#record({ plural, version: this.#version, type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored });
    return stored;
  }

  remove(plural: string, key: { namespace?: string; name: string }): void {
    const id = idOf(plural, key);
    const before = this.#objects.get(id);
    if (before === undefined) return;
    this.#objects.delete(id);
    const last = structuredClone(before);
    last.metadata.resourceVersion = String(++this.#version);
    this.#record({ plural, version: this.#version, type: 'DELETED', object: last });
  }

  /** Forgets the history: watches and continue tokens from before are expired. */
  compact(): void {
    this.#compacted = this.#version;
    this.#history = [];
  }

  /** Lets the version rise without a change to anything that is watched, as writes of other resources do. */
  skipVersions(count: number): void {
    this.#version += count;
  }

  /** Sends a raw line, or anything else, to all watches. */
  sendToWatches(text: string | Uint8Array): void {
    for (const { response } of this.#watchers) response.write(text);
  }

  sendBookmarks(): void {
    const object = { kind: 'Thing', apiVersion: 'example.dev/v1', metadata: { resourceVersion: this.resourceVersion } };
    this.sendToWatches(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  sendError(code: number, reason: string): void {
    const object = { kind: 'Status', status: 'Failure', code, reason, message: 'injected' };
    this.sendToWatches(`${JSON.stringify({ type: 'ERROR', object })}\n`);
  }

  /** Ends all watches as a timeout of the server does. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
    this.#watchers.clear();
  }

  /** Cuts all watches without the end of the body. */
  dropWatches(): void {
    for (const { response } of this.#watchers) response.destroy();
    this.#watchers.clear();
  }

  #record(change: Change): void {
    this.#history.push(change);
    for (const watcher of this.#watchers) this.#send(watcher, change);
  }

  #send({ response, collection }: Watcher, { plural, type, object }: Change): void {
    if (collection.plural !== plural) return;
    if (collection.namespace !== undefined && collection.namespace !== object.metadata.namespace) return;
    response.write(`${JSON.stringify({ type, object })}\n`);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x');
    const text = await readText(request);
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.requests.push(recorded);
    const fault = this.fault(recorded);
    if (fault === 'hang') return;
    if (fault === 'drop') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined) {
      response.writeHead(fault.code, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify(fault.body ?? status(fault.code, 'Injected')));
      return;
    }
    const { collection, name, subresource } = parsePath(url.pathname);
    if (name === undefined && recorded.method === 'GET') {
      if (recorded.query['watch'] === 'true') this.#watch(collection, recorded, response);
      else answer(response, ...this.#list(collection, recorded.query));
      return;
    }
    answer(response, ...this.#serve(recorded, collection, name, subresource));
  }

  #list(collection: Collection, query: RecordedRequest['query']): [number, unknown] {
    if (Number(query['resourceVersion'] ?? 0) > this.#version) return [504, tooLarge()];
    const [from = 0, version = this.#version] = query['continue']?.split('@').map(Number) ?? [];
    if (version < this.#compacted) return [410, status(410, 'Expired')];
    // Later pages are of the same moment as the first one.
    const all = from === 0 ? this.#select(collection) : (this.#snapshots.get(version) ?? []);
    this.#snapshots.set(version, all);
    const limit = Number(query['limit'] ?? all.length);
    const items = all.slice(from, from + limit);
    const next = from + items.length;
    const metadata = { resourceVersion: String(version), ...(next < all.length && { continue: `${next}@${version}` }) };
    return [200, { kind: 'ThingList', metadata, items }];
  }

  #select({ plural, namespace }: Collection): StoredObject[] {
    return [...this.contents(plural).values()]
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .sort((a, b) => (idOf('', a.metadata) < idOf('', b.metadata) ? -1 : 1));
  }

  #watch(collection: Collection, { query }: RecordedRequest, response: ServerResponse): void {
    const since = Number(query['resourceVersion'] ?? 0);
    if (since > this.#version) {
      answer(response, 504, tooLarge());
      return;
    }
    if (since < this.#compacted) {
      answer(response, 410, status(410, 'Expired'));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watcher = { response, collection };
    for (const change of this.#history) {
      if (change.version > since) this.#send(watcher, change);
    }
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
  }

  #serve(
    { method, query, body }: RecordedRequest,
    { plural, namespace }: Collection,
    name: string | undefined,
    subresource: string | undefined,
  ): [number, unknown] {
    const sent: SentBody = body ?? {};
    const key = { ...(namespace !== undefined && { namespace }), name: name ?? sent.metadata?.name ?? '' };
    const existing = this.#objects.get(idOf(plural, key));
    if (method === 'POST') {
      if (existing !== undefined) return [409, status(409, 'AlreadyExists')];
      return [201, this.put(plural, { ...sent, metadata: { ...sent.metadata, ...key } })];
    }
    const applies = method === 'PATCH' && query['force'] !== undefined;
    if (existing === undefined && !applies) return [404, status(404, 'NotFound')];
    const current: StoredObject = existing ?? { metadata: key };
    const wanted = method === 'DELETE' ? sent.preconditions : sent.metadata;
    const conflicts =
      (wanted?.resourceVersion !== undefined && wanted.resourceVersion !== current.metadata.resourceVersion) ||
      (method === 'DELETE' && wanted?.uid !== undefined && wanted.uid !== current.metadata.uid);
    if (conflicts) return [409, status(409, 'Conflict')];
    const metadata = { ...current.metadata, ...sent.metadata };
    switch (method) {
      case 'GET':
        return [200, current];
      case 'PUT':
        return [
          200,
          this.put(
            plural,
            subresource === 'status'
              ? { ...current, status: sent['status'] }
              : { ...sent, metadata, status: current['status'] },
          ),
        ];
      case 'PATCH':
        return [200, this.put(plural, { ...merge(current, sent), metadata: { ...metadata, ...key } })];
      case 'DELETE':
        this.remove(plural, key);
        return [200, { kind: 'Status', status: 'Success' }];
      default:
        return [405, status(405, 'MethodNotAllowed')];
    }
  }
}

interface SentBody {
  readonly metadata?: StoredObject['metadata'];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly [field: string]: unknown;
}

function answer(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const status = (code: number, reason: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message: reason,
});

const tooLarge = () => ({
  ...status(504, 'Timeout'),
  message: 'Too large resource version',
  details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
});

const idOf = (plural: string, { namespace, name }: { namespace?: string; name: string }) =>
  `${plural}/${namespace ?? ''}/${name}`;

function parsePath(path: string): {
  collection: Collection;
  name: string | undefined;
  subresource: string | undefined;
} {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [plural = '', name, subresource] = namespace === undefined ? rest : rest.slice(2);
  return { collection: { plural, namespace }, name, subresource };
}

/** RFC 7386, for objects. */
function merge(target: object, patch: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const before = result[name];
    if (value === null) delete result[name];
    else if (isObject(value)) result[name] = merge(isObject(before) ? before : {}, value);
    else result[name] = value;
  }
  return result;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
