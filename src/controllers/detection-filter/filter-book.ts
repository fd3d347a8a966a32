import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import type { RunnableFilter } from '../../engine/index.ts';
import { type FilterSettings, type ResolvedFilter, resolveFilter } from './resolve-filter.ts';

/** The filters of this replica, kept current with the DetectionFilters of the cluster. A bad filter hurts only itself. */
export class FilterBook {
  readonly #settings: () => FilterSettings;
  readonly #filters = new Map<string, ResolvedFilter>();

  constructor(settings: () => FilterSettings) {
    this.#settings = settings;
  }

  /** Takes in a new version of a filter. */
  put(filter: DetectionFilter): ResolvedFilter {
    const { name } = filter.metadata;
    const resolved = resolveFilter(filter, this.#filters.get(name), this.#settings());
    this.#filters.set(name, resolved);
    return resolved;
  }

  remove(name: string): void {
    this.#filters.delete(name);
  }

  get(name: string): ResolvedFilter | undefined {
    return this.#filters.get(name);
  }

  all(): Iterable<ResolvedFilter> {
    return this.#filters.values();
  }

  /** What runs now, in the order of the filters' names. */
  active(): readonly RunnableFilter[] {
    const active = [...this.#filters.values()].flatMap((filter) => filter.active ?? []);
    return active.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
