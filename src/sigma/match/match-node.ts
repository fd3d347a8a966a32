import { type Truth, truthOfNot } from '../evaluate/truth.ts';
import type { EventView } from './event-view.ts';
import type { Predicate } from './predicate.ts';

/** A condition over shared predicates. Selections that a condition names several times are one node. */
export type MatchNode = ConstantNode | TestNode | NotNode | JunctionNode;

export interface ConstantNode {
  readonly kind: 'Constant';
  readonly value: boolean;
  readonly branches: 0;
}

export interface TestNode {
  readonly kind: 'Test';
  readonly predicate: Predicate;
  /** What can decide it or a part of it, as bits: the branch fields that it depends on, and whether it depends on bodies. */
  readonly branches: number;
}

export interface NotNode {
  readonly kind: 'Not';
  readonly operand: MatchNode;
  readonly branches: number;
}

/** And, Or. Remembers its truth for the event at hand, and what the last reduction made of it. */
export interface JunctionNode {
  readonly kind: 'And' | 'Or';
  readonly operands: readonly MatchNode[];
  readonly branches: number;
  readonly memo: JunctionMemo;
}

interface JunctionMemo {
  epoch: number;
  truth: Truth;
  reduction: Reduction | undefined;
  reduced: MatchNode | undefined;
}

export const TRUE: ConstantNode = Object.freeze({ kind: 'Constant', value: true, branches: 0 });
export const FALSE: ConstantNode = Object.freeze({ kind: 'Constant', value: false, branches: 0 });

export function constant(value: boolean): ConstantNode {
  return value ? TRUE : FALSE;
}

export function not(operand: MatchNode): MatchNode {
  if (operand.kind === 'Constant') return constant(!operand.value);
  return { kind: 'Not', operand, branches: operand.branches };
}

/** And or Or; constants are folded, one operand alone is itself. */
export function junction(kind: 'And' | 'Or', operands: readonly MatchNode[]): MatchNode {
  const decisive = kind === 'Or';
  const open: MatchNode[] = [];
  let branches = 0;
  for (const operand of operands) {
    if (operand.kind !== 'Constant') {
      open.push(operand);
      branches |= operand.branches;
    } else if (operand.value === decisive) return operand;
  }
  const [only] = open;
  if (only === undefined) return constant(!decisive);
  if (open.length === 1) return only;
  const memo: JunctionMemo = { epoch: 0, truth: false, reduction: undefined, reduced: undefined };
  // A copy has no room to grow.
  return { kind, operands: [...open], branches, memo };
}

export function truthOf(node: MatchNode, view: EventView): Truth {
  switch (node.kind) {
    case 'Test':
      return node.predicate.truth(view);
    case 'Not':
      return truthOfNot(truthOf(node.operand, view));
    case 'Constant':
      return node.value;
    default:
      return truthOfJunction(node, view);
  }
}

function truthOfJunction({ kind, operands, memo }: JunctionNode, view: EventView): Truth {
  if (memo.epoch === view.epoch) return memo.truth;
  const decisive = kind === 'Or';
  let truth: Truth = !decisive;
  for (const operand of operands) {
    const inner = truthOf(operand, view);
    if (inner === decisive) {
      truth = inner;
      break;
    }
    if (inner === 'unknown') truth = inner;
  }
  memo.epoch = view.epoch;
  memo.truth = truth;
  return truth;
}

/** What is decided of some predicates. */
export interface Reduction {
  /** The bit of the nodes that depend on it. */
  readonly branch: number;
  /** Whether a predicate holds; `undefined` where that stays open. */
  decide(predicate: Predicate): boolean | undefined;
}

/** What remains of a condition. Its truth over any event for which the reduction holds is the truth of the node. */
export function reduce(node: MatchNode, reduction: Reduction): MatchNode {
  if ((node.branches & reduction.branch) === 0) return node;
  switch (node.kind) {
    case 'Test': {
      const decided = reduction.decide(node.predicate);
      return decided === undefined ? node : constant(decided);
    }
    case 'Not': {
      const operand = reduce(node.operand, reduction);
      return operand === node.operand ? node : not(operand);
    }
    case 'Constant':
      return node;
    default:
      return reduceJunction(node, reduction);
  }
}

function reduceJunction({ kind, operands, memo }: JunctionNode, reduction: Reduction): MatchNode {
  if (memo.reduction === reduction && memo.reduced !== undefined) return memo.reduced;
  const decisive = kind === 'Or';
  const remaining: MatchNode[] = [];
  let reduced: MatchNode | undefined;
  for (const operand of operands) {
    const inner = reduce(operand, reduction);
    if (inner.kind === 'Constant' && inner.value === decisive) {
      reduced = inner;
      break;
    }
    remaining.push(inner);
  }
  reduced ??= junction(kind, remaining);
  memo.reduction = reduction;
  memo.reduced = reduced;
  return reduced;
}
