import type { DeletedAlert } from '../alerts/index.ts';
import type { PrimaryPartition, SourceCheckpoint } from '../audit/index.ts';
import type {
  DetectedBatch,
  PartitionSpec,
  PublishLimits,
  ReaderState,
  ReaderStatus,
  RulesChange,
  UncompiledText,
} from './detection-engine.ts';
import type { ErrorData } from './engine-error.ts';
import type { ListenSpec, RejectedRequests } from './receiving.ts';

/** What is asked of an engine in another thread. `reader` is the number under which a partition was opened. */
export type Request =
  | { readonly call: 'setRules'; readonly change: RulesChange }
  | { readonly call: 'listen'; readonly spec: ListenSpec }
  /** Takes no more deliveries. */
  | { readonly call: 'silence' }
  | { readonly call: 'takeNoMore'; readonly source: string }
  | { readonly call: 'open'; readonly reader: number; readonly spec: PartitionSpec }
  | { readonly call: 'next'; readonly reader: number }
  | { readonly call: 'state'; readonly reader: number; readonly limits: PublishLimits }
  | { readonly call: 'release'; readonly reader: number; readonly checkpoint: SourceCheckpoint }
  | { readonly call: 'setPrimaries'; readonly reader: number; readonly primaries: readonly PrimaryPartition[] }
  | { readonly call: 'stop'; readonly reader: number }
  | { readonly call: 'close'; readonly reader: number }
  /** Whether there is anybody who answers. */
  | { readonly call: 'ping' }
  /** Ends everything, and with it the thread. */
  | { readonly call: 'end' };

/** What came of a request; which of these there is depends on the request. */
export interface Answer {
  readonly uncompiled?: readonly UncompiledText[];
  readonly batch?: DetectedBatch | undefined;
  readonly state?: ReaderState | undefined;
  /** On which it listens. */
  readonly port?: number;
}

export type ToEngine =
  | { readonly kind: 'request'; readonly id: number; readonly request: Request }
  | { readonly kind: 'expired'; readonly id: number; readonly expired: readonly boolean[] };

export type FromEngine =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData }
  /** See `AskExpired`. */
  | { readonly kind: 'question'; readonly id: number; readonly deleted: readonly DeletedAlert[] }
  /** What the receiver did not take: see `DetectionEngine.listen`. */
  | { readonly kind: 'rejected'; readonly requests: RejectedRequests }
  /** See `Listening.rejected`. */
  | { readonly kind: 'rejectedTotals'; readonly totals: Readonly<Record<string, number>> }
  | { readonly kind: 'status'; readonly reader: number; readonly status: ReaderStatus };
