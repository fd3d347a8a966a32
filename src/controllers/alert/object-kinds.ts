import type { Clock, KubeClient } from '../../kube/index.ts';
import { BoundedMap } from './bounded-map.ts';

/** `meta/v1 APIResourceList`, as far as it is needed. */
interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

export interface ObjectKind {
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Group versions that are remembered. */
const REMEMBERED = 200;
/** Milliseconds for which a discovery answer, or the lack of one, holds. */
const FRESH = 10 * 60_000;

/** Which kind the API serves under a resource's name, by discovery; audit events name resources only. */
export class ObjectKinds {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #lists = new BoundedMap<string, { readonly at: number; readonly kinds: ReadonlyMap<string, ObjectKind> }>(
    REMEMBERED,
  );

  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The kind of `group/version` `resource` (plural); undefined where the API does not serve it now. */
  async find(group: string, version: string, resource: string, signal: AbortSignal): Promise<ObjectKind | undefined> {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const known = this.#lists.get(path);
    if (known !== undefined && this.#clock.monotonic() - known.at < FRESH) return known.kinds.get(resource);
    const kinds = await this.#discover(path, signal);
    this.#lists.set(path, { at: this.#clock.monotonic(), kinds });
    return kinds.get(resource);
  }

  async #discover(path: string, signal: AbortSignal): Promise<ReadonlyMap<string, ObjectKind>> {
    // The group and the version come from the server's own reading of a request, but that may have been a nonsense path.
    if (!/^\/apis?(\/[a-z0-9.-]+){1,2}$/.test(path)) return new Map();
    try {
      const list = await this.#client.request<ResourceList>({ method: 'GET', path, signal });
      return new Map((list.resources ?? []).map(({ name, kind, namespaced }) => [name, { kind, namespaced }]));
    } catch {
      signal.throwIfAborted();
      return new Map();
    }
  }
}
