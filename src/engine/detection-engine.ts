import type {
  DeletedAlert,
  LossesByCorrelation,
  OwnIdentity,
  PendingAlert,
  Suppressions,
  TotalsByRule,
} from '../alerts/index.ts';
import type {
  BatchGaps,
  BatchSummary,
  ObserverSnapshot,
  PrimaryPartition,
  SourceCheckpoint,
  SourceStatus,
  StageGateSnapshot,
} from '../audit/index.ts';
import type { SourceSpec } from './open-source.ts';
import type { Listening, ListenSpec, RejectedRequests } from './receiving.ts';
import type { RunnableFilter } from './runnable-filter.ts';
import type { RunnableRule } from './runnable-rule.ts';

/**
 * What reads audit logs and runs rules on them, wherever it does. Everything that goes in or comes out is plain data: it
 * can cross from one thread to another.
 */
export interface DetectionEngine {
  /**
   * Changes the rules that run. Resolves once what is read from then on is matched by them, with those that do not compile:
   * none, for texts that this release accepted.
   */
  setRules(change: RulesChange): Promise<readonly UncompiledText[]>;
  /**
   * Takes deliveries for the webhooks that are opened from now on. Rejects where that cannot be.
   *
   * @param onRejected hears of what is not taken: at once, but not more than once a minute for each kind
   */
  listen(spec: ListenSpec, onRejected: (requests: RejectedRequests) => void): Promise<Listening>;
  /**
   * Takes no more deliveries for an AuditSource. Until then they are taken also while nobody reads them, from when a partition
   * of it was first read.
   */
  takeNoMore(source: string): Promise<void>;
  /** Opens a partition. Its reading begins with the first `next`. */
  open(spec: PartitionSpec): PartitionReader;
  /** Gives up everything that is open. */
  close(): Promise<void>;
}

/** Texts are compiled where they run: whoever sends a rule sends everything that it compiles from. */
export interface RulesChange {
  /** New rules, and new versions of rules. */
  readonly set: readonly RunnableRule[];
  /** By name. */
  readonly remove: readonly string[];
  /** All filters, where they are others now. */
  readonly filters?: readonly RunnableFilter[] | undefined;
}

/** A text that does not run, although it was accepted. */
export interface UncompiledText {
  readonly kind: 'rule' | 'filter';
  readonly name: string;
  readonly message: string;
}

/** Who the operator is. The rest of what makes a request its own is asked for: see `AskExpired`. */
export type EngineIdentity = Omit<OwnIdentity, 'hasExpired'>;

/** Whether the ttl of each of these Alerts had run out, in the same order. Whoever knows the Alerts answers. */
export type AskExpired = (alerts: readonly DeletedAlert[]) => Promise<readonly boolean[]>;

export interface PartitionSpec {
  readonly source: SourceSpec;
  /** Where to go on. */
  readonly resume: ResumePoint | undefined;
  /** Stamped on Alerts. */
  readonly cluster: string;
  readonly own: EngineIdentity;
}

/** What is needed to go on at a position, all as of that position. */
export interface ResumePoint {
  readonly checkpoint: SourceCheckpoint;
  readonly stages: StageGateSnapshot;
  /**
   * What correlations remember, as JSON: it may be megabytes, which are passed on and stored faster as one text. Where it is
   * lost, it is worked out from the log, as far as that is retained.
   */
  readonly correlations?: string | undefined;
  /** At which audit levels requests were logged. */
  readonly observed?: ObserverSnapshot | undefined;
}

/** What of a state is published. */
export interface PublishLimits {
  /** Files that are known. */
  readonly files: number;
  /** Running requests that were counted. */
  readonly requests: number;
}

/** A state as it is stored, and small enough for an annotation. */
export interface ReaderState {
  readonly stored: ResumePoint;
  readonly published: Omit<ResumePoint, 'correlations'>;
}

/** A part of the log, and what the rules found in it. */
export interface DetectedBatch {
  readonly batch: BatchSummary;
  /** What it says of gaps, in time. */
  readonly gaps: BatchGaps;
  readonly detection: Detected;
  /** What was read again before it. */
  readonly lookedBack?: LookedBack | undefined;
}

/** A second look at the log, for what correlations remember. */
export interface LookedBack {
  /** RFC 3339. */
  readonly since: string;
  readonly bytes: number;
  /** Otherwise it was given up, and correlations begin with what comes. */
  readonly isWhole: boolean;
}

export interface Detected {
  /** In the order in which they were first hit. */
  readonly alerts: readonly PendingAlert[];
  readonly totals: TotalsByRule;
  /** What filters left out. */
  readonly suppressions: Suppressions;
  /** Events that were recognised as the operator's own requests and not evaluated. */
  readonly ownRequests: number;
  /** What correlations left out or forgot. */
  readonly correlationLosses: LossesByCorrelation;
}

/** How the reading of a partition goes. */
export type ReaderStatus = Omit<SourceStatus, 'path'>;

/** Reads one partition. For one consumer, that asks for one thing at a time: it is done with a batch when it asks for the next one. */
export interface PartitionReader {
  /**
   * The next batch, however long that takes; undefined once the reading was stopped, where none was under way. Rejects
   * where the engine fails: the partition is then to be opened anew.
   */
  next(): Promise<DetectedBatch | undefined>;
  /** What to store once the batch that `next` gave last is dealt with; undefined before there was one. */
  state(limits: PublishLimits): Promise<ReaderState | undefined>;
  /** The checkpoint is stored safely: nothing before it will be asked for again. */
  release(checkpoint: SourceCheckpoint): void;
  /** Of a backup: how far all partitions of the source are that it is the backup of. It waits until it knows enough. */
  setPrimaries(primaries: readonly PrimaryPartition[]): void;
  /** As of a moment ago. */
  status(): ReaderStatus;
  /** Reads nothing more. What is under way is still given. */
  stop(): void;
  /** To be called in the end, whatever happened. */
  close(): Promise<void>;
}
