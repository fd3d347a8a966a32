import type { SourceCheckpoint } from './checkpoint.ts';
import type { LineDecoder } from './decode/decode-line.ts';
import type { AuditEvent } from './event.ts';
import type { RefusalReason } from './journal/journal-refused.ts';
import type { Position } from './position.ts';

/** One audit event, and where it stood. */
export interface AuditRecord {
  readonly event: AuditEvent;
  /** Of the record's end. */
  readonly position: Position;
  /** Bodies were cut off, by the server or because the line was over the limit: nothing can be said of what they held. */
  readonly bodiesUnknown: boolean;
  /** Length of the line in bytes, without its end. */
  readonly line: number;
  /** Which API server wrote it, where the source knows: what its webhook configuration says of it. */
  readonly origin?: string;
  /** Another source counts it: it is to be seen, as a stage of its request, and not to be counted. */
  readonly isCountedElsewhere?: true;
}

/**
 * What a source read at once: bounded in records and bytes. A batch also comes where only the end, the counts or the
 * gaps changed, so that positions move on past what could not be decoded.
 */
export interface Batch extends BatchSummary {
  readonly records: readonly AuditRecord[];
}

/** A batch without its records. */
export interface BatchSummary {
  /** Everything up to here was read. Store it once the records are dealt with. */
  readonly end: Position;
  /** What was read since the batch before. */
  readonly counts: SourceCounts;
  readonly gaps: readonly Gap[];
  /** Nothing more was there to read when the batch was made. */
  readonly caughtUp: boolean;
  /** The stageTimestamp of the last event up to `end`, where one is known. */
  readonly lastEventTime: string | undefined;
}

/** Why a line is not an event that rules can look at. */
export type LineError =
  /** It is not JSON. */
  | 'invalid-json'
  /** It is JSON, but no audit event, or one whose fields have other types. */
  | 'not-an-event'
  /** It holds NUL bytes, or follows a run of them, as copytruncate and crashes leave them. */
  | 'nul-bytes'
  /** It begins with the beginning of an event whose writer was stopped. The event behind it was read. */
  | 'torn'
  /** It is over the limit, and what stands before its bodies could not be made out either. */
  | 'oversize'
  /** It is the last line of a file that is finished, has no end, and is no whole event. */
  | 'unterminated'
  /** A compressed backup that breaks off or is damaged; or damage in a journal. */
  | 'unreadable';

/** All counts are of one batch, not totals. */
export interface SourceCounts {
  /** Lines that are not empty. */
  readonly lines: number;
  readonly bytes: number;
  /** Lines that became records. */
  readonly events: number;
  /** Lines that the injected decoder chose not to look into. */
  readonly skipped: number;
  /** Lines over the limit: among `events` where what stands outside the bodies could be decoded, else among `errors`. */
  readonly oversize: number;
  /** Events found behind the torn beginning of another one, in the same line; they are among `events`. */
  readonly salvaged: number;
  readonly nulBytes: number;
  readonly errors: Readonly<Record<LineError, number>>;
}

/** Data that was, or may have been, removed before it was read. */
export interface Gap {
  readonly reason: GapReason;
  /** What was expected to be read next when the data was found missing. */
  readonly from: Position;
  /** Where reading goes on. */
  readonly to: Position;
  /** The stageTimestamp of the last event before the gap, where known. */
  readonly fromTime: string | undefined;
  /** The stageTimestamp of the first event after the gap, where known. */
  readonly toTime: string | undefined;
}

export type GapReason =
  /** A file, or a segment of a journal, was deleted before it was read to its end, or may have been. */
  | 'Deleted'
  /** A file was truncated, and no copy of what it held was found. */
  | 'Truncated'
  /** A compressed backup is damaged, or breaks off; or a part of a journal is damaged. */
  | 'Unreadable';

export type SourceState =
  /** The file does not exist yet, or holds no audit event yet; nothing was delivered yet. */
  | 'Waiting'
  /** Reading backups, or finished segments, that were written before. */
  | 'Draining'
  /** Reading the active file, or the newest segment. */
  | 'Following'
  /** The file or its directory cannot be read; it is tried again. */
  | 'Failed';

export interface SourceStatus {
  /** Of the file, or of the journal's directory. */
  readonly path: string;
  readonly state: SourceState;
  readonly position: Position;
  /** On disk and not read yet; compressed backups count with their compressed size. */
  readonly lagBytes: number;
  readonly lastEventTime: string | undefined;
  /** The file that is being read, by its name in the directory at the time it was opened. */
  readonly file: string | undefined;
  readonly errors: readonly SourceError[];
  /** Of a source that takes deliveries, while it takes them. */
  readonly intake?: IntakeStatus;
  /** Why what was read is not given yet, where that takes long. */
  readonly waiting?: string;
}

/** What is delivered to a source, and what its journal does with it. Totals since the receiver started. Plain data. */
export interface IntakeStatus {
  /** Requests that were taken whole. */
  readonly deliveries: number;
  /** Events that were appended to the journal. */
  readonly accepted: number;
  /** Events that were in the journal already. */
  readonly duplicates: number;
  /** What is not about requests to the API server. */
  readonly ignored: number;
  /** Requests that were not taken, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Of the journal, and what it may take. */
  readonly journalBytes: number;
  readonly journalLimit: number;
  /** Why nothing was taken when it was last tried. */
  readonly refusing: RefusalReason | undefined;
}

export interface SourceError {
  /** A system error code (`EACCES`), or a {@link LineError}. */
  readonly code: string;
  readonly message: string;
}

/** Where records come from. One consumer; it pulls, so that a slow consumer slows the reading, not the memory. */
export interface Source {
  /**
   * Batches in order, from the position that the source was made with; ends when `signal` aborts. To be called once.
   * Errors of the file system do not end it: they show in the status, and reading is tried again.
   */
  batches(signal: AbortSignal): AsyncIterable<Batch>;
  /** As of the last time that the source looked. */
  status(): SourceStatus;
  /** What to store once everything up to the end of this batch is dealt with. @param maxFiles keeps it small. */
  checkpoint(batch: Pick<Batch, 'end' | 'lastEventTime'>, maxFiles?: number): SourceCheckpoint;
  /** The checkpoint is stored safely: what is before it will not be asked for again. */
  release(checkpoint: SourceCheckpoint): void;
  /**
   * For a second look at what stands before the position that the source was made with: from the first event at that time
   * or later, as far as it is still there, up to that position. Positions are the same as they were. To be called once
   * `batches` has given something.
   */
  history(since: Date, decode: LineDecoder, signal: AbortSignal): AsyncIterable<Batch>;
  /** To be called now and then while the consumer of the batches is slow, so that nothing vanishes unseen. */
  survey(): Promise<void>;
}
