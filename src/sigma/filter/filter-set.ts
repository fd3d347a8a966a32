import type { EvaluateOptions, Verdict } from '../evaluate/evaluate.ts';
import { RuleSet, type RuleSetEntry } from '../match/rule-set.ts';
import type { NamedFilter } from './apply-filters.ts';

/** What filters make of an event. */
export interface FilterVerdict {
  /** The rule under its filters. */
  readonly verdict: Verdict;
  /** Names of the filters that suppressed the event: those whose condition is definitely false; empty where the rule itself does not match. */
  readonly suppressedBy: readonly string[];
}

interface Entry<F> extends RuleSetEntry {
  readonly filter: F;
}

/** The filters on a rule, compiled together. Immutable. */
export class FilterSet<F extends NamedFilter> {
  readonly filters: readonly F[];
  readonly #set: RuleSet<Entry<F>>;

  constructor(filters: readonly F[]) {
    this.filters = filters;
    this.#set = RuleSet.of(filters.map((filter, index) => ({ id: String(index), plan: filter.filter.plan, filter })));
  }

  /**
   * Says what the filters make of an event for which the rule alone has the verdict `unfiltered`. A filter whose condition is unknown suppresses nothing: the
   * event stays, undetermined (padding an object must not hide it behind a filter). @param isInEffect filters for which it is false are passed over
   */
  judge(
    unfiltered: Verdict,
    event: object,
    options: EvaluateOptions = {},
    isInEffect: (filter: F) => boolean = () => true,
  ): FilterVerdict {
    if (unfiltered === 'no-match' || this.filters.length === 0) return { verdict: unfiltered, suppressedBy: [] };
    const inEffect = this.filters.filter(isInEffect);
    const verdicts = new Map(this.#set.match(event, options).map(({ entry, verdict }) => [entry.filter, verdict]));
    const suppressedBy = inEffect.filter((filter) => !verdicts.has(filter)).map(({ name }) => name);
    if (suppressedBy.length > 0) return { verdict: 'no-match', suppressedBy };
    const undetermined = inEffect.some((filter) => verdicts.get(filter) === 'undetermined');
    return { verdict: undetermined ? 'undetermined' : unfiltered, suppressedBy };
  }
}
