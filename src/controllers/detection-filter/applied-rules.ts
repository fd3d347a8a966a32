import type { FilterableRule } from '../../alerts/index.ts';
import { type CompiledFilter, filterApplies } from '../../sigma/index.ts';

/** The rules that a filter applies to. */
export interface AppliedRules {
  readonly count: number;
  /** In order; the first of many. */
  readonly names: readonly string[];
  /** What the filter names, and no rule goes by that it could apply to; the first of many. */
  readonly unknown: readonly string[];
}

/** Not above what `crds/detectionfilters.yaml` admits. */
const MAX_NAMES = 32;
const MAX_UNKNOWN = 16;

export function appliedRules(filter: CompiledFilter, rules: readonly FilterableRule[]): AppliedRules {
  const applies = (by: CompiledFilter) => rules.filter(({ id, compiled }) => filterApplies(by, compiled, [id]));
  const names = applies(filter)
    .map(({ id }) => id)
    .sort();
  const named = filter.rules === 'any' ? [] : filter.rules;
  const unknown = named.filter((text) => applies({ ...filter, rules: [text] }).length === 0);
  return { count: names.length, names: names.slice(0, MAX_NAMES), unknown: unknown.slice(0, MAX_UNKNOWN) };
}
