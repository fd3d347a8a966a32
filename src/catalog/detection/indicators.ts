import type { Plan, PlanNode } from '../../sigma/index.ts';
import { combinationKey } from './combination.ts';
import { type DetectionItem, detectionItems, elementsPath } from './detection-item.ts';
import { nodesOfItem } from './item-nodes.ts';

/** What a rule looks for, or looks away from: a field, a kind of comparison and values. */
export interface Indicator extends DetectionItem {
  /** It stands under an odd number of negations: an exclusion. */
  readonly excluded: boolean;
  /** The selections that have it. */
  readonly selections: readonly string[];
  /** Equal for indicators that look for the same combination. */
  readonly key: string;
}

/** The indicators of a plan, each combination once, in the order of the condition. Selections that the condition does not use have no part in it. */
export function indicatorsOf(plan: Plan): readonly Indicator[] {
  const found = new Map<string, Indicator>();
  for (const { item, excluded, selection } of itemsIn(plan.root, plan, {
    excluded: false,
    within: '',
    selection: '',
  })) {
    const key = combinationKey(item, excluded);
    const known = found.get(key)?.selections ?? [];
    const selections = known.includes(selection) ? known : [...known, selection];
    found.set(key, { ...(found.get(key) ?? { ...item, excluded, key }), selections });
  }
  return [...found.values()];
}

interface Context {
  readonly excluded: boolean;
  /** The array whose elements are looked at. */
  readonly within: string;
  readonly selection: string;
}

interface FoundItem {
  readonly item: DetectionItem;
  readonly excluded: boolean;
  readonly selection: string;
}

function* itemsIn(node: PlanNode, plan: Plan, context: Context): Generator<FoundItem> {
  const items = nodesOfItem(node);
  if (items !== undefined) {
    const { excluded, selection, within } = context;
    for (const item of detectionItems(items, within)) yield { item, excluded, selection };
    return;
  }
  switch (node.kind) {
    case 'And':
    case 'Or':
      for (const operand of node.operands) yield* itemsIn(operand, plan, context);
      return;
    case 'Not':
      yield* itemsIn(node.operand, plan, { ...context, excluded: !context.excluded });
      return;
    case 'Selection': {
      const selection = plan.selections[node.index];
      if (selection !== undefined) yield* itemsIn(selection.body, plan, { ...context, selection: selection.name });
      return;
    }
    case 'Elements': {
      const none = node.quantifier === 'none';
      const excluded = context.excluded !== none;
      yield* itemsIn(node.body, plan, { ...context, excluded, within: elementsPath(node, context.within) });
      return;
    }
    case 'Predicate':
    case 'Keyword':
    case 'Constant':
      return;
  }
}
