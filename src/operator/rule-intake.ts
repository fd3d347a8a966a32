import type { DetectionRule } from '../api/detection-rule.generated.ts';
import type { RuleBook } from '../controllers/detection-rule/rule-book.ts';
import type { Change, Logger, Store } from '../kube/index.ts';
import type { OperatorMetrics } from './metrics.ts';

/**
 * Takes every change of a DetectionRule's spec into the book. Changes of its status are of interest only where they bring
 * the last accepted version, of a rule of which this replica knows none.
 */
export function takeInRules(
  rules: Store<DetectionRule>,
  book: RuleBook,
  metrics: OperatorMetrics,
  logger: Logger,
  changed: () => void,
): void {
  rules.subscribe((change) => {
    const { object: rule, type } = change;
    if (type === 'delete') {
      book.remove(rule.metadata.name);
      logger.info('rule removed', { rule: rule.metadata.name });
      changed();
      return;
    }
    if (!isOfInterest(change, book)) return;
    const { errors, accepted, active } = book.put(rule);
    metrics.reloads.inc();
    const fields = { rule: rule.metadata.name, generation: rule.metadata.generation };
    const [error] = errors;
    if (error === undefined)
      logger.info('rule accepted', { ...fields, mode: rule.spec.mode, runs: active !== undefined });
    else {
      metrics.reloadsFailed.inc();
      const { code, message, line, column } = error;
      logger.warn('rule refused', { ...fields, code, message, line, column, running: accepted?.generation ?? null });
    }
    changed();
  });
}

function isOfInterest(change: Change<DetectionRule>, book: RuleBook): boolean {
  if (change.type !== 'update' || change.object.metadata.generation !== change.old.metadata.generation) return true;
  return book.get(change.object.metadata.name)?.accepted === undefined && change.object.status?.accepted !== undefined;
}
