import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';

/** The uncompressed bytes of one open file. */
export interface ByteReader {
  /**
   * The bytes from this uncompressed offset on, some of them; none at the end. For a compressed file the offset must
   * not be before where the last read ended. Throws where the file system or the compression is broken.
   */
  read(offset: number): Promise<Buffer>;
  /** Does not close the handle. */
  close(): void;
}

const PIECE = 256 * 1024;

export class PlainReader implements ByteReader {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(offset: number): Promise<Buffer> {
    const { size } = await this.#handle.stat();
    const wanted = Math.min(PIECE, size - offset);
    if (wanted <= 0) return Buffer.alloc(0);
    const piece = Buffer.allocUnsafeSlow(wanted);
    const { bytesRead } = await this.#handle.read(piece, 0, wanted, offset);
    return piece.subarray(0, bytesRead);
  }

  close(): void {}
}

/** Reads a gzip file forwards. Reading from an offset decompresses, and throws away, what is before it. */
export class GzipReader implements ByteReader {
  readonly #gunzip: Gunzip;
  readonly #pieces: AsyncIterator<Buffer>;
  #offset = 0;

  constructor(handle: FileHandle) {
    this.#gunzip = createGunzip({ chunkSize: PIECE });
    // The error shows in the iterator as well, which is where it is dealt with.
    pipeline(pieces(handle), this.#gunzip, () => {});
    this.#pieces = this.#gunzip[Symbol.asyncIterator]();
  }

  async read(offset: number): Promise<Buffer> {
    for (;;) {
      const next = await this.#pieces.next();
      if (next.done === true) return Buffer.alloc(0);
      const start = this.#offset;
      this.#offset += next.value.length;
      if (this.#offset > offset) return next.value.subarray(Math.max(0, offset - start));
    }
  }

  close(): void {
    this.#gunzip.destroy();
  }
}

async function* pieces(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(PIECE), 0, PIECE, offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
