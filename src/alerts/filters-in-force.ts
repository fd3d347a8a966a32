import type { AuditEvent } from '../audit/index.ts';
import { type CompiledRule, FilterSet, type FilterVerdict, filterApplies, type Verdict } from '../sigma/index.ts';
import { type ActiveFilter, isInEffect } from './active-filter.ts';
import type { CompiledRoot } from './active-rule.ts';

/** A rule as filters know it. */
export interface FilterableRule {
  /** The DetectionRule's name; of a rule inside a correlation the correlation's and its own. */
  readonly id: string;
  readonly compiled: CompiledRule;
}

/** What filters may apply to of a DetectionRule: a correlation has no events of its own, but the rules inside it do. */
export function filterableRules(name: string, root: CompiledRoot): readonly FilterableRule[] {
  if (root.kind === 'rule') return [{ id: name, compiled: root.rule }];
  return root.correlation.sources
    .filter(({ origin }) => origin === 'inside')
    .map(({ key, rule }) => ({ id: key, compiled: rule }));
}

/** All filters that run at a moment. Immutable. */
export class FiltersInForce {
  static readonly NONE = new FiltersInForce([]);

  readonly filters: readonly ActiveFilter[];
  readonly #applying = new WeakMap<FilterableRule, FilterSet<ActiveFilter>>();

  constructor(filters: readonly ActiveFilter[]) {
    this.filters = Object.freeze([...filters]);
  }

  /** What the filters make of a match of the rule alone. */
  judge(
    rule: FilterableRule,
    unfiltered: Exclude<Verdict, 'no-match'>,
    event: AuditEvent,
    bodiesUnknown: boolean,
  ): FilterVerdict {
    return this.#on(rule).judge(unfiltered, event, { bodiesUnknown }, (filter) => isInEffect(filter, event));
  }

  /** Those that apply to a rule, in or out of effect; compiled when it matches for the first time. */
  #on(rule: FilterableRule): FilterSet<ActiveFilter> {
    const known = this.#applying.get(rule);
    if (known !== undefined) return known;
    const set = new FilterSet(this.filters.filter(({ filter }) => filterApplies(filter, rule.compiled, [rule.id])));
    this.#applying.set(rule, set);
    return set;
  }
}
