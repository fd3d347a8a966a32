import type { Fingerprint, SourceCheckpoint } from '../checkpoint.ts';
import type { FileIdentity } from './file-identity.ts';

/** How many files that are gone are remembered: one may come back under another name. */
const REMEMBERED = 256;

/** Which files of a partition are known, and in which order they come. */
export class FileTable {
  readonly #generations = new Map<Fingerprint, number>();
  readonly #floor: number;
  #newest: number;

  constructor(checkpoint?: Pick<SourceCheckpoint, 'files' | 'floor' | 'position'>) {
    this.#floor = checkpoint?.floor ?? 0;
    this.#newest = Math.max(this.#floor, checkpoint?.position.generation ?? 0);
    for (const [fingerprint, generation] of checkpoint?.files ?? []) this.#set(fingerprint, generation);
  }

  generation(fingerprint: Fingerprint): number | undefined {
    return this.#generations.get(fingerprint);
  }

  fingerprint(generation: number): Fingerprint | undefined {
    for (const [fingerprint, known] of this.#generations) if (known === generation) return fingerprint;
    return undefined;
  }

  /** Takes in files, in the order in which they were written; those that are known keep their generation. */
  register(files: Iterable<Pick<FileIdentity, 'fingerprint' | 'firstMicros'>>): void {
    for (const { fingerprint, firstMicros } of files) {
      if (this.#generations.has(fingerprint)) continue;
      const isOld = firstMicros <= this.#floor;
      this.#set(fingerprint, isOld ? firstMicros : Math.max(this.#newest + 1, firstMicros));
    }
  }

  /** The content of a file was cut short and goes on: what follows is a new generation of the same fingerprint. */
  renew(fingerprint: Fingerprint): number {
    this.#set(fingerprint, this.#newest + 1);
    return this.#newest;
  }

  /** Known files that come after a generation, oldest first. */
  after(generation: number): readonly (readonly [Fingerprint, number])[] {
    return this.#sorted().filter(([, known]) => known > generation);
  }

  /** Forgets the oldest of the files that are gone and before the position, beyond a bound. */
  prune(present: ReadonlySet<Fingerprint>, generation: number): void {
    const gone = this.#sorted().filter(([fingerprint, known]) => known < generation && !present.has(fingerprint));
    for (const [fingerprint] of gone.slice(0, -REMEMBERED)) this.#generations.delete(fingerprint);
  }

  /** @param limit how many of the newest files are listed; all of them where it is not given. */
  checkpoint(limit = Number.POSITIVE_INFINITY): Pick<SourceCheckpoint, 'files' | 'floor'> {
    const files = this.#sorted();
    const omitted = Math.max(0, files.length - limit);
    return { files: files.slice(omitted), floor: Math.max(this.#floor, files[omitted - 1]?.[1] ?? 0) };
  }

  #set(fingerprint: Fingerprint, generation: number): void {
    this.#generations.set(fingerprint, generation);
    this.#newest = Math.max(this.#newest, generation);
  }

  #sorted(): (readonly [Fingerprint, number])[] {
    return [...this.#generations].sort(([, a], [, b]) => a - b);
  }
}
