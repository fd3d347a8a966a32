import { activeRule, type CompiledRoot, FiltersInForce, type RuleChoices, RulesInForce } from '../../alerts/index.ts';
import { applyFilters, type CompiledRule, filterApplies } from '../../sigma/index.ts';
import type { LoadedFilter, LoadedRule, LoadedRules } from '../rules/loaded.ts';

/** The rules that a scan runs, under the filters that apply to them. */
export interface ScanRules {
  readonly inForce: RulesInForce;
  /** The file of a rule, by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** Rules for other products, which cannot match audit events. */
  readonly otherLogsource: number;
  /** Rules with `mode: Off`. */
  readonly off: number;
}

interface Candidate {
  readonly name: string;
  readonly file: string;
  readonly root: CompiledRoot;
  readonly choices: RuleChoices;
  readonly off: boolean;
}

/** What a scan needs of a rule. */
export type LoadedScanRule = Pick<LoadedRule, 'name' | 'file' | 'compiled' | 'choices' | 'off'>;

export function scanRules(loaded: LoadedRules<LoadedScanRule>, anyLogsource: boolean, everyEvent: boolean): ScanRules {
  const candidates = candidatesOf(loaded);
  const on = candidates.filter(({ off }) => !off);
  const routed = on.filter(({ root }) => anyLogsource || appliesToKubernetesAudit(root));
  return {
    inForce: RulesInForce.of(
      routed.map(({ name, root, choices }) => activeRule(name, '', root, choices, [])),
      { stages: everyEvent ? 'all' : 'counted', filters: filtersOf(loaded) },
    ),
    files: new Map(candidates.map(({ name, file }) => [name, file])),
    otherLogsource: on.length - routed.length,
    off: candidates.length - on.length,
  };
}

/** A rule under those of the filters that apply to it. @param name by which filters may name it, too. */
export function filtered(rule: CompiledRule, name: string, filters: readonly LoadedFilter[]): CompiledRule {
  const applying = filters.filter(({ compiled }) => filterApplies(compiled, rule, [name]));
  if (applying.length === 0) return rule;
  return applyFilters(
    rule,
    applying.map((filter) => ({ name: filter.name, filter: filter.compiled })),
  );
}

function filtersOf({ filters }: Pick<LoadedRules, 'filters'>): FiltersInForce {
  return new FiltersInForce(filters.map(({ name, compiled, expiresAt }) => ({ name, filter: compiled, expiresAt })));
}

function candidatesOf({ rules, correlations }: LoadedRules<LoadedScanRule>): readonly Candidate[] {
  return [
    ...rules.map(({ compiled, ...rule }): Candidate => ({ ...rule, root: { kind: 'rule', rule: compiled } })),
    ...correlations.map(
      ({ compiled, ...correlation }): Candidate => ({
        ...correlation,
        root: { kind: 'correlation', correlation: compiled },
      }),
    ),
  ];
}

function appliesToKubernetesAudit(root: CompiledRoot): boolean {
  if (root.kind === 'rule') return root.rule.appliesToKubernetesAudit;
  return root.correlation.sources.some(({ rule }) => rule.appliesToKubernetesAudit);
}
