import type { RuleSet, RuleSetEntry } from '../match/rule-set.ts';
import { LineView } from './line-view.ts';
import { ScannedLine } from './scanned-line.ts';

/**
 * Decides from the bytes of an audit log's line whether it is worth parsing. One for each rule set and thread.
 *
 * `mayMatch` is false only where the event has verdict no-match for every rule: nothing that a caller can put into a string, and no order of keys, makes it
 * false for an event that a rule matches. It may be true for an event that none matches.
 */
export class LineScreen {
  readonly #rules: RuleSet<RuleSetEntry>;
  readonly #keep: (line: ScannedLine) => boolean;
  readonly #line = new ScannedLine();
  readonly #view = new LineView(this.#line);

  /** @param keep lines to let through whatever the rules say. The line is read only during the call. */
  constructor(rules: RuleSet<RuleSetEntry>, keep: (line: ScannedLine) => boolean = () => false) {
    this.#rules = rules;
    this.#keep = keep;
  }

  /** @param line the bytes of a line without its end, in UTF-8. */
  mayMatch(line: Buffer): boolean {
    if (!this.#line.scan(line) || this.#keep(this.#line)) return true;
    return this.#rules.couldMatch(this.#view);
  }
}
