import type { CompiledRule } from '../compile.ts';
import { deepFreeze } from '../freeze.ts';
import type { Plan, PlanNode, Selection } from '../plan/nodes.ts';
import { testedFields } from '../tested-fields.ts';
import type { CompiledFilter } from './filter.ts';

/** A filter under the name by which it is reported (the DetectionFilter). */
export interface NamedFilter {
  readonly name: string;
  readonly filter: CompiledFilter;
}

/** A rule and the filters on it. Its plan is the rule and every filter's condition; what came from which filter stays known. */
export interface FilteredRule extends CompiledRule {
  /** The rule without the filters. */
  readonly unfiltered: CompiledRule;
  readonly filters: readonly NamedFilter[];
}

/**
 * The rule under the filters, in their order. Selections of a filter are renamed to `name/selection` for explain; no condition can capture them, since
 * conditions are resolved already. Places in the nodes of a filter are places in the filter's source.
 */
export function applyFilters(rule: CompiledRule, filters: readonly NamedFilter[]): FilteredRule {
  const selections: Selection[] = [...rule.plan.selections];
  const operands: PlanNode[] = [rule.plan.root];
  for (const { name, filter } of filters) {
    operands.push(moved(filter.plan.root, selections.length, name));
    for (const selection of filter.plan.selections)
      selections.push({ ...selection, name: `${name}/${selection.name}` });
  }
  const { place } = rule.plan.root;
  const root: PlanNode = operands.length === 1 ? rule.plan.root : { kind: 'And', operands, place };
  const plan = deepFreeze<Plan>({ kind: 'Plan', root, selections });
  return Object.freeze({
    ...rule,
    plan,
    testedFields: testedFields(plan),
    unfiltered: rule,
    filters: Object.freeze([...filters]),
  });
}

/** A condition whose selections stand `by` further in the plan. */
function moved(node: PlanNode, by: number, prefix: string): PlanNode {
  switch (node.kind) {
    case 'And':
    case 'Or':
      return { ...node, operands: node.operands.map((operand) => moved(operand, by, prefix)) };
    case 'Not':
      return { ...node, operand: moved(node.operand, by, prefix) };
    case 'Selection':
      return { ...node, index: node.index + by, name: `${prefix}/${node.name}` };
    case 'Constant':
    case 'Predicate':
    case 'Keyword':
    case 'Elements':
      return node;
    default:
      return node satisfies never;
  }
}
