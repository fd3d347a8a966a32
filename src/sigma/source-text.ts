import { replaceInvisible } from './visible-text.ts';

/** A range of a source text. Offsets and lengths in UTF-16 units; line and column count from 1. */
export interface Place {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
}

const EXCERPT_WIDTH = 100;

/** A source text that knows its lines. */
export class SourceText {
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#lineStarts = lineStarts(text);
  }

  /** The place of [start, end), moved inside the text where it is not. */
  place(start: number, end: number = start): Place {
    const offset = Math.min(Math.max(start, 0), this.text.length);
    const length = Math.min(Math.max(end, offset), this.text.length) - offset;
    const index = this.#lineIndex(offset);
    return Object.freeze({ offset, length, line: index + 1, column: offset - this.#lineStart(index) + 1 });
  }

  /** The line of a place with carets under it; control characters are made visible, long lines cut on both sides. */
  excerpt(place: Place): string {
    const index = place.line - 1;
    const start = this.#lineStart(index);
    const line = this.text.slice(start, this.#lineStarts[index + 1] ?? this.text.length).replace(/[\r\n]+$/, '');
    const column = place.column - 1;
    const from = column < EXCERPT_WIDTH - 20 ? 0 : column - EXCERPT_WIDTH / 2;
    const shown = line.slice(from, from + EXCERPT_WIDTH);
    const marked = Math.max(1, Math.min(place.length, shown.length - (column - from)));
    const gutter = String(place.line);
    const before = from > 0 ? '…' : '';
    const after = from + EXCERPT_WIDTH < line.length ? '…' : '';
    return (
      `${gutter} | ${before}${replaceInvisible(shown)}${after}\n` +
      `${' '.repeat(gutter.length)} | ${' '.repeat(before.length + column - from)}${'^'.repeat(marked)}`
    );
  }

  #lineStart(index: number): number {
    return this.#lineStarts[index] ?? 0;
  }

  #lineIndex(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStart(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where lines begin, behind LF, CR, or both. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  if (text.includes('\r')) {
    for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
  } else {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  }
  return starts;
}
