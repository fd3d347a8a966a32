import type { DetectionFilter } from '../api/detection-filter.generated.ts';
import type { FilterBook } from '../controllers/detection-filter/filter-book.ts';
import type { ResolvedFilter } from '../controllers/detection-filter/resolve-filter.ts';
import { mayExpand } from '../controllers/detection-rule/placeholders.ts';
import type { Logger } from '../kube/index.ts';
import { bringsVersion } from './brings-version.ts';
import type { Cluster } from './cluster.ts';
import type { OperatorMetrics } from './metrics.ts';

/** Takes every change of a DetectionFilter's spec into the book, as `takeInRules` does with rules. */
export function takeInFilters(
  { filters, placeholders }: Pick<Cluster, 'filters' | 'placeholders'>,
  book: FilterBook,
  metrics: OperatorMetrics,
  logger: Logger,
  changed: (filter: string) => void,
): void {
  const put = (filter: DetectionFilter): void => {
    const resolved = book.put(filter);
    metrics.reloads.inc();
    if (resolved.errors.length > 0) metrics.reloadsFailed.inc();
    report(filter, resolved, logger);
    changed(filter.metadata.name);
  };
  filters.store.subscribe((change) => {
    const { name } = change.object.metadata;
    if (change.type !== 'delete') {
      if (bringsVersion(change, book.get(name))) put(change.object);
      return;
    }
    book.remove(name);
    changed(name);
  });
  placeholders.store.subscribe(() => {
    for (const filter of filters.store.values()) if (mayExpand(filter.spec.sigma)) put(filter);
  });
}

function report({ metadata, spec }: DetectionFilter, { errors, accepted }: ResolvedFilter, logger: Logger): void {
  const fields = { filter: metadata.name, generation: metadata.generation, owner: spec.owner };
  const [error] = errors;
  if (error === undefined) {
    logger.info('filter accepted', { ...fields, expiresAt: spec.expiresAt ?? null });
    return;
  }
  const { code, message, line, column } = error;
  logger.warn('filter refused', { ...fields, code, message, line, column, running: accepted?.generation ?? null });
}
