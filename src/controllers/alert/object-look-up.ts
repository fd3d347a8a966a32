import type { TouchedObject } from '../../alerts/index.ts';
import { type Clock, isForbidden, type KubeClient, Resource, TokenBucket } from '../../kube/index.ts';
import { BoundedMap } from './bounded-map.ts';
import type { ObjectKind } from './object-kinds.ts';

const REMEMBERED = 5_000;
/** Milliseconds for which a uid holds: an object may be deleted and made anew under its name. */
const FRESH = 30_000;
/** Look-ups per second: a flood of objects must not hold up the counting. */
const RATE = { qps: 20, burst: 100 };
/** Milliseconds after a refusal until the next try. */
const REFUSED = 10 * 60_000;

/**
 * The uids of touched objects, by which `kubectl describe` finds their Events and which audit events at level Metadata
 * lack: a metadata-only GET, for the resources that the operator was told to look up and may `get`, at a bounded rate.
 */
export class ObjectLookUp {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #resources: ReadonlySet<string>;
  readonly #uids = new BoundedMap<string, { readonly at: number; readonly uid: string }>(REMEMBERED);
  readonly #refusedUntil = new Map<string, number>();
  readonly #rate: TokenBucket;

  /** @param resources as `plural.group` */
  constructor(client: KubeClient, clock: Clock, resources: ReadonlySet<string>) {
    this.#client = client;
    this.#clock = clock;
    this.#resources = resources;
    this.#rate = new TokenBucket(RATE, clock);
  }

  /**
   * The object's uid; the last one known where it is gone, and undefined where none can be had. `created` says that the
   * object was made just now: what was known under its name is of another one.
   */
  async uid(
    object: TouchedObject,
    { kind, namespaced }: ObjectKind,
    created: boolean,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { apiGroup, apiVersion, resource, namespace, name } = object;
    const scope = `${resource}.${apiGroup}`;
    const now = this.#clock.monotonic();
    const key = JSON.stringify([scope, namespace, name]);
    const known = created ? undefined : this.#uids.get(key);
    if (known !== undefined && now - known.at < FRESH) return known.uid;
    if (!this.#resources.has(scope) || now < (this.#refusedUntil.get(scope) ?? 0)) return known?.uid;
    if (!this.#rate.tryTake()) return known?.uid;
    const type = { group: apiGroup, version: apiVersion, kind, plural: resource, namespaced };
    try {
      const { metadata } = await new Resource(this.#client, type).getMetadata({ namespace, name }, { signal });
      if (metadata.uid !== undefined) this.#uids.set(key, { at: now, uid: metadata.uid });
      return metadata.uid;
    } catch (error) {
      signal.throwIfAborted();
      if (isForbidden(error)) this.#refusedUntil.set(scope, now + REFUSED);
      return known?.uid;
    }
  }
}
