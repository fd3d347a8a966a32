import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readFailure } from './read-failure.ts';

/** A file with audit events, or standard input. */
export interface LogInput {
  /** As shown: the path as given, or `-`. */
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
  /** In bytes, as stored; undefined for what has no size. */
  readonly size: number | undefined;
}

const PIECE = 512 * 1024;

/**
 * The bytes of an input, decompressed where they are gzip (by their first bytes, not by the name). A piece is valid until the next one is asked for.
 * `onBytes` hears how many bytes were read as stored. Throws a CommandFailure.
 */
export async function* readInput(
  { name, path }: LogInput,
  stdin: Readable,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  try {
    yield* await decompressed(counted(path === undefined ? stdin : piecesOf(path), onBytes));
  } catch (error) {
    throw readFailure(error, name);
  }
}

/** Reads the next piece of a file while one is looked at, into the same two buffers all along: new ones would outlive their use until memory is collected. */
async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  const buffers = [Buffer.allocUnsafeSlow(PIECE), Buffer.allocUnsafeSlow(PIECE)] as const;
  const read = async (buffer: Buffer): Promise<Buffer> => {
    const { bytesRead } = await file.read(buffer, 0, PIECE, null);
    return buffer.subarray(0, bytesRead);
  };
  let next = read(buffers[0]);
  try {
    for (let turn = 1; ; turn++) {
      const piece = await next;
      if (piece.length === 0) return;
      next = read(buffers[turn % 2 === 0 ? 0 : 1]);
      yield piece;
    }
  } finally {
    // Whoever stops early does not wait for it, nor hears of its failure.
    await Promise.allSettled([next]);
    await file.close();
  }
}

async function* counted(source: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    onBytes(piece.length);
    yield piece;
  }
}

async function decompressed(pieces: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const first = await pieces.next();
  if (first.done === true) return pieces;
  const whole = startingWith(first.value, pieces);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return whole;
  const gunzip = createGunzip({ chunkSize: PIECE });
  // The error shows in the iteration as well, which is where it is dealt with.
  pipeline(copies(whole), gunzip, () => {});
  return gunzip;
}

async function* startingWith(first: Buffer, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* pieces;
}

/** For who holds several pieces at a time. */
async function* copies(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
