import type { AuditEvent } from '../audit/index.ts';
import { type CompiledRule, type FilterVerdict, filterApplies, filterVerdict, type Verdict } from '../sigma/index.ts';
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
  readonly #applying = new WeakMap<FilterableRule, readonly ActiveFilter[]>();

  constructor(filters: readonly ActiveFilter[]) {
    this.filters = Object.freeze([...filters]);
  }

  /** The filters that apply to a rule, in or out of effect. */
  of(rule: FilterableRule): readonly ActiveFilter[] {
    const known = this.#applying.get(rule);
    if (known !== undefined) return known;
    const applying = this.filters.filter(({ filter }) => filterApplies(filter, rule.compiled, [rule.id]));
    this.#applying.set(rule, applying);
    return applying;
  }

  /** What the filters make of a match of the rule alone: see `filterVerdict`. */
  judge(
    rule: FilterableRule,
    unfiltered: Exclude<Verdict, 'no-match'>,
    event: AuditEvent,
    bodiesUnknown: boolean,
  ): FilterVerdict {
    const applying = this.of(rule);
    if (applying.length === 0) return { verdict: unfiltered, suppressedBy: [] };
    const inEffect = applying.filter((filter) => isInEffect(filter, event));
    return filterVerdict(unfiltered, inEffect, event, { bodiesUnknown });
  }
}
