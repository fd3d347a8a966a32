import { join } from 'node:path';
import type { Fingerprint } from '../checkpoint.ts';
import { decodeAuditLine, decodeStrippedLine } from '../decode/decode-line.ts';
import { LineSplitter } from '../decode/line-splitter.ts';
import { ORIGIN, type Position } from '../position.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { Catalogued, CataloguedFile } from './catalogue.ts';
import type { FileIdentity } from './file-identity.ts';
import type { FileTable } from './file-table.ts';
import { type LogFile, openLogFile } from './log-file.ts';

/** Where a source without a checkpoint begins: with what is written from now on, with the oldest file, or at a time. */
export type StartAt = 'End' | 'Beginning' | Date;

/** A place in the files. */
export interface Cursor {
  readonly position: Position;
  /** Of the file that the position is in; `undefined` at the origin. */
  readonly fingerprint: Fingerprint | undefined;
}

export interface StartContext {
  readonly directory: string;
  readonly catalogued: Catalogued;
  /** Knows all files of `catalogued`. */
  readonly table: FileTable;
  readonly lineLimit: number;
}

type IdentifiedFile = CataloguedFile & { readonly identity: FileIdentity };

/** The offset of a position behind all that is in a file whose length is not known, or may not matter any more. */
export const END_OF_FILE = Number.MAX_SAFE_INTEGER;

/** Finds the place to start at. Throws `Unsettled` where a file was renamed meanwhile. */
export async function findStart(startAt: StartAt, context: StartContext): Promise<Cursor> {
  if (startAt === 'Beginning') return { position: ORIGIN, fingerprint: undefined };
  const files = context.catalogued.files.filter(isIdentified);
  return startAt === 'End' ? await findEnd(files, context) : await findTime(startAt.getTime() * 1000, files, context);
}

/** Behind the last whole line. A file that has no event yet is read from its beginning once it has. */
async function findEnd(files: readonly IdentifiedFile[], context: StartContext): Promise<Cursor> {
  const newest = files.at(-1);
  if (newest === undefined) return { position: ORIGIN, fingerprint: undefined };
  if (!newest.active) return at(newest, END_OF_FILE, context);
  return await inFile(newest, context, async (file) => at(newest, await endOfLastLine(file), context));
}

/** Behind the last event before the first one at that time or later; at the end where there is none. */
async function findTime(micros: number, files: readonly IdentifiedFile[], context: StartContext): Promise<Cursor> {
  for (const [index, file] of files.entries()) {
    const following = files[index + 1];
    if (following !== undefined && following.identity.firstMicros <= micros) continue;
    const found = await inFile(file, context, async (opened) => await offsetOfTime(opened, micros, context.lineLimit));
    if (found !== 'none') return at(file, found, context);
  }
  return await findEnd(files, context);
}

async function inFile<T>(
  file: IdentifiedFile,
  context: StartContext,
  look: (opened: LogFile) => Promise<T>,
): Promise<T> {
  const opened = await openLogFile(join(context.directory, file.name), file.identity.fingerprint, context.lineLimit);
  try {
    return await look(opened);
  } finally {
    await opened.close();
  }
}

function isIdentified(file: CataloguedFile): file is IdentifiedFile {
  return file.identity !== undefined;
}

function at({ identity: { fingerprint } }: IdentifiedFile, offset: number, { table }: StartContext): Cursor {
  return { position: { generation: table.generation(fingerprint) ?? 0, offset }, fingerprint };
}

const BLOCK = 64 * 1024;

async function endOfLastLine(file: LogFile): Promise<number> {
  for (let end = await file.size(); end > 0; ) {
    const start = Math.max(0, end - BLOCK);
    const block = await file.reader.read(start);
    const newline = block.subarray(0, end - start).lastIndexOf(0x0a);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

async function offsetOfTime(file: LogFile, micros: number, lineLimit: number): Promise<number | 'none'> {
  const splitter = new LineSplitter(lineLimit, 0);
  for (let piece = await file.reader.read(0); piece.length > 0; piece = await file.reader.read(splitter.pushed)) {
    splitter.push(piece);
    for (let before = splitter.consumed, line = splitter.next(); line !== undefined; line = splitter.next()) {
      const decoded = line.bytes === undefined ? decodeStrippedLine(line.stripped) : decodeAuditLine(line.bytes);
      const time = decoded.kind === 'event' ? parseTimestamp(decoded.event.stageTimestamp) : undefined;
      if (time !== undefined && time >= micros) return before;
      before = splitter.consumed;
    }
  }
  return 'none';
}
