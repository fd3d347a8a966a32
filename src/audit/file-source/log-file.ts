import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { sourceError } from '../system-error.ts';
import { isCompressed } from './backup-names.ts';
import { type ByteReader, GzipReader, PlainReader } from './byte-reader.ts';
import { type FileIdentity, identify, isIdentified, type Probe, type Unidentified } from './file-identity.ts';
import { Unsettled } from './unsettled.ts';

/** An open part of a log. It stays readable when it is renamed, compressed or deleted. */
export interface LogFile {
  /** In the directory, when it was opened. */
  readonly name: string;
  readonly identity: FileIdentity;
  readonly compressed: boolean;
  readonly device: number;
  readonly inode: number;
  readonly reader: ByteReader;
  /** Whether a plain file still begins as it did: it was not truncated, nor written anew. */
  intact(): Promise<boolean>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** Opens without waiting for a writer, should the name be that of a pipe. */
export async function openForReading(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if ((await handle.stat()).isFile()) return handle;
    throw Object.assign(new Error(`not a regular file: ${path}`), { code: 'ENOTREG' });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Opens a file by its name. Throws `Unsettled` where the file behind the name is not, or no longer, the one meant. */
export async function openLogFile(path: string, fingerprint: string, lineLimit: number): Promise<LogFile> {
  const handle = await openForReading(path).catch(unsettledWhereMissing);
  try {
    const compressed = isCompressed(path);
    const { dev: device, ino: inode } = await handle.stat();
    const identity = await identifyHandle(handle, compressed, lineLimit);
    if (!isIdentified(identity) || identity.fingerprint !== fingerprint) throw new Unsettled();
    const reader = readerOf(handle, compressed);
    return {
      name: basename(path),
      identity,
      compressed,
      device,
      inode,
      reader,
      intact: async () => compressed || (await holdsAll(handle, identity.probes)),
      size: async () => (await handle.stat()).size,
      close: async () => {
        reader.close();
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export async function identifyHandle(
  handle: FileHandle,
  compressed: boolean,
  lineLimit: number,
  from = 0,
): Promise<FileIdentity | Unidentified> {
  const reader = readerOf(handle, compressed);
  try {
    return await identify(reader, lineLimit, from);
  } finally {
    reader.close();
  }
}

function unsettledWhereMissing(error: unknown): never {
  throw sourceError(error).code === 'ENOENT' ? new Unsettled() : error;
}

function readerOf(handle: FileHandle, compressed: boolean): ByteReader {
  return compressed ? new GzipReader(handle) : new PlainReader(handle);
}

async function holdsAll(handle: FileHandle, probes: readonly Probe[]): Promise<boolean> {
  for (const { offset, bytes } of probes) {
    const found = Buffer.allocUnsafe(bytes.length);
    const { bytesRead } = await handle.read(found, 0, bytes.length, offset);
    if (bytesRead < bytes.length || !found.equals(bytes)) return false;
  }
  return true;
}
