import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Fingerprint } from '../checkpoint.ts';
import type { SourceError } from '../source.ts';
import { sourceError } from '../system-error.ts';
import { backupMatcher, isCompressed } from './backup-names.ts';
import { type FileIdentity, isIdentified } from './file-identity.ts';
import { identifyHandle, openForReading } from './log-file.ts';
import { Unsettled } from './unsettled.ts';

/** A file of the log: the active one, or a backup. */
export interface CataloguedFile {
  readonly name: string;
  readonly active: boolean;
  readonly compressed: boolean;
  readonly inode: number;
  /** On disk. */
  readonly size: number;
  /** Absent while the file holds no audit event, or cannot be read. */
  readonly identity: FileIdentity | undefined;
  readonly error: SourceError | undefined;
}

/** All files of the log at one moment. */
export interface Catalogued {
  /** Backups in the order of their first events, then the active file. */
  readonly files: readonly CataloguedFile[];
}

/** The files with this content; the best to read from first: plain before compressed, longer before shorter. */
export function locate(catalogued: Catalogued, fingerprint: Fingerprint): CataloguedFile | undefined {
  const same = catalogued.files.filter((file) => file.identity?.fingerprint === fingerprint);
  return same.sort((a, b) => Number(a.compressed) - Number(b.compressed) || b.size - a.size)[0];
}

interface Inspected {
  readonly key: string;
  readonly file: CataloguedFile;
  readonly resume: { readonly inode: number; readonly scannedTo: number; readonly head: Buffer } | undefined;
}

const MAX_LISTINGS = 5;
const HEAD_BYTES = 64;

/** Lists the files of a log by their content. Files that did not change since the last time are not read again. */
export class Catalogue {
  readonly #path: string;
  readonly #isBackup: (name: string) => boolean;
  readonly #lineLimit: number;
  #inspected = new Map<string, Inspected>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, lineLimit: number) {
    this.#path = path;
    this.#isBackup = backupMatcher(path);
    this.#lineLimit = lineLimit;
  }

  /**
   * A listing during which nothing was renamed, created or deleted, so that nothing can have slipped through between
   * two names. A directory that does not exist is empty. Throws `Unsettled` where there was no such moment.
   */
  async scan(): Promise<Catalogued> {
    const scan = this.#queue.then(() => this.#scan());
    this.#queue = scan.catch(() => {});
    return await scan;
  }

  async #scan(): Promise<Catalogued> {
    let before = await this.#list();
    for (let attempt = 0; attempt < MAX_LISTINGS; attempt++) {
      const inspected = new Map<string, Inspected>();
      for (const [name, stats] of before) {
        const found = await this.#inspect(name, stats);
        if (found !== undefined) inspected.set(name, found);
      }
      this.#inspected = inspected;
      const after = await this.#list();
      if (sameFiles(before, after, inspected))
        return { files: [...inspected.values()].map(({ file }) => file).sort(byAge) };
      before = after;
    }
    throw new Unsettled();
  }

  async #list(): Promise<ReadonlyMap<string, Stats>> {
    const directory = dirname(this.#path);
    const active = basename(this.#path);
    const names = await readdir(directory).catch(emptyWhereMissing);
    const listed = new Map<string, Stats>();
    for (const name of names) {
      if (name !== active && !this.#isBackup(name)) continue;
      const stats = await stat(join(directory, name)).catch(absentWhereMissing);
      if (stats !== undefined) listed.set(name, stats);
    }
    return listed;
  }

  async #inspect(name: string, stats: Stats): Promise<Inspected | undefined> {
    const cached = this.#inspected.get(name);
    if (cached !== undefined && cached.key === keyOf(stats)) return cached;
    const active = name === basename(this.#path);
    const compressed = isCompressed(name);
    const facts = { name, active, compressed };
    try {
      const handle = await openForReading(join(dirname(this.#path), name));
      try {
        const opened = await handle.stat();
        const head = Buffer.alloc(HEAD_BYTES);
        await handle.read(head, 0, HEAD_BYTES, 0);
        const from = resumeFrom(cached, opened, head);
        const found = await identifyHandle(handle, compressed, this.#lineLimit, from).catch(unidentifiedWhereBroken);
        const identity = isIdentified(found) ? found : undefined;
        const resume =
          isIdentified(found) || compressed ? undefined : { inode: opened.ino, scannedTo: found.scannedTo, head };
        const file = { ...facts, inode: opened.ino, size: opened.size, identity, error: undefined };
        return { key: keyOf(opened), file, resume };
      } finally {
        await handle.close();
      }
    } catch (error) {
      const known = sourceError(error);
      if (known.code === 'ENOENT') return undefined;
      const file = { ...facts, inode: stats.ino, size: stats.size, identity: undefined, error: known };
      return { key: keyOf(stats), file, resume: undefined };
    }
  }
}

function keyOf(stats: Stats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':');
}

/** A file without an event that only grew since: what was looked through need not be again. */
function resumeFrom(cached: Inspected | undefined, opened: Stats, head: Buffer): number {
  const resume = cached?.resume;
  const grown = resume !== undefined && resume.inode === opened.ino && opened.size >= resume.scannedTo;
  return grown && resume.head.equals(head) ? resume.scannedTo : 0;
}

function sameFiles(
  before: ReadonlyMap<string, Stats>,
  after: ReadonlyMap<string, Stats>,
  inspected: ReadonlyMap<string, Inspected>,
): boolean {
  if (before.size !== after.size || before.size !== inspected.size) return false;
  return [...inspected].every(([name, { file }]) => after.get(name)?.ino === file.inode);
}

function byAge(a: CataloguedFile, b: CataloguedFile): number {
  if (a.active !== b.active) return a.active ? 1 : -1;
  return (a.identity?.firstMicros ?? 0) - (b.identity?.firstMicros ?? 0) || (a.name < b.name ? -1 : 1);
}

function emptyWhereMissing(error: unknown): string[] {
  if (sourceError(error).code === 'ENOENT') return [];
  throw error;
}

function absentWhereMissing(error: unknown): undefined {
  if (sourceError(error).code === 'ENOENT') return undefined;
  throw error;
}

/** A compressed file that is still being written, or is damaged, before its first event. */
function unidentifiedWhereBroken(error: unknown): { scannedTo: number } {
  if (sourceError(error).code.startsWith('Z_')) return { scannedTo: 0 };
  throw error;
}
