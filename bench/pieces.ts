import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 512 * 1024;

/** A file, piece by piece, as the command reads it: into the same two buffers. */
export function* pieces(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  const buffers = [Buffer.allocUnsafeSlow(PIECE), Buffer.allocUnsafeSlow(PIECE)] as const;
  try {
    for (let turn = 0; ; turn++) {
      const piece = buffers[turn % 2 === 0 ? 0 : 1];
      const length = readSync(file, piece, 0, PIECE, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
