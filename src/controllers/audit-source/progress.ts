import { addSuppressions, addTotals, type RuleTotals, withDetailsOf } from '../../alerts/index.ts';
import { type BatchGaps, type BatchSummary, type Gap, parseTimestamp, recordGaps } from '../../audit/index.ts';
import type { Detected } from '../../engine/index.ts';
import type { SourceProgress } from '../replica/node-report.ts';

/** A batch, and what of it was counted. */
export interface CountedBatch {
  readonly batch: BatchSummary;
  readonly gaps: BatchGaps;
  readonly detection: Pick<Detected, 'totals' | 'suppressions'>;
}

/** What the log amounts to with one more batch. @param now RFC 3339: when it was read */
export function advanced(
  progress: SourceProgress,
  { batch, gaps: inTime, detection }: CountedBatch,
  now: string,
): SourceProgress {
  const { counts, gaps } = batch;
  const unreadable = { ...progress.unreadable };
  for (const [cause, count] of Object.entries(counts.errors)) {
    if (count > 0) unreadable[cause] = (unreadable[cause] ?? 0) + count;
  }
  const totals: Record<string, RuleTotals> = { ...progress.totals };
  for (const [rule, more] of Object.entries(detection.totals)) totals[rule] = addTotals(totals[rule], more);
  const filters = addSuppressions(progress.filters ?? {}, detection.suppressions);
  const lastEvent = batch.lastEventTime ?? progress.lastEvent;
  const countedTo = parseTimestamp(batch.lastEventTime) ?? progress.countedTo;
  const timeGaps = recordGaps(progress.timeGaps ?? [], inTime);
  const last = gaps.at(-1);
  const lastGap = last === undefined ? progress.lastGap : describeGap(last);
  const lastGapAt = last === undefined ? progress.lastGapAt : now;
  const hasUnreadable = Object.values(counts.errors).some((count) => count > 0);
  const lastUnreadableAt = hasUnreadable ? now : progress.lastUnreadableAt;
  return {
    events: progress.events + counts.events + counts.skipped,
    ...(lastEvent !== undefined && { lastEvent }),
    unreadable,
    oversize: progress.oversize + counts.oversize,
    gaps: progress.gaps + gaps.length,
    ...(lastGap !== undefined && { lastGap }),
    ...(lastGapAt !== undefined && { lastGapAt }),
    ...(lastUnreadableAt !== undefined && { lastUnreadableAt }),
    ...(countedTo !== undefined && { countedTo }),
    ...(timeGaps.length > 0 && { timeGaps }),
    totals,
    ...(Object.keys(filters).length > 0 && { filters }),
  };
}

/** Filters of which details fit an annotation beside everything else. */
const PUBLISHED_FILTERS = 64;

/** What the log amounts to, small enough for an annotation. */
export function publishedProgress(progress: SourceProgress): SourceProgress {
  const { filters } = progress;
  return filters === undefined ? progress : { ...progress, filters: withDetailsOf(PUBLISHED_FILTERS, filters) };
}

const WHAT: Readonly<Record<Gap['reason'], string>> = Object.freeze({
  Deleted: 'a file, or a part of the journal, was removed before it was read to its end',
  Truncated: 'a file was truncated before it was read to its end',
  Unreadable: 'a compressed backup, or a part of the journal, is damaged',
});

export function describeGap({ reason, fromTime, toTime }: Gap): string {
  return `${WHAT[reason]}, between ${fromTime ?? 'an unknown time'} and ${toTime ?? 'an unknown time'}`;
}
