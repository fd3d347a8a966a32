import type { TotalsByFilter, TotalsByRule } from '../../alerts/index.ts';
import type {
  IntakeStatus,
  ObserverSnapshot,
  SourceCheckpoint,
  SourceState,
  StageGateSnapshot,
  TimeGap,
} from '../../audit/index.ts';
import { decodeAnnotation, encodeAnnotation } from './annotation-codec.ts';

/** How the reading of one AuditSource's log on one node goes. */
export interface SourceReport {
  readonly state: SourceState;
  readonly message?: string;
  readonly lagBytes: number;
  /** What is delivered to it, and what is refused. */
  readonly intake?: IntakeStatus;
  /** Age of the newest event that was counted while there is more to read, else 0; absent where no event's time is known. */
  readonly lagSeconds?: number;
  readonly eventsPerMinute?: number;
  /**
   * How far the log was counted, and what it amounts to up to there: for the statuses, and for a replica that takes over
   * without this one's disk. Absent before anything was read.
   */
  readonly partition?: PublishedPartition;
}

/** A partition's state, small enough for an annotation. */
export interface PublishedPartition {
  readonly checkpoint: SourceCheckpoint;
  readonly stages: StageGateSnapshot;
  readonly extra: {
    /** Of the log: positions in another file say nothing. */
    readonly path: string;
    readonly progress: SourceProgress;
    /** At which audit levels requests were logged. */
    readonly observed?: PolicyObservation;
  };
}

/** What was observed since a policy was given, or taken away: it is to be compared with that one. */
export interface PolicyObservation {
  /** A hash of the policy's text; empty without one. */
  readonly policy: string;
  readonly levels: ObserverSnapshot;
}

/** Totals that belong to a checkpoint: they say what the log up to there amounted to. */
export interface SourceProgress {
  readonly events: number;
  readonly lastEvent?: string;
  /** Lines that could not be read, by cause. */
  readonly unreadable: Readonly<Record<string, number>>;
  readonly oversize: number;
  readonly gaps: number;
  readonly lastGap?: string;
  /** RFC 3339: when it was found. */
  readonly lastGapAt?: string;
  /** RFC 3339: when a line was found that could not be read. */
  readonly lastUnreadableAt?: string;
  /** Microseconds since the epoch, by the API server's clock: of the last event that was counted. */
  readonly countedTo?: number;
  /** When what is missing was logged: a backup counts that. The newest ones. */
  readonly timeGaps?: readonly TimeGap[];
  readonly totals: TotalsByRule;
  /** Absent where no filter left out anything. */
  readonly filters?: TotalsByFilter;
}

export interface NodeReport {
  readonly node: string;
  /** By the AuditSource's name. */
  readonly sources: Readonly<Record<string, SourceReport>>;
}

export const NODE_ANNOTATION = 'detection.sigma-operator.dev/node';

export function encodeNodeReport(report: NodeReport): string {
  return encodeAnnotation(report);
}

/** Undefined for what is obviously something else; the shape of the sources is that of whoever may write Leases here. */
export function decodeNodeReport(text: string | undefined): NodeReport | undefined {
  const value = decodeAnnotation(text);
  return isNodeReport(value) ? value : undefined;
}

function isNodeReport(value: unknown): value is NodeReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'node' in value &&
    'sources' in value &&
    typeof value.node === 'string'
  );
}
