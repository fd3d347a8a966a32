import type { Plan, PlanNode, PredicateNode } from '../plan/nodes.ts';
import { childrenOf } from '../plan/size.ts';

/** Every field predicate of a plan's selections; those inside array selectors, which are about an element, are left out. */
export function* predicatesOf(plan: Plan): Generator<PredicateNode> {
  for (const { body } of plan.selections) yield* predicatesIn(body);
}

function* predicatesIn(node: PlanNode): Generator<PredicateNode> {
  if (node.kind === 'Predicate') yield node;
  else if (node.kind !== 'Elements') for (const child of childrenOf(node)) yield* predicatesIn(child);
}
