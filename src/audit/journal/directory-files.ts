import { type FileHandle, mkdir, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '../sync-path.ts';
import { sourceError } from '../system-error.ts';
import type { JournalFiles, ListedFile, ReadableFile, WritableFile } from './journal-files.ts';

/** A directory of the file system, readable by its owner only. */
export function directoryFiles(path: string): JournalFiles {
  return {
    path,
    list: async () => {
      await mkdir(path, { recursive: true, mode: 0o700 });
      const found: ListedFile[] = [];
      for (const name of await readdir(path)) {
        const stats = await stat(join(path, name)).catch(undefinedWhereMissing);
        if (stats?.isFile()) found.push({ name, size: stats.size, modified: stats.mtimeMs });
      }
      return found;
    },
    create: async (name) => writable(await open(join(path, name), 'wx', 0o600)),
    open: async (name) => readable(await open(join(path, name), 'r')),
    truncate: async (name, length) => await truncate(join(path, name), length),
    remove: async (name) => await rm(join(path, name), { force: true }),
    sync: async (name) => await syncPath(join(path, name)),
    syncDirectory: async () => await syncPath(path),
  };
}

function writable(handle: FileHandle): WritableFile {
  return {
    write: async (bytes, offset) => {
      for (let written = 0; written < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, offset + written);
        written += bytesWritten;
      }
    },
    sync: async () => await handle.datasync(),
    truncate: async (length) => await handle.truncate(length),
    close: async () => await handle.close(),
  };
}

function readable(handle: FileHandle): ReadableFile {
  return {
    read: async (into, offset) => {
      for (let read = 0; ; ) {
        const { bytesRead } = await handle.read(into, read, into.length - read, offset + read);
        read += bytesRead;
        if (bytesRead === 0 || read === into.length) return read;
      }
    },
    close: async () => await handle.close(),
  };
}

function undefinedWhereMissing(error: unknown): undefined {
  if (sourceError(error).code === 'ENOENT') return undefined;
  throw error;
}
