type Settled = (contents: readonly Buffer[], safe: boolean) => void;

interface Group {
  readonly contents: Buffer[];
  bytes: number;
  readonly done: PromiseWithResolvers<void>;
  /** Resolves when the group is taken for writing. */
  readonly taken: PromiseWithResolvers<void>;
}

/** Collects what is appended while something else is being written, and then writes all of it at once. */
export class GroupCommit {
  readonly #capacity: number;
  readonly #write: (contents: readonly Buffer[]) => Promise<void>;
  #listener: Settled = () => {};
  #pending = newGroup();
  #writing: Group | undefined;
  #failures = 0;

  /** @param capacity bytes that may wait; @param write one call at a time */
  constructor(capacity: number, write: (contents: readonly Buffer[]) => Promise<void>) {
    this.#capacity = capacity;
    this.#write = write;
  }

  /** How often writing failed. Whatever was added before such a moment, and not safe, is lost. */
  get failures(): number {
    return this.#failures;
  }

  /** Bytes that were added and are not safe yet. */
  get pendingBytes(): number {
    return this.#pending.bytes + (this.#writing?.bytes ?? 0);
  }

  onSettled(listener: Settled): void {
    this.#listener = listener;
  }

  /** A promise where no more should be added for now. */
  add(content: Buffer, bytes: number): Promise<void> | undefined {
    const group = this.#pending;
    group.contents.push(content);
    group.bytes += bytes;
    if (this.#writing === undefined) void this.#run();
    return group.bytes >= this.#capacity ? group.taken.promise : undefined;
  }

  /** Resolves once everything that was added is safe; rejects where it is not. */
  async flushed(): Promise<void> {
    await (this.#pending.contents.length > 0 ? this.#pending : this.#writing)?.done.promise;
  }

  /** Resolves once nothing is being written. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing.done.promise.catch(() => {});
  }

  async #run(): Promise<void> {
    while (this.#pending.contents.length > 0) {
      const group = this.#pending;
      this.#writing = group;
      this.#pending = newGroup();
      group.taken.resolve();
      try {
        await this.#write(group.contents);
        this.#listener(group.contents, true);
        group.done.resolve();
      } catch (error) {
        this.#fail(group, error);
      }
    }
    this.#writing = undefined;
  }

  /** What was added meanwhile fails as well: it may rely on what is lost now. */
  #fail(group: Group, error: unknown): void {
    this.#failures += 1;
    const later = this.#pending;
    this.#pending = newGroup();
    later.taken.resolve();
    for (const { contents, done } of [group, later]) {
      if (contents.length > 0) this.#listener(contents, false);
      done.reject(error);
    }
  }
}

function newGroup(): Group {
  const group = {
    contents: [],
    bytes: 0,
    done: Promise.withResolvers<void>(),
    taken: Promise.withResolvers<void>(),
  };
  // Whoever waits hears of a failure; nobody has to wait.
  group.done.promise.catch(() => {});
  return group;
}
