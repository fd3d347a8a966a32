import type { Place } from '../source-text.ts';
import type { PlanNode } from './nodes.ts';

/** And of the operands; one alone is itself. */
export function all(operands: readonly PlanNode[], place: Place): PlanNode {
  const [only] = operands;
  if (only === undefined) return { kind: 'Constant', value: true, place };
  return operands.length === 1 ? only : { kind: 'And', operands, place };
}

/** Or of the operands; one alone is itself. */
export function any(operands: readonly PlanNode[], place: Place): PlanNode {
  const [only] = operands;
  if (only === undefined) return { kind: 'Constant', value: false, place };
  return operands.length === 1 ? only : { kind: 'Or', operands, place };
}
