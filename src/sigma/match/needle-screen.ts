/** Shorter needles let through too much. */
const MIN_LENGTH = 3;
/** Two characters of ASCII make a pair. */
const PAIRS = 1 << 14;

/**
 * Tells of most texts at a glance that no needle occurs in them, in any case (after Wu and Manber, 1994): looks at a pair of characters, and where no needle
 * has that pair, passes over as many as the shortest needle is long. Says true where it would have to look closer.
 */
export class NeedleScreen {
  readonly needles: readonly string[];
  /** How long the shortest needle is. */
  readonly window: number;
  /** For each pair: how far on the next one is to look at. */
  readonly #shifts: Uint8Array;
  /** Pairs that begin a needle. */
  readonly #begins = new Uint8Array(PAIRS);

  /** `undefined` where it would not help: needles that are short or not ASCII. @param needles in folded case. */
  static of(needles: readonly string[]): NeedleScreen | undefined {
    const window = needles.reduce((shortest, { length }) => Math.min(shortest, length), 255);
    // oxlint-disable-next-line no-control-regex -- ASCII
    const isAscii = needles.every((needle) => /^[\x00-\x7f]*$/.test(needle));
    return window < MIN_LENGTH || !isAscii ? undefined : new NeedleScreen(needles, window);
  }

  private constructor(needles: readonly string[], window: number) {
    this.needles = needles;
    this.window = window;
    this.#shifts = new Uint8Array(PAIRS).fill(window - 1);
    // Paths differ at their ends.
    for (const needle of needles.map((each) => each.slice(-window))) {
      for (const pair of cased(needle, 0)) this.#begins[pair] = 1;
      for (let at = 0; at < window - 1; at++) {
        for (const pair of cased(needle, at)) this.#shifts[pair] = Math.min(this.#shifts[pair] ?? 0, window - 2 - at);
      }
    }
  }

  /** @param text ASCII. */
  mayOccurIn(text: string): boolean {
    const back = this.window - 1;
    for (let at = back; at < text.length; ) {
      const shift = this.#shifts[pairOf(text.charCodeAt(at - 1), text.charCodeAt(at))] ?? 0;
      if (shift > 0) at += shift;
      else if (this.#begins[pairOf(text.charCodeAt(at - back), text.charCodeAt(at - back + 1))] === 1) return true;
      else at += 1;
    }
    return false;
  }

  /** @param bytes ASCII between the two places. */
  mayOccurAmong(bytes: Uint8Array, from: number, to: number): boolean {
    const back = this.window - 1;
    for (let at = from + back; at < to; ) {
      const shift = this.#shifts[pairOf(bytes[at - 1] ?? 0, bytes[at] ?? 0)] ?? 0;
      if (shift > 0) at += shift;
      else if (this.#begins[pairOf(bytes[at - back] ?? 0, bytes[at - back + 1] ?? 0)] === 1) return true;
      else at += 1;
    }
    return false;
  }
}

function pairOf(first: number, second: number): number {
  return (first << 7) | second;
}

/** The pair at a place, in every case. */
function cased(needle: string, at: number): readonly number[] {
  const [first, second] = [needle.charAt(at), needle.charAt(at + 1)];
  return [first, first.toUpperCase()].flatMap((a) =>
    [second, second.toUpperCase()].map((b) => pairOf(a.charCodeAt(0), b.charCodeAt(0))),
  );
}
