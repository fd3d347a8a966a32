import { isPosition, type Position } from './position.ts';

/** A file by its content: see `FileIdentity`. */
export type Fingerprint = string;

/**
 * Where reading of one partition goes on after a restart. Plain JSON; stored in the state file, and, throttled, in the
 * AuditSource's status.
 */
export interface SourceCheckpoint {
  readonly position: Position;
  /**
   * The files that are known, read or not, oldest first. A file whose fingerprint is not here is newer than all of
   * them, unless its first event is not later than `floor`.
   */
  readonly files: readonly (readonly [fingerprint: Fingerprint, generation: number])[];
  /** 0, or the generation of the newest file that was left out of `files` to keep the checkpoint small. */
  readonly floor: number;
  /** The stageTimestamp of the last event up to `position`. */
  readonly lastEventTime?: string;
}

/** Checks what was read back from storage. */
export function isSourceCheckpoint(value: unknown): value is SourceCheckpoint {
  if (typeof value !== 'object' || value === null) return false;
  if (!('position' in value && 'files' in value && 'floor' in value)) return false;
  const { position, files, floor } = value;
  if ('lastEventTime' in value && value.lastEventTime !== undefined && typeof value.lastEventTime !== 'string')
    return false;
  return isPosition(position) && typeof floor === 'number' && Array.isArray(files) && files.every(isKnownFile);
}

function isKnownFile(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [fingerprint, generation]: unknown[] = value;
  return typeof fingerprint === 'string' && Number.isSafeInteger(generation);
}
