import { pathNames } from './plan/field.ts';
import type { Plan, PlanNode } from './plan/nodes.ts';

/**
 * The event paths that the condition of a plan tests, after mapping, sorted. Fields inside array selectors are given with the path of the array before
 * them. Keywords, which test every value, add nothing.
 */
export function testedFields(plan: Plan): readonly string[] {
  const fields = new Set<string>();
  collect(plan.root, plan, [''], fields);
  return Object.freeze([...fields].toSorted());
}

function collect(node: PlanNode, plan: Plan, prefixes: readonly string[], fields: Set<string>): void {
  switch (node.kind) {
    case 'And':
    case 'Or':
      for (const operand of node.operands) collect(operand, plan, prefixes, fields);
      return;
    case 'Not':
      collect(node.operand, plan, prefixes, fields);
      return;
    case 'Selection': {
      const selection = plan.selections[node.index];
      if (selection !== undefined) collect(selection.body, plan, prefixes, fields);
      return;
    }
    case 'Predicate':
      for (const name of under(prefixes, pathNames(node.field))) fields.add(name);
      if (node.matcher.kind === 'FieldValue')
        for (const name of under(prefixes, pathNames(node.matcher.field))) fields.add(name);
      return;
    case 'Elements':
      collect(node.body, plan, under(prefixes, pathNames(node.field)), fields);
      return;
    case 'Keyword':
    case 'Constant':
      return;
  }
}

function under(prefixes: readonly string[], names: readonly string[]): readonly string[] {
  return prefixes.flatMap((prefix) => names.map((name) => [prefix, name].filter((part) => part !== '').join('.')));
}
