import {
  type CompiledRule,
  type ElementsNode,
  evaluate,
  type KeywordNode,
  type Plan,
  type PlanNode,
  type PredicateNode,
} from '../../sigma/index.ts';
import { DIMENSIONS, type Dimension, type FieldSource, sourceOfField } from './field-source.ts';

/** What a condition can be: any mix of true and false. */
export interface Possible {
  readonly true: boolean;
  readonly false: boolean;
}

export const BOTH: Possible = Object.freeze({ true: true, false: true });
export const ONLY_TRUE: Possible = Object.freeze({ true: true, false: false });
export const ONLY_FALSE: Possible = Object.freeze({ true: false, false: true });

/** A plan of which only is kept what depends on the kind of request and on what is logged of it; everything else can be satisfied and not. */
export type AbstractNode =
  | { readonly kind: 'And' | 'Or'; readonly operands: readonly AbstractNode[] }
  | { readonly kind: 'Not'; readonly operand: AbstractNode }
  | { readonly kind: 'Constant'; readonly value: boolean }
  /** Nothing is known of it. */
  | { readonly kind: 'Unknown' }
  | AbstractLeaf;

/** A test of one field. */
export interface AbstractLeaf {
  readonly kind: 'Leaf';
  readonly source: FieldSource;
  /** The test as it is in the rule. */
  readonly node: PredicateNode | ElementsNode | KeywordNode;
  /** It stands under an odd number of negations. */
  readonly negated: boolean;
  /** The truth where the field is absent. */
  readonly whenAbsent: boolean;
  /** What it can be where there is a value of which no more is known. */
  readonly whenThere: Possible;
  /** The truth for a value of the field's dimension, of `stage`, `level` or `code`; for `objectRef`, for one that is there. */
  readonly holdsFor: (value: string) => boolean;
}

/** The abstract plan of a rule, and its leaves in the order of the condition. */
export interface AbstractPlan {
  readonly root: AbstractNode;
  readonly leaves: readonly AbstractLeaf[];
}

/** HTTP statuses. */
const CODES = Array.from({ length: 500 }, (_, i) => 100 + i);

/** The analysis of a rule with more tests would take too long; nothing is said of it. */
const MAX_LEAVES = 100;

export function abstractPlan({ plan }: CompiledRule): AbstractPlan {
  const leaves: AbstractLeaf[] = [];
  const root = abstract(plan.root, plan, false, leaves);
  return leaves.length > MAX_LEAVES ? { root: { kind: 'Unknown' }, leaves: [] } : { root, leaves };
}

function abstract(node: PlanNode, plan: Plan, negated: boolean, leaves: AbstractLeaf[]): AbstractNode {
  switch (node.kind) {
    case 'And':
    case 'Or':
      return { kind: node.kind, operands: node.operands.map((operand) => abstract(operand, plan, negated, leaves)) };
    case 'Not':
      return { kind: 'Not', operand: abstract(node.operand, plan, !negated, leaves) };
    case 'Constant':
      return { kind: 'Constant', value: node.value };
    case 'Selection': {
      const selection = plan.selections[node.index];
      return selection === undefined
        ? { kind: 'Constant', value: false }
        : abstract(selection.body, plan, negated, leaves);
    }
    case 'Predicate':
    case 'Keyword':
    case 'Elements': {
      if (leaves.length > MAX_LEAVES) return { kind: 'Unknown' };
      const leaf = leafOf(node, negated);
      leaves.push(leaf);
      return leaf;
    }
    default:
      return node satisfies never;
  }
}

function leafOf(node: PredicateNode | ElementsNode | KeywordNode, negated: boolean): AbstractLeaf {
  const source = sourceOfNode(node);
  return {
    kind: 'Leaf',
    source,
    node,
    negated,
    whenAbsent: holds(node, {}),
    whenThere:
      source === 'code'
        ? possibleFor(
            node,
            CODES.map((code) => ({ responseStatus: { code } })),
          )
        : BOTH,
    holdsFor: memoized((value) => holds(node, eventWith(source, value))),
  };
}

function sourceOfNode(node: PredicateNode | ElementsNode | KeywordNode): FieldSource {
  if (node.kind === 'Keyword') return 'event';
  const source = sourceOfField(node.field);
  const known = source === 'code' || source === 'stage' || source === 'level' || isDimension(source);
  // What compares two fields, or looks into elements, is not decided by the value of one.
  const compares = node.kind === 'Predicate' && node.matcher.kind === 'FieldValue';
  if (compares && sourceOfField(node.matcher.field) === 'nowhere') return 'nowhere';
  if ((node.kind === 'Elements' || compares) && known) return 'event';
  return source;
}

export function isDimension(source: FieldSource): source is Dimension {
  return DIMENSIONS.some((dimension) => dimension === source);
}

/** The smallest event in which a source has a value. */
function eventWith(source: FieldSource, value: string): object {
  switch (source) {
    case 'verb':
    case 'stage':
    case 'level':
      return { [source]: value };
    case 'username':
      return { user: { username: value } };
    case 'objectRef':
      return { objectRef: { resource: value } };
    case 'code':
      return { responseStatus: { code: Number(value) } };
    default:
      // Empty names are left out of events.
      return value === '' ? {} : { objectRef: { [source]: value } };
  }
}

function possibleFor(node: PlanNode, events: readonly object[]): Possible {
  const truths = events.map((event) => holds(node, event));
  return { true: truths.includes(true), false: truths.includes(false) };
}

function holds(root: PlanNode, event: object): boolean {
  return evaluate({ kind: 'Plan', root, selections: [] }, event) === 'match';
}

function memoized(compute: (value: string) => boolean): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    let truth = known.get(value);
    if (truth === undefined) known.set(value, (truth = compute(value)));
    return truth;
  };
}
