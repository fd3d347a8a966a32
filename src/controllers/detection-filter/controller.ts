import { isDeepStrictEqual } from 'node:util';
import type { FilterableRule, FilterSummary } from '../../alerts/index.ts';
import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import type { Clock, Reconcile, Resource, Store } from '../../kube/index.ts';
import type { Replicas } from '../version-conditions.ts';
import { appliedRules } from './applied-rules.ts';
import { nextExpiryChange } from './expiry.ts';
import type { FilterBook } from './filter-book.ts';
import { filterStatus, withoutCounts } from './filter-status.ts';
import { expiryOf } from './resolve-filter.ts';

export interface FilterStatusOptions {
  readonly filters: Store<DetectionFilter>;
  readonly resource: Resource<DetectionFilter>;
  readonly book: FilterBook;
  /** All that filters may apply to. */
  readonly rules: () => readonly FilterableRule[];
  /** On how many replicas a version runs. */
  readonly running: (filter: string, generation: number, hash: string) => Replicas;
  /** Over all partitions. */
  readonly summary: (filter: string) => FilterSummary | undefined;
  readonly clock: Clock;
}

const FIELD_MANAGER = 'sigma-operator';
/** Milliseconds between writes that tell nothing but counts. */
const COUNTS_EVERY = 10_000;
/** A timer cannot wait for longer than 24 days. */
const LOOK_AGAIN = 24 * 3600_000;

/** Writes the status of a DetectionFilter; the leader's work. */
export function reconcileFilterStatus(options: FilterStatusOptions): Reconcile {
  const { filters, resource, book, rules, running, summary, clock } = options;
  const writtenAt = new Map<string, number>();
  return async (name, signal) => {
    const filter = filters.get(name);
    const resolved = book.get(name);
    if (filter === undefined || resolved === undefined || filter.metadata.deletionTimestamp !== undefined) {
      writtenAt.delete(name);
      return undefined;
    }
    const { accepted, generation } = resolved;
    const now = clock.now();
    const observations = {
      replicas: running(name, generation, accepted?.hash ?? ''),
      rules: accepted === undefined ? undefined : appliedRules(accepted.filter, rules()),
      summary: summary(name),
    };
    const status = filterStatus(filter, resolved, observations, now);
    const next = nextExpiryChange(expiryOf(filter), now);
    const requeueAfter = next === undefined ? undefined : Math.min(next, LOOK_AGAIN);
    if (isDeepStrictEqual(status, filter.status)) return { requeueAfter };
    const since = clock.monotonic() - (writtenAt.get(name) ?? Number.NEGATIVE_INFINITY);
    if (isDeepStrictEqual(withoutCounts(status), withoutCounts(filter.status)) && since < COUNTS_EVERY) {
      return { requeueAfter: Math.min(COUNTS_EVERY - since, requeueAfter ?? COUNTS_EVERY) };
    }
    await resource.applyStatus({ metadata: { name }, status }, { fieldManager: FIELD_MANAGER, force: true, signal });
    writtenAt.set(name, clock.monotonic());
    return { requeueAfter };
  };
}
