import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 512 * 1024;

/** A file, piece by piece, as the command and the operator read it. */
export function* pieces(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = readSync(file, piece, 0, PIECE, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
