import { type ActiveRule, activeRule } from '../../alerts/index.ts';
import { applyFilters, filterApplies } from '../../sigma/index.ts';
import type { LoadedFilter, LoadedRule, LoadedRules } from '../rules/load-rules.ts';

/** A rule that a scan runs, under the filters that apply to it. */
export interface ScanRule extends ActiveRule {
  readonly loaded: LoadedRule;
}

/** Which of the loaded rules run. */
export interface ScanRules {
  readonly rules: readonly ScanRule[];
  /** Rules for other products, which cannot match audit events. */
  readonly otherLogsource: number;
  /** Rules with `mode: Off`. */
  readonly off: number;
}

export function scanRules({ rules, filters }: LoadedRules, anyLogsource: boolean): ScanRules {
  const on = rules.filter(({ off }) => !off);
  const routed = on.filter(({ compiled }) => anyLogsource || compiled.appliesToKubernetesAudit);
  return {
    rules: routed.map((rule) => scanRule(rule, filters)),
    otherLogsource: on.length - routed.length,
    off: rules.length - on.length,
  };
}

/** A loaded rule under those of the filters that apply to it. */
export function scanRule(loaded: LoadedRule, filters: readonly LoadedFilter[]): ScanRule {
  const { name, compiled, choices } = loaded;
  const applying = filters.filter(({ compiled: filter }) => filterApplies(filter, compiled, [name]));
  const named = applying.map((filter) => ({ name: filter.name, filter: filter.compiled }));
  const filtered = named.length === 0 ? compiled : applyFilters(compiled, named);
  return { ...activeRule(name, '', filtered, choices, []), loaded };
}
