/** With more UTF-16 units of needles a finder would be too large. */
export const MAX_FINDER_UNITS = 16 * 1024;

/**
 * Finds which of many needles occur in a text, in one pass over it (Aho and Corasick, 1975). The table has one row for each prefix of a needle and one
 * column for each character that needles have.
 */
export class NeedleFinder {
  /** Column of each character; 0 for those of no needle. */
  readonly #columns = new Uint16Array(0x10000);
  readonly #width: number;
  readonly #next: Int32Array;
  /** For each row, the needles that end there, those of shorter suffixes included. */
  readonly #ending: (readonly number[])[] = [[]];
  /** For each row the one needle that ends there, or -1, or -2 for several. */
  readonly #ends: Int32Array;
  /** Column of each character of ASCII, upper case as lower case. */
  readonly #anyCase: Uint16Array;

  /** @param needles none of them empty. */
  constructor(needles: readonly string[]) {
    let units = 0;
    let width = 1;
    for (const needle of needles) {
      units += needle.length;
      for (let i = 0; i < needle.length; i++) {
        const code = needle.charCodeAt(i);
        if (this.#columns[code] === 0) this.#columns[code] = width++;
      }
    }
    this.#width = width;
    this.#next = new Int32Array((units + 1) * this.#width);
    for (const [i, needle] of needles.entries()) this.#add(needle, i);
    this.#link();
    this.#ends = Int32Array.from(this.#ending, ([first = -1, second]) => (second === undefined ? first : -2));
    this.#anyCase = this.#columns.slice(0, 0x80);
    for (let code = 0x41; code <= 0x5a; code++) this.#anyCase[code] = this.#columns[code + 0x20] ?? 0;
  }

  /**
   * Which needle occurs, in any case: its position, -1 where none does, -2 where several do. Needles have to be in folded case.
   * @param bytes ASCII between the two places.
   */
  findAmong(bytes: Uint8Array, from: number, to: number): number {
    let found = -1;
    let row = 0;
    for (let at = from; at < to; at++) {
      row = this.#next[row * this.#width + (this.#anyCase[bytes[at] ?? 0] ?? 0)] ?? 0;
      const ends = this.#ends[row] ?? -1;
      if (ends === -1 || ends === found) continue;
      if (found !== -1 || ends === -2) return -2;
      found = ends;
    }
    return found;
  }

  /** The positions of the needles that occur, each once. */
  find(text: string): ReadonlySet<number> {
    const found = new Set<number>();
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const column = this.#columns[text.charCodeAt(i)] ?? 0;
      row = column === 0 ? 0 : (this.#next[row * this.#width + column] ?? 0);
      if (row !== 0) for (const needle of this.#ending[row] ?? []) found.add(needle);
    }
    return found;
  }

  #add(needle: string, position: number): void {
    let row = 0;
    for (let i = 0; i < needle.length; i++) {
      const cell = row * this.#width + (this.#columns[needle.charCodeAt(i)] ?? 0);
      row = this.#next[cell] ?? 0;
      if (row === 0) {
        row = this.#ending.length;
        this.#ending.push([]);
        this.#next[cell] = row;
      }
    }
    this.#ending[row] = [...(this.#ending[row] ?? []), position];
  }

  /** Completes the rows, nearest to the root first: where a needle does not go on, its longest suffix that is a prefix of a needle may. */
  #link(): void {
    const suffix = new Int32Array(this.#ending.length);
    const pending = [0];
    for (let i = 0; i < pending.length; i++) {
      const row = pending[i] ?? 0;
      const fallback = suffix[row] ?? 0;
      for (let column = 1; column < this.#width; column++) {
        const cell = row * this.#width + column;
        const child = this.#next[cell] ?? 0;
        const other = row === 0 ? 0 : (this.#next[fallback * this.#width + column] ?? 0);
        if (child === 0) {
          this.#next[cell] = other;
          continue;
        }
        suffix[child] = other;
        this.#ending[child] = [...(this.#ending[child] ?? []), ...(this.#ending[other] ?? [])];
        pending.push(child);
      }
    }
  }
}
