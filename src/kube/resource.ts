import { connectionError, type KubeClient, type Method, type Query } from './client.ts';
import { lines } from './lines.ts';
import type { ApplyConfiguration, Draft, KubeObject, ObjectKey, PartialObjectMetadata } from './object.ts';
import { apiVersionOf, pathOf, type ResourceType } from './resource-type.ts';
import { ConnectionError } from './status-error.ts';
import type { WatchEvent } from './watch-event.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default that of the client. */
  readonly timeout?: number | undefined;
}

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string | undefined;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore' | undefined;
  readonly dryRun?: 'All' | undefined;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes over fields that others own. */
  readonly force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
}

export interface SelectOptions extends CallOptions {
  /** One namespace; all of them without. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** See the API conventions on resource versions: unset reads from etcd, `0` takes whatever the server has at hand. */
export interface ListOptions extends SelectOptions {
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
  /** Objects a page. */
  readonly limit?: number | undefined;
  /** The token of the page before. */
  readonly continue?: string | undefined;
}

export interface WatchOptions extends SelectOptions {
  readonly resourceVersion?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly allowWatchBookmarks?: boolean;
  /** Called when the server has accepted the watch. */
  readonly onOpen?: () => void;
}

/** One page of a list. */
export interface ListPage<T> {
  readonly items: readonly T[];
  /** The version of the whole collection: where a watch goes on. */
  readonly resourceVersion: string;
  /** The token of the next page; undefined on the last one. */
  readonly continue: string | undefined;
}

export type Patch =
  | { readonly type: 'json'; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: 'merge'; readonly document: unknown };

/** RFC 6902. */
type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string };

interface RawList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/** The objects of one type, as the API serves them. Errors are those of `KubeClient`. */
export class Resource<T extends KubeObject> {
  readonly type: ResourceType;
  readonly #client: KubeClient;

  constructor(client: KubeClient, type: ResourceType) {
    this.#client = client;
    this.type = type;
  }

  get(key: ObjectKey, options: CallOptions & { readonly resourceVersion?: string } = {}): Promise<T> {
    return this.#call('GET', key, options, { query: { resourceVersion: options.resourceVersion } });
  }

  /** Only the metadata, whatever the size of the object; needs the same right to `get`. */
  getMetadata(key: ObjectKey, options: CallOptions = {}): Promise<PartialObjectMetadata> {
    return this.#call('GET', key, options, { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' });
  }

  /** One page; all objects when no limit is given. Items carry `apiVersion` and `kind` also where the server leaves them out. */
  async list(options: ListOptions = {}): Promise<ListPage<T>> {
    const list = await this.#client.request<RawList<T>>({
      method: 'GET',
      path: pathOf(this.type, options),
      query: {
        ...selection(options),
        resourceVersion: options.resourceVersion,
        resourceVersionMatch: options.resourceVersionMatch,
        limit: options.limit,
        continue: options.continue,
      },
      signal: options.signal,
      timeout: options.timeout,
    });
    const type = { apiVersion: apiVersionOf(this.type), kind: this.type.kind };
    return {
      items: (list.items ?? []).map((item) => (item.kind === undefined ? { ...type, ...item } : item)),
      resourceVersion: list.metadata?.resourceVersion ?? '',
      continue: list.metadata?.continue === '' ? undefined : list.metadata?.continue,
    };
  }

  /**
   * The changes after `resourceVersion`, until the server ends the watch, the loop over it ends, or the signal aborts.
   * Throws when it cannot begin or breaks off; an `ERROR` event is yielded like any other.
   */
  async *watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent<T>> {
    const path = pathOf(this.type, options);
    const body = await this.#client.stream({
      path,
      query: {
        ...selection(options),
        watch: true,
        resourceVersion: options.resourceVersion,
        timeoutSeconds: options.timeoutSeconds,
        allowWatchBookmarks: options.allowWatchBookmarks,
      },
      signal: options.signal,
      timeout: options.timeout,
    });
    options.onOpen?.();
    try {
      for await (const line of lines(body)) yield parseEvent<T>(line);
    } catch (error) {
      if (options.signal?.aborted === true) throw options.signal.reason;
      const request = { method: 'GET', path };
      if (error instanceof SyntaxError) throw new ConnectionError('MALFORMED', 'a line is not JSON', request, error);
      throw connectionError(error, request);
    } finally {
      // Also where the loop is ended early: it takes the connection with it.
      body.destroy();
    }
  }

  create(draft: Draft<T>, options: WriteOptions = {}): Promise<T> {
    return this.#client.request({
      method: 'POST',
      path: pathOf(this.type, { namespace: this.#namespaceOf(draft.metadata) }),
      query: writing(options),
      body: this.#typed(draft),
      signal: options.signal,
      timeout: options.timeout,
    });
  }

  /** Replaces the object; refused with a conflict if `metadata.resourceVersion` is not the newest. */
  replace(object: T, options: WriteOptions = {}): Promise<T> {
    return this.#call('PUT', object.metadata, options, { query: writing(options), body: this.#typed(object) });
  }

  replaceStatus(object: T, options: WriteOptions = {}): Promise<T> {
    return this.#call('PUT', object.metadata, options, {
      query: writing(options),
      body: this.#typed(object),
      subresource: 'status',
    });
  }

  patch(key: ObjectKey, patch: Patch, options: WriteOptions & { readonly subresource?: string } = {}): Promise<T> {
    return this.#call('PATCH', key, options, {
      query: writing(options),
      subresource: options.subresource,
      contentType: `application/${patch.type}-patch+json`,
      body: patch.type === 'json' ? patch.operations : patch.document,
    });
  }

  /** Server-side apply. Creates the object if need be. */
  apply(configuration: ApplyConfiguration<T>, options: ApplyOptions): Promise<T> {
    return this.#apply(configuration, options, undefined);
  }

  /** Server-side apply of the status subresource. */
  applyStatus(configuration: ApplyConfiguration<T>, options: ApplyOptions): Promise<T> {
    return this.#apply(configuration, options, 'status');
  }

  async delete(key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const { preconditions, propagationPolicy, gracePeriodSeconds } = options;
    await this.#call('DELETE', key, options, {
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy, gracePeriodSeconds },
    });
  }

  #apply(configuration: ApplyConfiguration<T>, options: ApplyOptions, subresource: string | undefined): Promise<T> {
    return this.#call('PATCH', configuration.metadata, options, {
      query: { ...writing(options), force: options.force },
      subresource,
      contentType: 'application/apply-patch+yaml',
      body: this.#typed(configuration),
    });
  }

  #call<R>(
    method: Method,
    key: ObjectKey,
    { signal, timeout }: CallOptions,
    rest: { query?: Query; body?: unknown; contentType?: string; accept?: string; subresource?: string | undefined },
  ): Promise<R> {
    const { subresource, ...request } = rest;
    const path = pathOf(this.type, { namespace: this.#namespaceOf(key), name: nameOf(key), subresource });
    return this.#client.request({ method, path, signal, timeout, ...request });
  }

  #namespaceOf({ namespace }: { readonly namespace?: string | undefined }): string | undefined {
    if (!this.type.namespaced) return undefined;
    if (namespace === undefined || namespace === '')
      throw new TypeError(`a ${this.type.kind} is in a namespace: name it`);
    return namespace;
  }

  #typed(object: object): object {
    return { ...object, apiVersion: apiVersionOf(this.type), kind: this.type.kind };
  }
}

function parseEvent<T extends KubeObject>(line: string): WatchEvent<T> {
  const event: WatchEvent<T> = JSON.parse(line);
  return event;
}

/** An empty name would address the whole collection: a delete of it would delete everything. */
function nameOf({ name }: ObjectKey): string {
  if (name === '' || name === '.' || name === '..') throw new TypeError(`"${name}" is not the name of an object`);
  return name;
}

const selection = ({ labelSelector, fieldSelector }: SelectOptions): Query => ({ labelSelector, fieldSelector });

const writing = ({ fieldManager, fieldValidation, dryRun }: WriteOptions): Query => ({
  fieldManager,
  fieldValidation,
  dryRun,
});
