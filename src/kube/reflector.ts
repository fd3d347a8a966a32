import { Backoff, type BackoffOptions } from './backoff.ts';
import { type Clock, realClock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { describeError, type Logger, silentLogger } from './logger.ts';
import type { KubeObject } from './object.ts';
import type { Resource, SelectOptions } from './resource.ts';
import { isExpired, isTooLargeResourceVersion, StatusError } from './status-error.ts';
import type { Store } from './store.ts';
import type { WatchEvent } from './watch-event.ts';

/** Milliseconds, except `pageSize`. The defaults are client-go's. */
export interface ReflectorTimings {
  readonly pageSize: number;
  /** The server ends a watch after a random time between this and twice this, so that clients do not come back at once. */
  readonly minWatchTimeout: number;
  /** A watch that lives this much longer than the server was told is dead. */
  readonly watchGrace: number;
  /** A watch that has brought bookmarks (the server sends one a minute) and then nothing for this long is dead. */
  readonly silence: number;
  /** A watch that ends sooner than this and has brought nothing did not work. */
  readonly shortWatch: number;
  readonly listTimeout: number;
  readonly backoff: BackoffOptions;
}

const defaultReflectorTimings: ReflectorTimings = Object.freeze({
  pageSize: 500,
  minWatchTimeout: 5 * 60_000,
  watchGrace: 30_000,
  silence: 150_000,
  shortWatch: 1000,
  listTimeout: 60_000,
  backoff: { initial: 800, max: 30_000, resetAfter: 2 * 60_000 },
});

export interface ReflectorOptions<T extends KubeObject>
  extends Pick<SelectOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> {
  readonly resource: Pick<Resource<T>, 'type' | 'list' | 'watch'>;
  readonly store: Store<T>;
  /** What is kept of an object. By default everything but `metadata.managedFields`. */
  readonly transform?: (object: T) => T;
  readonly timings?: Partial<ReflectorTimings>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly random?: () => number;
}

/** How often a server may be behind us before we believe that it was restored from a backup. */
const MAX_TOO_LARGE = 3;

/**
 * Keeps a store equal to what the server has: lists once, then watches, and goes on from the last version after every
 * interruption. It lists again only when the server no longer has the history since then.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #timings: ReflectorTimings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #transform: (object: T) => T;
  /** The version up to which the store is right; undefined until a list succeeded, and when history was lost. */
  #version: string | undefined;
  #lastContact: number | undefined;
  #tooLarge = 0;
  /** Who waits for a list that begins from now on. */
  #refreshes: PromiseWithResolvers<void>[] = [];
  /** Ends the list, watch or pause of the moment. */
  #interrupt = new AbortController();

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#timings = { ...defaultReflectorTimings, ...options.timings };
    this.#clock = options.clock ?? realClock;
    this.#logger = options.logger ?? silentLogger;
    this.#random = options.random ?? Math.random;
    this.#transform = options.transform ?? dropManagedFields;
  }

  /**
   * Milliseconds since the server last gave a sign of life: a list, the start of a watch, an event, a bookmark.
   * Undefined before the first. A healthy watch may well be silent for a minute.
   */
  get sinceLastContact(): number | undefined {
    return this.#lastContact === undefined ? undefined : this.#clock.monotonic() - this.#lastContact;
  }

  /** Runs until the signal aborts. Never rejects: whatever fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#timings.backoff, this.#clock, this.#random);
    while (!signal.aborted) {
      this.#interrupt = new AbortController();
      const interrupted = AbortSignal.any([signal, this.#interrupt.signal]);
      if (this.#refreshes.length > 0) this.#version = undefined;
      const { worked, error } = await this.#attempt(interrupted);
      if (interrupted.aborted) continue;
      const wait = worked ? 0 : backoff.next();
      this.#report(worked, error, wait);
      if (worked) continue;
      await this.#clock.sleep(wait, interrupted).catch(() => undefined);
    }
  }

  /**
   * Lists anew, at once, and resolves when the store holds what the server held at some time after the call: a watch may lag
   * behind, and after an outage it pauses. Rejects only with the signal's reason.
   */
  async refresh(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const listed = Promise.withResolvers<void>();
    const onAbort = (): void => listed.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#refreshes.push(listed);
    this.#interrupt.abort();
    try {
      await listed.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Lists if need be, then watches once. `worked` means that going on at once is no hot loop. */
  async #attempt(signal: AbortSignal): Promise<{ worked: boolean; error?: unknown }> {
    const watch: WatchProgress = { openedAt: undefined, events: 0 };
    const resumes = this.#version !== undefined;
    try {
      this.#version ??= await this.#list(signal);
      await this.#watch(this.#version, watch, signal);
      return { worked: this.#wasProductive(watch) };
    } catch (error) {
      if (isExpired(error)) this.#version = undefined;
      if (!isTooLargeResourceVersion(error)) this.#tooLarge = 0;
      else if (++this.#tooLarge >= MAX_TOO_LARGE) this.#version = undefined;
      // A version that is too old is replaced at once, but one that was only just listed cannot be.
      if (isExpired(error)) return { worked: resumes, error };
      return { worked: !(error instanceof StatusError) && this.#wasProductive(watch), error };
    }
  }

  #wasProductive({ openedAt, events }: WatchProgress): boolean {
    if (openedAt === undefined) return false;
    return events > 0 || this.#clock.monotonic() - openedAt >= this.#timings.shortWatch;
  }

  /** Reads everything into the store. Returns the version of what was read. */
  async #list(signal: AbortSignal): Promise<string> {
    const waiting = this.#refreshes.splice(0);
    try {
      const version = await this.#listPages(signal);
      for (const { resolve } of waiting) resolve();
      return version;
    } catch (error) {
      this.#refreshes.unshift(...waiting);
      throw error;
    }
  }

  async #listPages(signal: AbortSignal): Promise<string> {
    const { resource, store } = this.#options;
    const options = { ...this.#selection(), signal, timeout: this.#timings.listTimeout };
    const objects: T[] = [];
    let token: string | undefined;
    let version: string;
    let limit: number | undefined = this.#timings.pageSize;
    do {
      try {
        const page = await resource.list({ ...options, limit, continue: token });
        for (const item of page.items) objects.push(this.#transform(item));
        token = page.continue;
        version = page.resourceVersion;
      } catch (error) {
        if (token === undefined || !isExpired(error)) throw error;
        // The snapshot of the first page is gone. One full read cannot expire.
        objects.length = 0;
        [token, limit, version] = [undefined, undefined, ''];
        const page = await resource.list(options);
        for (const item of page.items) objects.push(this.#transform(item));
        version = page.resourceVersion;
      }
    } while (token !== undefined);
    store.replace(objects);
    this.#touch();
    this.#logger.debug('listed', { kind: resource.type.kind, objects: objects.length, resourceVersion: version });
    return version;
  }

  async #watch(version: string, progress: WatchProgress, signal: AbortSignal): Promise<void> {
    const { minWatchTimeout, watchGrace, silence } = this.#timings;
    const timeoutSeconds = Math.ceil((minWatchTimeout * (1 + this.#random())) / 1000);
    const end = this.#clock.monotonic() + timeoutSeconds * 1000 + watchGrace;
    const deadline = new Deadline(this.#clock, end - this.#clock.monotonic(), signal);
    let bookmarks = 0;
    try {
      const events = this.#options.resource.watch({
        ...this.#selection(),
        resourceVersion: version,
        timeoutSeconds,
        allowWatchBookmarks: true,
        signal: deadline.signal,
        onOpen: () => {
          progress.openedAt = this.#clock.monotonic();
          this.#touch();
        },
      });
      for await (const event of events) {
        this.#take(event, progress);
        if (event.type === 'BOOKMARK') bookmarks++;
        const remaining = end - this.#clock.monotonic();
        deadline.restart(bookmarks > 0 ? Math.min(silence, remaining) : remaining);
      }
    } finally {
      deadline.clear();
    }
  }

  #take(event: WatchEvent<T>, progress: WatchProgress): void {
    const { resource, store } = this.#options;
    if (event.type === 'ERROR') throw new StatusError(event.object, { method: 'WATCH', path: resource.type.plural });
    const version = event.object?.metadata?.resourceVersion;
    if (version === undefined) {
      this.#logger.warn('a watch event without a resource version was left out', {
        kind: resource.type.kind,
        type: event.type,
      });
      return;
    }
    if (this.#version !== undefined && isOlder(version, this.#version)) {
      throw new StatusError(
        { code: 410, reason: 'Expired', message: `the server went back from version ${this.#version} to ${version}` },
        { method: 'WATCH', path: resource.type.plural },
      );
    }
    if (event.type === 'DELETED') store.delete(event.object);
    else if (event.type !== 'BOOKMARK') store.set(this.#transform(event.object));
    this.#version = version;
    this.#tooLarge = 0;
    progress.events++;
    this.#touch();
  }

  #selection(): Pick<SelectOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return { namespace, labelSelector, fieldSelector };
  }

  #touch(): void {
    this.#lastContact = this.#clock.monotonic();
  }

  #report(worked: boolean, error: unknown, wait: number): void {
    const fields = {
      kind: this.#options.resource.type.kind,
      ...(error !== undefined && { error: describeError(error) }),
      retryInMs: Math.round(wait),
    };
    if (worked || isExpired(error)) this.#logger.debug('the watch goes on', fields);
    else this.#logger.warn('cannot follow the API server', fields);
  }
}

interface WatchProgress {
  /** When the server accepted the watch. */
  openedAt: number | undefined;
  events: number;
}

/**
 * Whether a resource version is older than another one of the same collection. A watch only ever goes forward, unless etcd
 * was restored from a backup: then it would stay silent until the old version is reached again.
 */
function isOlder(version: string, than: string): boolean {
  const decimal = /^[1-9][0-9]*$/;
  if (!decimal.test(version) || !decimal.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}

/** managedFields are often the larger half of an object, and no reader of a store needs them. */
function dropManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
