import { displayText } from '../../alerts/index.ts';
import { countText } from './quantities.ts';
import type { Output } from './terminal.ts';

/** What a long-running command has done so far. */
export interface ProgressState {
  /** Bytes read, as stored. */
  readonly bytes: number;
  /** Bytes in all; undefined where that is not known (standard input). */
  readonly totalBytes: number | undefined;
  readonly events: number;
  readonly matches: number;
  /** What is being read. */
  readonly file: string;
}

const INTERVAL_MS = 100;
const WIDTH = 24;

/** A line on the terminal that says how far a scan is; draws nothing where nobody watches. */
export class ProgressBar {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #start: number;
  #drawn = false;
  #next: number;

  /** @param now a clock in ms. */
  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#start = now();
    // Nothing flashes up for what is done at once.
    this.#next = this.#start + 2 * INTERVAL_MS;
  }

  /** Draws now and then; cheap to call often. */
  update(state: ProgressState): void {
    if (!this.#output.interactive) return;
    const now = this.#now();
    if (now < this.#next) return;
    this.#next = now + INTERVAL_MS;
    this.#drawn = true;
    this.#output.write(`\r\x1b[2K${progressLine(state, (now - this.#start) / 1000, this.#output.columns - 1)}`);
  }

  /** Takes the line away, to be called before anything else is written. */
  clear(): void {
    if (this.#drawn) this.#output.write('\r\x1b[2K');
    this.#drawn = false;
  }
}

/** One line of at most `columns` characters. */
function progressLine(state: ProgressState, seconds: number, columns: number): string {
  const { bytes, totalBytes, events, matches, file } = state;
  const rate = seconds > 0 ? `${countText(Math.round(events / seconds))} events/s` : '';
  const numbers = `${countText(events)} events, ${countText(matches)} matches, ${rate}`;
  const shares = totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, bytes / totalBytes);
  const bar = shares === undefined ? '' : `${barOf(shares)} ${String(Math.floor(shares * 100)).padStart(3)} %  `;
  const characters = Array.from(`${bar}${numbers}  ${displayText(file, 1000)}`);
  return characters.length <= columns ? characters.join('') : `${characters.slice(0, columns - 1).join('')}…`;
}

function barOf(share: number): string {
  const filled = Math.round(share * WIDTH);
  return '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
}
