import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailure } from '../failure.ts';
import { writing } from '../output/write-file.ts';

/** Names the files of a site, one a line, so that the next build can remove those that are no longer part of it. */
const LIST = '.sigma-operator-catalog';
/** Paths as a site has them: nothing leads out of the folder. */
const SITE_PATH = /^(?:[a-z0-9-]+\/)?[a-z0-9][a-z0-9.-]*$/;

/** A folder that holds a site and nothing else. Files that have not changed are not written. */
export class OutputFolder {
  readonly #root: string;
  readonly #before: ReadonlySet<string>;
  readonly #files = new Set<string>();
  #written = 0;

  private constructor(root: string, before: ReadonlySet<string>) {
    this.#root = root;
    this.#before = before;
  }

  /** Throws a CommandFailure where the folder holds anything else, or cannot be written. */
  static open(root: string): OutputFolder {
    return writing(root, () => {
      mkdirSync(root, { recursive: true });
      const list = join(root, LIST);
      if (!existsSync(list) && readdirSync(root).length > 0) throw new CommandFailure('OccupiedFolder', root);
      const before = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
      // From the first file on the folder is ours, also where the build breaks off.
      writeFileSync(list, before.join('\n'));
      return new OutputFolder(root, new Set(before.filter((path) => SITE_PATH.test(path))));
    });
  }

  write(path: string, text: string): void {
    const file = join(this.#root, path);
    this.#files.add(path);
    writing(file, () => {
      if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      this.#written++;
    });
  }

  /** Removes what an earlier build wrote and this one did not. */
  finish(): { readonly files: number; readonly written: number; readonly removed: number } {
    const gone = [...this.#before].filter((path) => !this.#files.has(path) && existsSync(join(this.#root, path)));
    writing(this.#root, () => {
      for (const path of gone) rmSync(join(this.#root, path));
      writeFileSync(join(this.#root, LIST), `${[...this.#files].toSorted().join('\n')}\n`);
    });
    return { files: this.#files.size, written: this.#written, removed: gone.length };
  }
}
