import type { AuditEvent } from './event.ts';
import { comparePositions, ORIGIN, type Position } from './position.ts';
import type { Batch } from './source.ts';
import { parseTimestamp } from './timestamp.ts';

/** A range of time of which a source may lack events. */
export interface TimeGap {
  /** Microseconds: of the last event before it; 0 where there was none. */
  readonly from: number;
  /** Of the first event after it; null as long as none was read. */
  readonly to: number | null;
}

/** What is known of one partition of the primary source. */
export interface PrimaryPartition {
  /** Which API server's log it is: the node's name. */
  readonly origin: string;
  /** Microseconds: of the last event that was counted. What was logged before it was counted, or is in a gap. */
  readonly countedTo: number;
  readonly gaps: readonly TimeGap[];
}

/** `wait`: it is not known yet whether the primary has the event. */
export type BackupDecision = 'count' | 'leave-out' | 'wait';

/** Gaps that are remembered, the newest ones. */
const REMEMBERED = 64;
/** Microseconds: an API server writes events in the order of their times, but for those that end together. */
const SETTLED = 1_000_000;

/** What a batch says of the gaps of its partition. */
export interface BatchGaps {
  /** Microseconds: of the first event in it; null where there is none. */
  readonly firstTime: number | null;
  readonly gaps: readonly TimeGap[];
}

export function gapsOf({ gaps, records }: Pick<Batch, 'gaps' | 'records'>): BatchGaps {
  const firstTime = (after: Position): number | null => {
    const record = records.find(
      ({ event, position }) => comparePositions(position, after) > 0 && timeOf(event) !== undefined,
    );
    return record === undefined ? null : (timeOf(record.event) ?? null);
  };
  return {
    firstTime: firstTime(ORIGIN),
    gaps: gaps.map(({ to, fromTime, toTime }) => ({
      from: parseTimestamp(fromTime) ?? 0,
      to: parseTimestamp(toTime) ?? firstTime(to),
    })),
  };
}

/** The gaps of a partition with one more batch. A gap whose end was not known ends with the first event behind it. */
export function recordGaps(known: readonly TimeGap[], { firstTime, gaps }: BatchGaps): readonly TimeGap[] {
  if (gaps.length === 0 && known.every(({ to }) => to !== null)) return known;
  const closed = known.map((gap) => (gap.to === null ? { ...gap, to: firstTime } : gap));
  return [...closed, ...gaps].slice(-REMEMBERED);
}

/**
 * Whether a backup source counts an event (semantics of `backupFor`): the primary counts, and the backup only what falls
 * into a gap of the primary. Pure.
 *
 * @param origin which API server wrote the event. Where it is '' or unknown, a gap in any log counts, so that what
 * another API server logged meanwhile is counted by both
 */
export function backupDecision(
  event: AuditEvent,
  origin: string,
  primaries: readonly PrimaryPartition[],
): BackupDecision {
  const time = timeOf(event);
  if (time === undefined) return 'leave-out';
  const own = primaries.filter((each) => each.origin === origin);
  const relevant = own.length > 0 ? own : primaries;
  const around = relevant.flatMap(({ gaps }) => gaps.filter((gap) => gap.from < time && time < (gap.to ?? Infinity)));
  if (around.some(({ to }) => to !== null)) return 'count';
  const isSettled = relevant.length > 0 && relevant.every(({ countedTo }) => time + SETTLED <= countedTo);
  return isSettled && around.length === 0 ? 'leave-out' : 'wait';
}

function timeOf(event: AuditEvent): number | undefined {
  return parseTimestamp(event.stageTimestamp);
}
