import type { Place } from '../source-text.ts';

/** A condition as written. Names are not resolved here; a correlation's boolean condition has the same grammar. */
export type ConditionNode = ConditionIdentifier | ConditionQuantified | ConditionNot | ConditionAnd | ConditionOr;

interface ConditionIdentifier {
  readonly kind: 'Identifier';
  readonly name: string;
  readonly place: Place;
}

/** `1 of …`, `any of …` (both `any`) or `all of …`; the target is `them` or a pattern in which `*` stands for any characters. */
interface ConditionQuantified {
  readonly kind: 'Quantified';
  readonly quantifier: 'any' | 'all';
  readonly target: string;
  readonly place: Place;
}

interface ConditionNot {
  readonly kind: 'Not';
  readonly operand: ConditionNode;
  readonly place: Place;
}

interface ConditionAnd {
  readonly kind: 'And';
  readonly operands: readonly ConditionNode[];
  readonly place: Place;
}

interface ConditionOr {
  readonly kind: 'Or';
  readonly operands: readonly ConditionNode[];
  readonly place: Place;
}

const PRECEDENCE = Object.freeze({ Or: 1, And: 2, Not: 3, Quantified: 4, Identifier: 4 });

/** The condition as text with the fewest parentheses; parsing it gives the same tree. */
export function printCondition(node: ConditionNode): string {
  switch (node.kind) {
    case 'Identifier':
      return node.name;
    case 'Quantified':
      return `${node.quantifier === 'any' ? '1' : 'all'} of ${node.target}`;
    case 'Not':
      return `not ${printOperand(node.operand, PRECEDENCE.Not)}`;
    case 'And':
    case 'Or':
      return node.operands
        .map((o) => printOperand(o, PRECEDENCE[node.kind] + 1))
        .join(node.kind === 'And' ? ' and ' : ' or ');
    default:
      return node satisfies never;
  }
}

function printOperand(node: ConditionNode, minimum: number): string {
  const text = printCondition(node);
  return PRECEDENCE[node.kind] < minimum ? `(${text})` : text;
}
