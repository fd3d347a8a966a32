import type { RuleSet, RuleSetEntry } from '../match/rule-set.ts';
import { LineView } from './line-view.ts';
import { ScannedLine } from './scanned-line.ts';
import { stageBits } from './stage-bits.ts';

/** Lines of a piece that cannot match. */
export interface PassedOver {
  readonly lines: number;
  /** Where they end, in bytes from the beginning of the piece. */
  readonly to: number;
  /** What follows: a line that may match, one whose stage is awaited, or no whole line. */
  readonly stop: 'may-match' | 'awaited' | 'rest';
}

/**
 * Decides from the bytes of an audit log's line whether it is worth parsing. One for each rule set and thread.
 *
 * `mayMatch` is false only where the event has verdict no-match for every rule: nothing that a caller can put into a string, and no order of keys, makes it
 * false for an event that a rule matches. It may be true for an event that none matches.
 */
export class LineScreen {
  /** The line at hand: what it tells where it `isReadable`. */
  readonly line = new ScannedLine();
  readonly #rules: RuleSet<RuleSetEntry>;
  readonly #view = new LineView(this.line);
  /** Stages at which no rule sees an event. */
  readonly #hidden: number;
  /** What is read by `passOver`. */
  #piece: Buffer | undefined;

  constructor(rules: RuleSet<RuleSetEntry>) {
    this.#rules = rules;
    this.#hidden = stageBits(exceptedByAll(rules.entries));
  }

  /** Whether the last line is of the form that is read; any other may match. */
  get isReadable(): boolean {
    return this.line.isReadable;
  }

  /** @param line the bytes of a line without its end, in UTF-8. They are read until the next call. */
  mayMatch(line: Buffer): boolean {
    this.#piece = undefined;
    this.line.scan(line, this.#hidden);
    return this.#couldMatch();
  }

  /** Takes in a piece of a log, to be passed over. */
  begin(piece: Buffer): void {
    this.#piece = piece;
    this.line.begin(piece);
  }

  /**
   * From so many bytes behind the beginning of a piece on, where a line begins, goes over the lines that cannot match. Stops at the first that may, and at one that
   * cannot while its stage is, or may be, one of those awaited. @param piece as it was when it was begun; @param awaited of `stageBits`
   */
  passOver(piece: Buffer, at: number, awaited: number): PassedOver {
    if (this.#piece !== piece) this.begin(piece);
    const stages = { hidden: this.#hidden, awaited };
    let lines = 0;
    for (let from = at; ; from = this.line.behind) {
      const isLine = this.line.passOver(from, stages, this.#rules.isWalkedBy(this.#view));
      lines += this.line.passed;
      if (!isLine) return { lines, to: this.line.from, stop: 'rest' };
      if (this.#couldMatch()) return { lines, to: this.line.from, stop: 'may-match' };
      if (this.line.isAwaited(awaited)) return { lines, to: this.line.from, stop: 'awaited' };
      lines += 1;
    }
  }

  #couldMatch(): boolean {
    return !this.line.isReadable || (!this.line.isHidden && this.#rules.couldMatch(this.#view));
  }
}

/** Stages that every rule excepts. */
function exceptedByAll([first, ...others]: readonly RuleSetEntry[]): ReadonlySet<string> {
  const excepted = new Set(first?.exceptStages);
  return others.reduce((stages, { exceptStages }) => stages.intersection(new Set(exceptStages)), excepted);
}
