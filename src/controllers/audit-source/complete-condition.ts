import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { Verdict } from '../verdict.ts';
import type { Partition } from './source-status.ts';

/** What was missed is reported for so long after it was found. Milliseconds. */
const REPORTED_FOR = 7 * 24 * 3600_000;
/** On an AuditSource, a time (RFC 3339): what was found missing until then is known, and Complete is about what came after. */
const ACKNOWLEDGED = 'detection.sigma-operator.dev/complete-since';

/** From when on Complete judges. Milliseconds since the epoch. A time that is still to come would hide what will be missed. */
export function completeSince({ metadata }: Pick<AuditSource, 'metadata'>, now: string): number {
  const acknowledged = Date.parse(metadata.annotations?.[ACKNOWLEDGED] ?? '');
  const reported = Date.parse(now) - REPORTED_FOR;
  return Number.isNaN(acknowledged) ? reported : Math.max(reported, Math.min(acknowledged, Date.parse(now)));
}

/** Whether everything that was logged was read. Totals of what was missed stay in the message when it is history. */
export function completeCondition(partitions: readonly Partition[], since: number): Verdict {
  const complete = (status: Verdict['status'], reason: string, message: string) => ({
    type: 'Complete',
    status,
    reason,
    message,
  });
  const gaps = partitions.reduce((total, each) => total + (each.gaps ?? 0), 0);
  const unreadable = new Map<string, number>();
  for (const each of partitions) {
    for (const [cause, count] of Object.entries(each.unreadable ?? {}))
      unreadable.set(cause, (unreadable.get(cause) ?? 0) + count);
  }
  const lines = [...unreadable].map(([cause, count]) => `${cause}: ${count}`);
  const missed = [
    gapText(partitions, gaps),
    lines.length === 0 ? '' : `Lines that could not be read (${lines.join(', ')}).`,
  ]
    .filter((text) => text !== '')
    .join(' ');
  const isNews = (at: string | undefined): boolean => at === undefined || Date.parse(at) > since;
  if (partitions.some((each) => (each.gaps ?? 0) > 0 && isNews(each.lastGapAt)))
    return complete('False', 'Gap', missed);
  if (partitions.some((each) => Object.keys(each.unreadable ?? {}).length > 0 && isNews(each.lastUnreadableAt)))
    return complete('False', 'UnreadableLines', missed);
  if (missed === '') return complete('True', 'Complete', 'Everything that was logged was read.');
  const from = new Date(since).toISOString().slice(0, 10);
  return complete('True', 'CompleteAgain', `Everything that was logged since ${from} was read. Before: ${missed}`);
}

function gapText(partitions: readonly Partition[], gaps: number): string {
  if (gaps === 0) return '';
  const last = partitions
    .filter(({ lastGap }) => lastGap !== undefined)
    .toSorted((a, b) => ((a.lastGapAt ?? '') < (b.lastGapAt ?? '') ? 1 : -1))[0];
  const where = last?.lastGap === undefined ? '' : ` The last: ${last.node}: ${last.lastGap}.`;
  return `Parts of the log were removed before they were read: ${gaps}.${where}`;
}
