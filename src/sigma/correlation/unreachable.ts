import type { DiagnosticSink } from '../diagnostics.ts';
import type { Place } from '../source-text.ts';
import type { CorrelationDocument } from './correlation.ts';
import { DEFAULT_CORRELATION_LIMITS } from './engine/limits.ts';

/** Warns of a count that is beyond the matches kept for one group: such a correlation cannot fire. */
export function reportUnreachable({ type, condition }: CorrelationDocument, place: Place, sink: DiagnosticSink): void {
  if (condition.kind !== 'Compare' || (type !== 'event_count' && type !== 'value_count')) return;
  const { maxMatchesPerGroup } = DEFAULT_CORRELATION_LIMITS;
  const least = condition.comparisons.find(
    ({ operator, bound }) => /^(gte?|eq)$/.test(operator) && bound > maxMatchesPerGroup,
  );
  if (least === undefined) return;
  const message = `${least.bound} matches are asked for; ${maxMatchesPerGroup} are kept.`;
  sink.report('ThresholdAboveLimit', place, message, 'correlation.condition');
}
