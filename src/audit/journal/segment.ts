import { comparePositions, type Position } from '../position.ts';
import type { WritableFile } from './journal-files.ts';
import { recordSeed, type SegmentHeader } from './segment-format.ts';

/** A segment as its journal knows it. */
export interface Segment {
  readonly name: string;
  readonly generation: number;
  /** Absent where the header is damaged, so that no record can be told from any other bytes. */
  readonly header: SegmentHeader | undefined;
  readonly seed: number;
  /** Up to here it may be read: everything before is safe on disk. */
  readonly length: number;
  /** It will not grow any more. */
  readonly sealed: boolean;
}

/** A segment as it changes; only the journal does that. */
export interface MutableSegment extends Segment {
  length: number;
  sealed: boolean;
  /** When it last grew, by the wall clock, in milliseconds. */
  modified: number;
  /** While it is being written. */
  file: WritableFile | undefined;
}

export function newSegment(name: string, generation: number, header: SegmentHeader | undefined): MutableSegment {
  const seed = header === undefined ? 0 : recordSeed(header);
  return { name, generation, header, seed, length: 0, sealed: true, modified: 0, file: undefined };
}

/** Whether all of it lies at or before this position. */
export function liesBefore(segment: Segment, position: Position): boolean {
  return segment.sealed && comparePositions({ generation: segment.generation, offset: segment.length }, position) <= 0;
}
