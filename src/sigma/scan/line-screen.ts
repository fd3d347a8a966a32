import type { RuleSet, RuleSetEntry } from '../match/rule-set.ts';
import { LineView } from './line-view.ts';
import { hiddenStages, ScannedLine } from './scanned-line.ts';

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
  #isReadable = false;

  constructor(rules: RuleSet<RuleSetEntry>) {
    this.#rules = rules;
    this.#hidden = hiddenStages(exceptedByAll(rules.entries));
  }

  /** Whether the last line is of the form that is read; any other may match. */
  get isReadable(): boolean {
    return this.#isReadable;
  }

  /** @param line the bytes of a line without its end, in UTF-8. They are read until the next call. */
  mayMatch(line: Buffer): boolean {
    this.#isReadable = this.line.scan(line, this.#hidden);
    return !this.#isReadable || (!this.line.isHidden && this.#rules.couldMatch(this.#view));
  }
}

/** Stages that every rule excepts. */
function exceptedByAll([first, ...others]: readonly RuleSetEntry[]): ReadonlySet<string> {
  const excepted = new Set(first?.exceptStages);
  return others.reduce((stages, { exceptStages }) => stages.intersection(new Set(exceptStages)), excepted);
}
