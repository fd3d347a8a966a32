import type { Alert } from '../api/alert.generated.ts';
import { comparePositions, formatPosition, type Position, parsePosition } from '../audit/index.ts';
import type { Hit } from './hit.ts';
import { sampled } from './samples.ts';
import { TALLY_NAMES, talliedStatus } from './status-tallies.ts';

export type AlertStatus = NonNullable<Alert['status']>;
type PartitionCount = NonNullable<AlertStatus['partitions']>[number];

const MAX_PARTITIONS = 64;

/** Requests to count in an Alert. */
export interface Counting {
  /** The part of the log that they are from. */
  readonly partition: string;
  /** Hits at or below it were counted elsewhere. */
  readonly floor?: Position | undefined;
  readonly hits: readonly Hit[];
  /** Why the rule matched the first of them; kept where the Alert has none yet. */
  readonly evidence: readonly string[];
  /** The Alert is about whoever did it: tally the actors. */
  readonly anyActor: boolean;
}

export interface Counted {
  readonly status: AlertStatus;
  /** Hits that had not been counted before, in the order of their positions. */
  readonly hits: readonly Hit[];
}

/**
 * The status with the hits counted, each once: a hit at or below the position that the status holds for the partition was
 * counted before (semantics 5). The same hits in any split and with any repetition give the same status.
 */
export function counted(status: AlertStatus | undefined, counting: Counting): Counted {
  const before = status ?? {};
  const { partition, floor, evidence, anyActor } = counting;
  const entry = before.partitions?.find(({ name }) => name === partition);
  const fresh = hitsAfter([floor, positionIn(before, partition)], counting.hits);
  const newest = fresh.at(-1);
  if (newest === undefined) return { status: before, hits: [] };
  const here = {
    name: partition,
    position: formatPosition(newest.position),
    count: (entry?.count ?? 0) + fresh.length,
  };
  const others = (before.partitions ?? []).filter(({ name }) => name !== partition);
  const times = fresh.map(({ time }) => time);
  const undetermined = (before.undetermined ?? 0) + fresh.filter((hit) => hit.undetermined).length;
  const dryRuns = (before.dryRuns ?? 0) + fresh.filter((hit) => hit.dryRun).length;
  const tallies = talliedStatus(before, fresh, anyActor);
  return {
    hits: fresh,
    status: {
      ...withoutTallies(before),
      count: (before.count ?? 0) + fresh.length,
      firstSeen: extreme(before.firstSeen, times, (a, b) => a < b),
      lastSeen: extreme(before.lastSeen, times, (a, b) => a > b),
      ...(undetermined > 0 && { undetermined }),
      ...(dryRuns > 0 && { dryRuns }),
      ...tallies,
      evidence: before.evidence ?? [...evidence],
      samples: sampled(before.samples ?? [], fresh),
      partitions: bounded([...others, here]),
    },
  };
}

/** How far a status has counted a partition. */
export function positionIn(status: AlertStatus | undefined, partition: string): Position | undefined {
  const entry = status?.partitions?.find(({ name }) => name === partition);
  return entry === undefined ? undefined : parsePosition(entry.position);
}

/** Whether there is anything to count in an Alert that has not counted anything yet. */
export function hasNews({ floor, hits }: Counting): boolean {
  return hitsAfter([floor], hits).length > 0;
}

function hitsAfter(floors: readonly (Position | undefined)[], hits: readonly Hit[]): readonly Hit[] {
  return hits
    .filter(({ position }) => floors.every((floor) => floor === undefined || comparePositions(position, floor) > 0))
    .toSorted((a, b) => comparePositions(a.position, b.position));
}

function withoutTallies(status: AlertStatus): AlertStatus {
  const names: ReadonlySet<string> = new Set(TALLY_NAMES);
  return Object.fromEntries(Object.entries(status).filter(([name]) => !names.has(name)));
}

/** Nodes come and go: the partitions that were counted last stay. The log of one that goes is not read again. */
function bounded(partitions: readonly PartitionCount[]): PartitionCount[] {
  if (partitions.length <= MAX_PARTITIONS) return [...partitions];
  const generation = ({ position }: PartitionCount) => parsePosition(position)?.generation ?? 0;
  return partitions.toSorted((a, b) => generation(b) - generation(a)).slice(0, MAX_PARTITIONS);
}

function extreme(
  before: string | undefined,
  times: readonly string[],
  beats: (a: number, b: number) => boolean,
): string {
  const all = before === undefined ? times : [before, ...times];
  return all.reduce((best, time) => (beats(Date.parse(time), Date.parse(best)) ? time : best));
}
