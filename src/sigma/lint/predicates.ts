import type { Plan, PlanNode, PredicateNode } from '../plan/nodes.ts';
import { childrenOf } from '../plan/size.ts';

/** A predicate as the condition reaches it. */
export interface ReachedPredicate {
  readonly predicate: PredicateNode;
  /** An odd number of `not` stands above it: it takes events away. */
  readonly negated: boolean;
}

/**
 * Every predicate that the condition of a plan reaches, once for each sign; those inside array selectors, which are about an element, are left out.
 */
export function predicatesOf(plan: Plan): readonly ReachedPredicate[] {
  const reached: ReachedPredicate[] = [];
  const seen = new Set<string>();
  const visit = (node: PlanNode, negated: boolean): void => {
    switch (node.kind) {
      case 'Predicate':
        reached.push({ predicate: node, negated });
        return;
      case 'Elements':
        return;
      case 'Not':
        visit(node.operand, !negated);
        return;
      case 'Selection': {
        const selection = plan.selections[node.index];
        const key = `${node.index} ${negated}`;
        if (selection === undefined || seen.has(key)) return;
        seen.add(key);
        visit(selection.body, negated);
        return;
      }
      default:
        for (const child of childrenOf(node)) visit(child, negated);
    }
  };
  visit(plan.root, false);
  return reached;
}

/** The same without the signs, each predicate once. */
export function reachedPredicates(plan: Plan): readonly PredicateNode[] {
  return [...new Set(predicatesOf(plan).map(({ predicate }) => predicate))];
}
