import type { JournalFiles, ListedFile, ReadableFile, WritableFile } from '../../../src/audit/journal/journal-files.ts';

interface FakeFile {
  content: Buffer;
  /** What a loss of power leaves for sure. */
  synced: Buffer;
  /** Whether the name survives a loss of power. */
  linked: boolean;
  modified: number;
}

/** What a loss of power leaves of what was not synced. */
export interface PowerLoss {
  /** 0 to 1: how much of what was appended and not synced is there. */
  readonly keep: number;
  /** The last bytes of that are zeros, as of blocks that were allocated and not written. */
  readonly zeros: number;
}

type Guard = <A extends unknown[], R>(operation: (...args: A) => Promise<R>) => (...args: A) => Promise<R>;

type Operation = 'write' | 'sync' | 'truncate' | 'create' | 'remove' | 'syncDirectory' | 'read';

/** A directory in memory that can be full, fail, lose its power and rot. */
export class FakeDisk {
  /** Bytes that there is room for. */
  quota = Number.POSITIVE_INFINITY;
  now: () => number;
  readonly #files = new Map<string, FakeFile>();
  readonly #unlinked = new Map<string, FakeFile>();
  readonly #failing = new Map<Operation, number>();
  readonly #held = new Map<Operation, () => Promise<void>>();
  /** Handles of before a loss of power are dead. */
  #epoch = 0;
  syncs = 0;

  constructor(now: () => number = () => 0) {
    this.now = now;
  }

  get used(): number {
    return [...this.#files.values()].reduce((sum, { content }) => sum + content.length, 0);
  }

  get names(): string[] {
    return [...this.#files.keys()].sort();
  }

  content(name: string): Buffer {
    return this.#file(name).content;
  }

  /** The next so many operations of this kind fail. */
  fail(operation: Operation, times = 1): void {
    this.#failing.set(operation, times);
  }

  /** The next operation of this kind waits until it is released. */
  hold(operation: Operation): { readonly reached: Promise<void>; release(): void } {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#held.set(operation, async () => {
      reached.resolve();
      await released.promise;
    });
    return { reached: reached.promise, release: () => released.resolve() };
  }

  heal(): void {
    this.#failing.clear();
    this.quota = Number.POSITIVE_INFINITY;
  }

  flip(name: string, offset: number): void {
    for (const bytes of [this.#file(name).content, this.#file(name).synced]) {
      if (offset < bytes.length) bytes[offset] = (bytes[offset] ?? 0) ^ 0x40;
    }
  }

  erase(): void {
    this.#epoch += 1;
    this.#files.clear();
    this.#unlinked.clear();
  }

  losePower({ keep, zeros }: PowerLoss): void {
    this.#epoch += 1;
    for (const [name, file] of this.#unlinked) if (!this.#files.has(name)) this.#files.set(name, file);
    this.#unlinked.clear();
    for (const [name, file] of this.#files) {
      if (!file.linked && keep < 0.5) this.#files.delete(name);
      file.linked = true;
      const extra = Math.max(0, file.content.length - file.synced.length);
      const left = Buffer.from(file.content.subarray(0, file.synced.length + Math.round(extra * keep)));
      const intact = Math.min(file.synced.length, left.length);
      file.synced.copy(left, 0, 0, intact);
      left.fill(0, Math.max(intact, left.length - zeros));
      file.content = left;
      file.synced = Buffer.from(left);
    }
  }

  /** For one process: it cannot touch the disk any more once the power was lost. */
  mount(): JournalFiles {
    const epoch = this.#epoch;
    const alive = (): void => {
      if (epoch !== this.#epoch) throw failure('EBADF');
    };
    const guarded =
      <A extends unknown[], R>(operation: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        alive();
        await this.#turn();
        alive();
        return await operation(...args);
      };
    return {
      path: '/fake',
      list: guarded(async () => this.#list()),
      create: guarded(async (name: string) => this.#create(name, guarded)),
      open: guarded(async (name: string) => this.#open(name, guarded)),
      truncate: guarded(async (name: string, length: number) => {
        this.#attempt('truncate');
        const file = this.#file(name);
        file.content = Buffer.from(file.content.subarray(0, length));
      }),
      sync: guarded(async (name: string) => {
        this.#attempt('sync');
        const file = this.#file(name);
        file.synced = Buffer.from(file.content);
      }),
      remove: guarded(async (name: string) => this.#remove(name)),
      syncDirectory: guarded(async () => this.#syncDirectory()),
    };
  }

  #list(): readonly ListedFile[] {
    return [...this.#files].map(([name, { content, modified }]) => ({ name, size: content.length, modified }));
  }

  #create(name: string, guarded: Guard): WritableFile {
    this.#attempt('create');
    if (this.#files.has(name)) throw failure('EEXIST');
    const file = { content: Buffer.alloc(0), synced: Buffer.alloc(0), linked: false, modified: this.now() };
    this.#files.set(name, file);
    return {
      write: guarded(async (bytes: Buffer, offset: number) => this.#write(file, bytes, offset)),
      sync: guarded(async () => {
        this.syncs += 1;
        const hold = this.#held.get('sync');
        this.#held.delete('sync');
        await hold?.();
        this.#attempt('sync');
        file.synced = Buffer.from(file.content);
      }),
      truncate: guarded(async (length: number) => {
        this.#attempt('truncate');
        file.content = Buffer.from(file.content.subarray(0, length));
      }),
      close: guarded(async () => {}),
    };
  }

  #write(file: FakeFile, bytes: Buffer, offset: number): void {
    const isFailing = this.#takeFailure('write');
    const room = this.quota - this.used + Math.max(0, file.content.length - offset);
    const length = isFailing ? Math.floor(bytes.length / 2) : Math.max(0, Math.min(bytes.length, room));
    const content = Buffer.alloc(Math.max(file.content.length, offset + length));
    file.content.copy(content);
    bytes.copy(content, offset, 0, length);
    file.content = content;
    file.modified = this.now();
    if (isFailing) throw failure('EIO');
    if (length < bytes.length) throw failure('ENOSPC');
  }

  #open(name: string, guarded: Guard): ReadableFile {
    this.#attempt('read');
    const file = this.#file(name);
    return {
      read: guarded(async (into: Buffer, offset: number) => {
        this.#attempt('read');
        return file.content.copy(into, 0, offset, offset + into.length);
      }),
      close: guarded(async () => {}),
    };
  }

  #remove(name: string): void {
    this.#attempt('remove');
    const file = this.#files.get(name);
    if (file === undefined) return;
    this.#files.delete(name);
    if (file.linked) this.#unlinked.set(name, file);
  }

  #syncDirectory(): void {
    this.#attempt('syncDirectory');
    for (const file of this.#files.values()) file.linked = true;
    this.#unlinked.clear();
  }

  #file(name: string): FakeFile {
    const file = this.#files.get(name);
    if (file === undefined) throw failure('ENOENT');
    return file;
  }

  #attempt(operation: Operation): void {
    if (this.#takeFailure(operation)) throw failure('EIO');
  }

  #takeFailure(operation: Operation): boolean {
    const times = this.#failing.get(operation) ?? 0;
    if (times <= 0) return false;
    this.#failing.set(operation, times - 1);
    return true;
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}
