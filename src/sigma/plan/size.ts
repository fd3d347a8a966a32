import type { PlanNode } from './nodes.ts';

/** Sizes by node, so that a node that is shared is counted without being walked again. */
const SIZES = new WeakMap<PlanNode, number>();

/** The number of nodes in a tree, a shared node counted each time. */
export function sizeOf(node: PlanNode): number {
  const children = childrenOf(node);
  if (children.length === 0) return 1;
  let size = SIZES.get(node);
  if (size === undefined) {
    size = 1 + children.reduce((sum, child) => sum + sizeOf(child), 0);
    SIZES.set(node, size);
  }
  return size;
}

/** The nodes directly below a node; a Selection node has none of its own. */
export function childrenOf(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'And':
    case 'Or':
      return node.operands;
    case 'Not':
      return [node.operand];
    case 'Elements':
      return [node.body];
    case 'Constant':
    case 'Selection':
    case 'Predicate':
    case 'Keyword':
      return [];
    default:
      return node satisfies never;
  }
}
