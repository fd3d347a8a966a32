import type { KeywordNode, PlanNode, PredicateNode } from '../../sigma/index.ts';

/** One of the predicates that a line of the detection became. */
export type ItemNode = PredicateNode | KeywordNode;

/** The predicates under a node, where all of them come from one line of the detection; else undefined. */
export function nodesOfItem(node: PlanNode): readonly ItemNode[] | undefined {
  const nodes = [...itemNodes(node)];
  const [first] = nodes;
  if (first === undefined || nodes.length !== countLeaves(node)) return undefined;
  return nodes.every((other) => isSameItem(other, first)) ? nodes : undefined;
}

function isSameItem(a: ItemNode, b: ItemNode): boolean {
  return a.item.selection === b.item.selection && a.item.key === b.item.key && a.place.offset === b.place.offset;
}

function* itemNodes(node: PlanNode): Generator<ItemNode> {
  if (node.kind === 'Predicate' || node.kind === 'Keyword') yield node;
  else if (node.kind === 'And' || node.kind === 'Or') for (const operand of node.operands) yield* itemNodes(operand);
}

function countLeaves(node: PlanNode): number {
  if (node.kind === 'And' || node.kind === 'Or')
    return node.operands.reduce((count, operand) => count + countLeaves(operand), 0);
  return 1;
}
