import { sourceError } from '../system-error.ts';
import type { JournalFiles, ListedFile, ReadableFile } from './journal-files.ts';
import { RecordReader } from './record-reader.ts';
import { type MutableSegment, newSegment, type Segment } from './segment.ts';
import {
  decodeHeader,
  decodeRecordHeader,
  generationInName,
  HEADER_LENGTH,
  RECORD_OVERHEAD,
  type SegmentHeader,
} from './segment-format.ts';

const PIECE = 64 * 1024;

/**
 * The segments of a directory, oldest first, as a crash left them.
 *
 * - A file without a record is the beginning of a segment that held nothing, and is removed; so is one that the header
 *   of the next one leaves out: what is in it was never acknowledged, and may stand in the next one again.
 * - A segment ends where the next one's header says. From the newest one, the beginning of a record that breaks off is
 *   cut off: it was never acknowledged. Anything else behind its last whole record may have been: it stays, as damage.
 * - What is left survives a loss of power. A record whose sync had failed, or was under way, is taken for safe from now on.
 */
export async function recoverSegments(files: JournalFiles): Promise<MutableSegment[]> {
  const found = await findSegments(files);
  const segments: MutableSegment[] = [];
  for (const [index, { segment, size }] of found.entries()) {
    const following = found[index + 1]?.segment;
    const length = following === undefined ? await endOfNewest(files, segment, size) : endOf(segment, following, size);
    if (length <= HEADER_LENGTH) await files.remove(segment.name);
    else segments.push(Object.assign(segment, { length }));
  }
  if (found.length > 0) await files.syncDirectory();
  return segments;
}

async function findSegments(files: JournalFiles): Promise<{ segment: MutableSegment; size: number }[]> {
  const found = [];
  for (const listed of (await files.list()).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const generation = generationInName(listed.name);
    if (generation === undefined) continue;
    const segment = newSegment(listed.name, generation, await readHeader(files, listed, generation));
    segment.modified = listed.modified;
    found.push({ segment, size: listed.size });
  }
  return found;
}

/** 0 where the segment does not belong to the journal. */
function endOf(segment: Segment, following: Segment, size: number): number {
  const previous = following.header?.previous;
  if (previous === undefined) return size;
  if (previous.generation === segment.generation) return previous.offset;
  return previous.generation < segment.generation ? 0 : size;
}

async function endOfNewest(files: JournalFiles, segment: Segment, size: number): Promise<number> {
  if (segment.header === undefined) return size;
  const length = await endOfRecords(files, segment, size);
  if (length <= HEADER_LENGTH) return length;
  if (length < size) await files.truncate(segment.name, length);
  await files.sync(segment.name);
  return length;
}

async function readHeader(
  files: JournalFiles,
  { name, size }: ListedFile,
  generation: number,
): Promise<SegmentHeader | undefined> {
  if (size < HEADER_LENGTH) return undefined;
  const file = await files.open(name);
  try {
    const bytes = Buffer.alloc(HEADER_LENGTH);
    const read = await file.read(bytes, 0);
    const header = decodeHeader(bytes.subarray(0, read));
    return header?.generation === generation ? header : undefined;
  } catch (error) {
    // A header that cannot be read is a damaged header: the segment then counts as lost, and is said to be.
    if (sourceError(error).code === 'EIO') return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function endOfRecords(files: JournalFiles, segment: Segment, size: number): Promise<number> {
  const file = await files.open(segment.name);
  try {
    const reader = new RecordReader(file, segment.seed, HEADER_LENGTH);
    let end = HEADER_LENGTH;
    do {
      for (let step = reader.take(); step !== undefined; step = reader.take()) {
        if (step.kind === 'record') end = step.end;
      }
    } while (await reader.fill(size));
    return (await isTorn(file, segment.seed, end, size)) ? end : size;
  } finally {
    await file.close();
  }
}

/** Whether what is behind the last whole record is what a write leaves that did not come to its end. */
async function isTorn(file: ReadableFile, seed: number, from: number, size: number): Promise<boolean> {
  const written = await endWithoutZeros(file, from, size);
  if (written - from < RECORD_OVERHEAD) return true;
  const bytes = Buffer.alloc(RECORD_OVERHEAD);
  await file.read(bytes, from);
  const record = decodeRecordHeader(bytes, seed);
  return record !== undefined && from + RECORD_OVERHEAD + record.length > written;
}

/** Behind the last byte that is not zero: a file may be longer than what was written to it. */
async function endWithoutZeros(file: ReadableFile, from: number, size: number): Promise<number> {
  const piece = Buffer.alloc(Math.min(PIECE, size - from));
  for (let end = size; end > from; ) {
    const start = Math.max(from, end - piece.length);
    const read = await file.read(piece.subarray(0, end - start), start);
    const last = piece.subarray(0, read).findLastIndex((byte) => byte !== 0);
    if (last >= 0) return start + last + 1;
    end = start;
  }
  return from;
}
