import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import { MalformedBody } from '../decode/malformed-body.ts';
import { sourceError } from '../system-error.ts';
import { Rejected } from './rejection.ts';

export interface BodyLimits {
  /** Milliseconds without a byte. */
  readonly idleMs: number;
  /** Milliseconds from the request's beginning to its end. */
  readonly totalMs: number;
}

const CHUNK = 64 * 1024;

/**
 * The bytes of a request's body, unpacked where it is compressed. It can be given up at any time without breaking the
 * connection. Throws `Rejected` (`slow`, `aborted`, `encoding`) and `MalformedBody`.
 */
export function requestBody(request: IncomingMessage, limits: BodyLimits, clock: Clock): AsyncIterable<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const chunks = chunksOf(request, limits, clock);
  if (encoding === 'identity') return chunks;
  if (encoding === 'gzip') return unzipped(chunks);
  throw new Rejected('encoding');
}

async function* chunksOf(request: IncomingMessage, limits: BodyLimits, clock: Clock): AsyncGenerator<Buffer> {
  const deadline = clock.monotonic() + limits.totalMs;
  for (;;) {
    const chunk: unknown = request.read();
    if (chunk instanceof Buffer) yield chunk;
    else if (request.readableEnded) return;
    else if (request.destroyed) throw new Rejected('aborted');
    else await somethingToRead(request, Math.min(limits.idleMs, deadline - clock.monotonic()), clock);
    if (clock.monotonic() > deadline) throw new Rejected('slow');
  }
}

const NEWS = ['readable', 'end', 'close', 'error'] as const;

async function somethingToRead(request: IncomingMessage, ms: number, clock: Clock): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      for (const event of NEWS) request.off(event, go);
    };
    const go = (): void => {
      stop();
      resolve();
    };
    const timer = clock.setTimer(Math.max(0, ms), () => {
      stop();
      reject(new Rejected('slow'));
    });
    for (const event of NEWS) request.on(event, go);
  });
}

async function* unzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // An error shows in the iteration as well, which is where it is dealt with.
  pipeline(Readable.from(chunks), gunzip, () => {});
  try {
    for await (const piece of gunzip) if (piece instanceof Buffer) yield piece;
  } catch (error) {
    if (sourceError(error).code.startsWith('Z_')) throw new MalformedBody('the body is no gzip', { cause: error });
    throw error;
  }
}

/** Reads the rest of a body away, so that its sender comes to read the answer; returns whether it was read to its end. */
export async function drain(request: IncomingMessage, bytes: number, ms: number, clock: Clock): Promise<boolean> {
  let left = bytes;
  try {
    for await (const chunk of chunksOf(request, { idleMs: ms, totalMs: ms }, clock)) {
      left -= chunk.length;
      if (left < 0) return false;
    }
    return true;
  } catch {
    return false;
  }
}
