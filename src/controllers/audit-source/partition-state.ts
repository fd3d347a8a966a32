import { comparePositions, isSourceCheckpoint } from '../../audit/index.ts';
import type { PublishedPartition, SourceProgress } from '../replica/node-report.ts';

/** Everything that belongs to one position of a partition: where reading goes on, and what the log up to there amounted to. */
export interface PartitionState extends PublishedPartition {
  readonly extra: PublishedPartition['extra'] & {
    /** What correlations remember, as JSON: only in the state file, it is too large for an annotation. */
    readonly correlations?: string;
  };
}

export const NO_PROGRESS: SourceProgress = Object.freeze({
  events: 0,
  unreadable: Object.freeze({}),
  oversize: 0,
  gaps: 0,
  totals: Object.freeze({}),
});

/** Checks what was read back from storage; the stage gate checks its own part. */
function isPartitionState(value: unknown): value is PartitionState {
  if (!isObject(value) || !isSourceCheckpoint(value.checkpoint) || !isObject(value.extra)) return false;
  const { path, progress } = value.extra;
  return typeof path === 'string' && isObject(progress) && isObject(progress.totals) && isObject(progress.unreadable);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The one that is further, and of equal ones the first, of what is known about the log at this path: from the state file, or as the last reader published. */
export function newestState(path: string, candidates: readonly unknown[]): PartitionState | undefined {
  return candidates
    .filter(isPartitionState)
    .filter(({ extra }) => extra.path === path)
    .reduce<PartitionState | undefined>(
      (best, each) =>
        best === undefined || comparePositions(each.checkpoint.position, best.checkpoint.position) > 0 ? each : best,
      undefined,
    );
}
