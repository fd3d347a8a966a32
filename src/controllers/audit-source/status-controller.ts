import { isDeepStrictEqual } from 'node:util';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { Clock, Reconcile, Resource, Store } from '../../kube/index.ts';
import { type NodeState, sourceStatus, withoutProgress } from './source-status.ts';

export interface SourceStatusOptions {
  readonly sources: Store<AuditSource>;
  readonly resource: Resource<AuditSource>;
  readonly nodes: () => Iterable<NodeState>;
  readonly clock: Clock;
}

const FIELD_MANAGER = 'sigma-operator';
/** Milliseconds between writes that tell nothing but progress: each write is logged, and so makes progress itself. */
const PROGRESS_EVERY = 30_000;

/** Writes the status of an AuditSource; the leader's work. */
export function reconcileSourceStatus(options: SourceStatusOptions): Reconcile {
  const writtenAt = new Map<string, number>();
  return async (name, signal) => {
    const source = options.sources.get(name);
    if (source === undefined) {
      writtenAt.delete(name);
      return undefined;
    }
    const now = new Date(options.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const status = sourceStatus(source, options.nodes(), now);
    if (isDeepStrictEqual(status, source.status)) return undefined;
    const since = options.clock.monotonic() - (writtenAt.get(name) ?? Number.NEGATIVE_INFINITY);
    if (isDeepStrictEqual(withoutProgress(status), withoutProgress(source.status)) && since < PROGRESS_EVERY) {
      return { requeueAfter: PROGRESS_EVERY - since };
    }
    await options.resource.applyStatus(
      { metadata: { name }, status },
      { fieldManager: FIELD_MANAGER, force: true, signal },
    );
    writtenAt.set(name, options.clock.monotonic());
    return undefined;
  };
}
