import type { DetectionRule } from '../api/detection-rule.generated.ts';
import { mayExpand } from '../controllers/detection-rule/placeholders.ts';
import type { ResolvedRule } from '../controllers/detection-rule/resolve-rule.ts';
import type { RuleBook, RuleChange } from '../controllers/detection-rule/rule-book.ts';
import type { Logger } from '../kube/index.ts';
import { bringsVersion } from './brings-version.ts';
import type { Cluster } from './cluster.ts';

export interface RuleStores {
  readonly rules: Pick<Cluster['rules'], 'store'>;
  readonly placeholders: Pick<Cluster['placeholders'], 'store'>;
}

export interface ReloadMetrics {
  readonly reloads: { inc(): void };
  readonly reloadsFailed: { inc(): void };
}

/**
 * Takes every change of a DetectionRule's spec into the book, and compiles rules again whose placeholders have changed.
 * Changes of a rule's status are of interest only where they bring the last accepted version, of a rule of which this
 * replica knows none.
 *
 * @param changed hears the names of rules that are others now, or gone
 */
export function takeInRules(
  { rules, placeholders }: RuleStores,
  book: RuleBook,
  metrics: ReloadMetrics,
  logger: Logger,
  changed: (rules: readonly string[]) => void,
): void {
  const take = (changes: readonly RuleChange[], removed: readonly string[] = []): void => {
    for (const { rule, resolved } of changes) {
      metrics.reloads.inc();
      if (resolved.errors.length > 0) metrics.reloadsFailed.inc();
      report(rule, resolved, logger);
    }
    changed([...removed, ...changes.map(({ rule }) => rule.metadata.name)]);
  };
  rules.store.subscribe((change) => {
    const { name } = change.object.metadata;
    if (change.type !== 'delete') {
      if (bringsVersion(change, book.get(name))) take(book.put(change.object));
      return;
    }
    take(book.remove(name), [name]);
  });
  placeholders.store.subscribe(() => {
    for (const rule of rules.store.values()) if (mayExpand(rule.spec.sigma)) take(book.put(rule, 'always'));
  });
}

function report(rule: DetectionRule, { errors, accepted, active }: ResolvedRule, logger: Logger): void {
  const fields = { rule: rule.metadata.name, generation: rule.metadata.generation };
  const [error] = errors;
  if (error === undefined) {
    logger.info('rule accepted', { ...fields, mode: rule.spec.mode, runs: active !== undefined });
    return;
  }
  const { code, message, line, column } = error;
  logger.warn('rule refused', { ...fields, code, message, line, column, running: accepted?.generation ?? null });
}
