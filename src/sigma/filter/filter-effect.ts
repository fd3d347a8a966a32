import type { PlanNode } from '../plan/nodes.ts';
import type { FilterEffect } from './filter.ts';

/** Decides what a filter does by evaluating its condition with every selection false. */
export function filterEffect(condition: PlanNode): FilterEffect {
  return holdsForNothing(condition) ? 'Removes' : 'KeepOnly';
}

function holdsForNothing(node: PlanNode): boolean {
  switch (node.kind) {
    case 'And':
      return node.operands.every(holdsForNothing);
    case 'Or':
      return node.operands.some(holdsForNothing);
    case 'Not':
      return !holdsForNothing(node.operand);
    case 'Constant':
      return node.value;
    case 'Selection':
    case 'Predicate':
    case 'Keyword':
    case 'Elements':
      return false;
    default:
      return node satisfies never;
  }
}
