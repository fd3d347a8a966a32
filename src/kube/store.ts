import { describeError, type Logger, silentLogger } from './logger.ts';
import { type KubeObject, keyOf } from './object.ts';

/** What happened to one object of the store. An object that was deleted and made anew is a delete and an add. */
export type Change<T> =
  | { readonly type: 'add'; readonly key: string; readonly object: T }
  | { readonly type: 'update'; readonly key: string; readonly object: T; readonly old: T }
  | { readonly type: 'delete'; readonly key: string; readonly object: T };

export type ChangeHandler<T> = (change: Change<T>) => void;

/** The values under which an object is found; it changes only with the object. */
export type Indexer<T> = (object: T) => readonly string[];

export interface StoreOptions<T> {
  readonly indexers?: Readonly<Record<string, Indexer<T>>>;
  readonly logger?: Logger;
}

/** Objects as last seen on the server, by key. Shared: what it hands out must not be changed. */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  /** Index name → value → keys. Every key in it is in `#objects`, and is under exactly the values of its object. */
  readonly #indices = new Map<string, Map<string, Set<string>>>();
  readonly #handlers = new Set<ChangeHandler<T>>();
  readonly #indexers: Readonly<Record<string, Indexer<T>>>;
  readonly #logger: Logger;
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;

  constructor({ indexers = {}, logger = silentLogger }: StoreOptions<T> = {}) {
    this.#indexers = indexers;
    this.#logger = logger;
    for (const name of Object.keys(indexers)) this.#indices.set(name, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Whether everything that was on the server at some time since the start is here. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Resolves once `hasSynced`; rejects with the signal's reason. */
  async whenSynced(signal?: AbortSignal): Promise<void> {
    if (this.#hasSynced) return;
    signal?.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#synced.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): IteratorObject<T> {
    return this.#objects.values();
  }

  /** The objects that the indexer of this name found under a value. */
  byIndex(name: string, value: string): readonly T[] {
    const index = this.#indices.get(name);
    if (index === undefined) throw new RangeError(`the store has no index "${name}"`);
    return [...(index.get(value) ?? [])].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /**
   * Hears about every change from now on, and about the objects that are here already as if they were just added.
   * Called at once and in order; a handler that throws is logged and harms nobody. Returns how to stop.
   */
  subscribe(handler: ChangeHandler<T>): () => void {
    for (const [key, object] of this.#objects) this.#call(handler, { type: 'add', key, object });
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** What the server says of one object now. */
  set(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) this.#remove(key, old);
    this.#put(key, object);
  }

  delete(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    if (old !== undefined) this.#remove(key, old);
  }

  /** The whole truth: what is not among the objects is gone. The store has synced then. */
  replace(objects: readonly T[]): void {
    const keys = new Set(objects.map(keyOf));
    for (const [key, old] of this.#objects) if (!keys.has(key)) this.#remove(key, old);
    for (const object of objects) this.set(object);
    this.#hasSynced = true;
    this.#synced.resolve();
  }

  #put(key: string, object: T): void {
    const old = this.#objects.get(key);
    const version = object.metadata.resourceVersion;
    if (old !== undefined && version !== undefined && version === old.metadata.resourceVersion) return;
    if (old !== undefined) this.#unindex(key, old);
    this.#objects.set(key, object);
    for (const { keys } of this.#entries(object)) keys.add(key);
    this.#emit(old === undefined ? { type: 'add', key, object } : { type: 'update', key, object, old });
  }

  #remove(key: string, old: T): void {
    this.#unindex(key, old);
    this.#objects.delete(key);
    this.#emit({ type: 'delete', key, object: old });
  }

  #unindex(key: string, old: T): void {
    for (const { index, value, keys } of this.#entries(old)) {
      keys.delete(key);
      if (keys.size === 0) index.delete(value);
    }
  }

  *#entries(object: T): Generator<{ index: Map<string, Set<string>>; value: string; keys: Set<string> }> {
    for (const [name, index] of this.#indices) {
      for (const value of this.#indexers[name]?.(object) ?? []) {
        const keys = index.get(value) ?? new Set();
        index.set(value, keys);
        yield { index, value, keys };
      }
    }
  }

  #emit(change: Change<T>): void {
    // A handler that joins meanwhile has just been told of the object.
    const handlers = [...this.#handlers];
    for (const handler of handlers) this.#call(handler, change);
  }

  #call(handler: ChangeHandler<T>, change: Change<T>): void {
    try {
      handler(change);
    } catch (error) {
      this.#logger.error('a handler of a store threw', {
        change: change.type,
        key: change.key,
        error: describeError(error),
      });
    }
  }
}
