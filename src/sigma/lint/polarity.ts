import type { Plan, PlanNode } from '../plan/nodes.ts';

/** `positive`: the rule sees no less when the selection holds more often; `negative`: it sees no more; `both`: either. */
export type Polarity = 'positive' | 'negative' | 'both';

/** How the condition uses each selection that it names. */
export function polaritiesOf(plan: Plan): ReadonlyMap<string, Polarity> {
  const polarities = new Map<string, Polarity>();
  visit(plan.root, 'positive', polarities);
  return polarities;
}

function visit(node: PlanNode, polarity: 'positive' | 'negative', polarities: Map<string, Polarity>): void {
  switch (node.kind) {
    case 'And':
    case 'Or':
      for (const operand of node.operands) visit(operand, polarity, polarities);
      return;
    case 'Not':
      visit(node.operand, polarity === 'positive' ? 'negative' : 'positive', polarities);
      return;
    case 'Selection': {
      const known = polarities.get(node.name);
      polarities.set(node.name, known === undefined || known === polarity ? polarity : 'both');
      return;
    }
    case 'Constant':
    case 'Predicate':
    case 'Keyword':
    case 'Elements':
      return;
    default:
      node satisfies never;
  }
}
