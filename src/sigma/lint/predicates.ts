import type { Plan, PlanNode, PredicateNode } from '../plan/nodes.ts';

/** Every field predicate of a plan's selections; those inside array selectors, which are about an element, are left out. */
export function* predicatesOf(plan: Plan): Generator<PredicateNode> {
  for (const { body } of plan.selections) yield* predicatesIn(body);
}

function* predicatesIn(node: PlanNode): Generator<PredicateNode> {
  switch (node.kind) {
    case 'And':
    case 'Or':
      for (const operand of node.operands) yield* predicatesIn(operand);
      return;
    case 'Not':
      yield* predicatesIn(node.operand);
      return;
    case 'Predicate':
      yield node;
      return;
    case 'Elements':
    case 'Keyword':
    case 'Constant':
    case 'Selection':
      return;
  }
}
