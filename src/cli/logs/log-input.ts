import { createReadStream } from 'node:fs';
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
 * The bytes of an input, decompressed where they are gzip (by their first bytes, not by the name). `onBytes` hears how many bytes were read as
 * stored. Throws a CommandFailure.
 */
export async function* readInput(
  { name, path }: LogInput,
  stdin: Readable,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const source = path === undefined ? stdin : createReadStream(path, { highWaterMark: PIECE });
  try {
    yield* await decompressed(counted(source, onBytes));
  } catch (error) {
    throw readFailure(error, name);
  } finally {
    if (path !== undefined) source.destroy();
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
  const whole = (async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    yield* pieces;
  })();
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return whole;
  const gunzip = createGunzip({ chunkSize: PIECE });
  // The error shows in the iteration as well, which is where it is dealt with.
  pipeline(whole, gunzip, () => {});
  return gunzip;
}
