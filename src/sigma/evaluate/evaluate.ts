import type { ElementsNode, KeywordNode, Plan, PlanNode, PredicateNode } from '../plan/nodes.ts';
import { type EvaluationScope, type FieldValues, fieldValues } from './field-values.ts';
import { flatten, leaves } from './lookup.ts';
import { matchesFields } from './match-fields.ts';
import { matchesValue } from './match-value.ts';
import { type Truth, truthOfAll, truthOfAny, truthOfNot } from './truth.ts';

/** `undetermined`: a body that is unknown decides; such a rule counts as a match that says why. */
export type Verdict = 'match' | 'no-match' | 'undetermined';

export interface EvaluateOptions {
  /** `requestObject` and `responseObject` of this event are cut off (truncated, over our limit): predicates on them are unknown. */
  readonly bodiesUnknown?: boolean;
}

/**
 * Evaluates a plan over an event (the parsed JSON): the plain reading of the semantics, with which every faster matcher must agree.
 * The work is bounded by the size of the plan times the size of the event.
 */
export function evaluate(plan: Plan, event: object, options: EvaluateOptions = {}): Verdict {
  const scope = { subject: event, bodiesUnknown: options.bodiesUnknown ?? false };
  return verdictOf(truthOf(plan.root, startEvaluation(plan), scope));
}

/** One evaluation of a plan over one event: each selection is evaluated once, however often the condition names it. */
export interface Evaluation {
  readonly plan: Plan;
  readonly selections: Map<number, Truth>;
}

export function startEvaluation(plan: Plan): Evaluation {
  return { plan, selections: new Map() };
}

export function verdictOf(truth: Truth): Verdict {
  if (truth === 'unknown') return 'undetermined';
  return truth ? 'match' : 'no-match';
}

/** The truth of one node. */
export function truthOf(node: PlanNode, evaluation: Evaluation, scope: EvaluationScope): Truth {
  switch (node.kind) {
    case 'And':
      return truthOfAll(lazily(node.operands, evaluation, scope));
    case 'Or':
      return truthOfAny(lazily(node.operands, evaluation, scope));
    case 'Not':
      return truthOfNot(truthOf(node.operand, evaluation, scope));
    case 'Constant':
      return node.value;
    case 'Selection':
      return truthOfSelection(node.index, evaluation, scope);
    case 'Predicate':
      return truthOfPredicate(node, scope);
    case 'Keyword':
      return truthOfKeyword(node, scope);
    case 'Elements':
      return truthOfElements(node, evaluation, scope);
    default:
      return node satisfies never;
  }
}

function* lazily(nodes: readonly PlanNode[], evaluation: Evaluation, scope: EvaluationScope): Generator<Truth> {
  for (const node of nodes) yield truthOf(node, evaluation, scope);
}

function truthOfSelection(index: number, evaluation: Evaluation, scope: EvaluationScope): Truth {
  let truth = evaluation.selections.get(index);
  if (truth === undefined) {
    const selection = evaluation.plan.selections[index];
    truth = selection === undefined ? false : truthOf(selection.body, evaluation, scope);
    evaluation.selections.set(index, truth);
  }
  return truth;
}

function truthOfPredicate(node: PredicateNode, scope: EvaluationScope): Truth {
  const { matcher } = node;
  const values = fieldValues(node.field, scope);
  switch (matcher.kind) {
    case 'Exists':
      return matcher.expected ? isThere(values) : truthOfNot(isThere(values));
    case 'Present':
      return isPresent(values);
    case 'Null':
      return truthOfNot(isPresent(values));
    case 'FieldValue':
      return matchesFields(matcher, values, fieldValues(matcher.field, scope));
    default:
      if (flatten(values.found).some((value) => matchesValue(matcher, value))) return true;
      return values.incomplete ? 'unknown' : false;
  }
}

/** Whether a field is there, whatever its value. */
export function isThere(values: FieldValues): Truth {
  if (values.found.length > 0) return true;
  return values.incomplete ? 'unknown' : false;
}

/** Whether a field has a value other than null. */
export function isPresent(values: FieldValues): Truth {
  if (flatten(values.found).some((value) => value !== null)) return true;
  return values.incomplete ? 'unknown' : false;
}

function truthOfKeyword(node: KeywordNode, scope: EvaluationScope): Truth {
  for (const leaf of leaves(scope.bodiesUnknown ? withoutBodies(scope.subject) : scope.subject)) {
    if (matchesValue(node.matcher, leaf)) return true;
  }
  return scope.bodiesUnknown ? 'unknown' : false;
}

function withoutBodies(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return event;
  return Object.entries(event).flatMap(([key, value]) =>
    key === 'requestObject' || key === 'responseObject' ? [] : [value],
  );
}

function truthOfElements(node: ElementsNode, evaluation: Evaluation, scope: EvaluationScope): Truth {
  const { found, incomplete } = fieldValues(node.field, scope);
  const elements = elementsOf(found);
  if (incomplete) return 'unknown';
  const truths = (): Iterable<Truth> =>
    elements.values().map((subject) => truthOf(node.body, evaluation, { subject, bodiesUnknown: false }));
  switch (node.quantifier) {
    case 'any':
      return truthOfAny(truths());
    case 'none':
      return truthOfNot(truthOfAny(truths()));
    case 'all':
      return elements.length > 0 && truthOfAll(truths());
    case 'all_or_empty':
      return truthOfAll(truths());
    default:
      return node.quantifier satisfies never;
  }
}

/** The elements of what a field leads to: the members of arrays; a value that is no array is an element itself; null is none. */
export function elementsOf(found: readonly unknown[]): readonly unknown[] {
  return found.flatMap((value) =>
    Array.isArray(value) ? (value as readonly unknown[]) : value === null ? [] : [value],
  );
}
