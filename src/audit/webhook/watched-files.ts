import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { SourceError } from '../source.ts';
import { sourceError } from '../system-error.ts';

/**
 * What is in some small files, and what it is after they were replaced. While they cannot be read, or make no sense
 * together, as between the replacement of a certificate and that of its key, what was last right goes on.
 */
export class WatchedFiles<T> {
  readonly #paths: readonly string[];
  readonly #parse: (contents: readonly Buffer[]) => T;
  readonly #mayBeMissing: boolean;
  #contents: readonly Buffer[];
  #value: T;
  #error: SourceError | undefined;
  #timer: { cancel(): void } | undefined;

  /**
   * Rejects where they cannot be read or parsed the first time.
   *
   * @param mayBeMissing a file that is not there is as good as an empty one
   */
  static async open<T>(
    paths: readonly string[],
    parse: (contents: readonly Buffer[]) => T,
    mayBeMissing = false,
  ): Promise<WatchedFiles<T>> {
    const contents = await readAll(paths, mayBeMissing);
    return new WatchedFiles(paths, parse, mayBeMissing, contents, parse(contents));
  }

  private constructor(
    paths: readonly string[],
    parse: (contents: readonly Buffer[]) => T,
    mayBeMissing: boolean,
    contents: readonly Buffer[],
    value: T,
  ) {
    this.#paths = paths;
    this.#parse = parse;
    this.#mayBeMissing = mayBeMissing;
    this.#contents = contents;
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Why what is in the files now is not used. */
  get error(): SourceError | undefined {
    return this.#error;
  }

  /** Looks whether they were replaced, and takes what is in them. Does not reject. Returns whether anything changed. */
  async refresh(): Promise<boolean> {
    try {
      const contents = await readAll(this.#paths, this.#mayBeMissing);
      const isSame = contents.every((content, i) => this.#contents[i]?.equals(content));
      if (!isSame) this.#value = this.#parse(contents);
      this.#contents = contents;
      this.#error = undefined;
      return !isSame;
    } catch (error) {
      this.#error = sourceError(error);
      return false;
    }
  }

  /** Refreshes now and then, until `close`. */
  watch(everyMs: number, clock: Clock, onChange: (value: T) => void): void {
    this.#timer = clock.setTimer(everyMs, () => {
      void this.refresh().then((changed) => {
        if (this.#timer === undefined) return;
        if (changed) onChange(this.#value);
        this.watch(everyMs, clock, onChange);
      });
    });
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

async function readAll(paths: readonly string[], mayBeMissing: boolean): Promise<readonly Buffer[]> {
  return await Promise.all(
    paths.map(async (path) => {
      try {
        return await readFile(path);
      } catch (error) {
        if (mayBeMissing && sourceError(error).code === 'ENOENT') return Buffer.alloc(0);
        throw error;
      }
    }),
  );
}
