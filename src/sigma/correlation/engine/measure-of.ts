import type { CorrelationNode } from '../compiled-correlation.ts';
import type { Measure } from './measure.ts';
import { PresenceMeasure } from './presence-measure.ts';
import { EventCount, ValueCount, ValuePercentile, ValueSum } from './value-measures.ts';

/** A fresh measure for one group of a correlation. */
export function measureOf({ type, condition, steps }: CorrelationNode): Measure {
  const comparisons = condition.kind === 'Compare' ? condition.comparisons : [];
  switch (type) {
    case 'event_count':
      return new EventCount(comparisons);
    case 'value_count':
      return new ValueCount(comparisons);
    case 'value_sum':
      return new ValueSum(comparisons, false);
    case 'value_avg':
      return new ValueSum(comparisons, true);
    case 'value_percentile':
      return new ValuePercentile(comparisons, (condition.kind === 'Compare' ? condition.percentile : undefined) ?? 50);
    case 'value_median':
      return new ValuePercentile(comparisons, 50);
    case 'temporal':
      return new PresenceMeasure(steps.length, condition, false);
    case 'temporal_ordered':
      return new PresenceMeasure(steps.length, condition, true);
    default:
      return type satisfies never;
  }
}
