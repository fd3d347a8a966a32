import type { CompiledRule } from '../compile.ts';
import { type EvaluateOptions, elementsOf, truthOf, verdictOf } from '../evaluate/evaluate.ts';
import { type EvaluationScope, fieldValues } from '../evaluate/field-values.ts';
import { flatten, leaves } from '../evaluate/lookup.ts';
import { matchesValue } from '../evaluate/match-value.ts';
import { truthOfAll, truthOfAny, truthOfNot } from '../evaluate/truth.ts';
import { type FieldReference, pathNames } from '../plan/field.ts';
import type { ElementsNode, KeywordNode, Plan, PlanNode, PredicateNode } from '../plan/nodes.ts';
import { describeMatcher } from './describe-matcher.ts';
import type { Explanation, ExplanationNode } from './explanation.ts';
import { hasSensitiveBody } from './sensitive.ts';
import { visibleValue } from './visible-text.ts';

const MAX_FOUND = 5;
const MAX_ELEMENTS = 10;
const BODY_PATH = /^(requestObject|responseObject)\b/;

interface ExplainScope extends EvaluationScope {
  /** Values from bodies are withheld. */
  readonly sensitive: boolean;
  /** Everything here is from a body. */
  readonly inBody: boolean;
}

/** Evaluates every node of a rule's plan, without stopping early, and says what each demanded and found. */
export function explain(rule: CompiledRule, event: object, options: EvaluateOptions = {}): Explanation {
  const scope = {
    subject: event,
    bodiesUnknown: options.bodiesUnknown ?? false,
    sensitive: hasSensitiveBody(event),
    inBody: false,
  };
  const root = explainNode(rule.plan.root, rule.plan, scope);
  return { verdict: verdictOf(root.truth), title: rule.document.title, root };
}

function explainNode(node: PlanNode, plan: Plan, scope: ExplainScope): ExplanationNode {
  const { line } = node.place;
  switch (node.kind) {
    case 'And': {
      const children = node.operands.map((operand) => explainNode(operand, plan, scope));
      return { kind: 'all', truth: truthOfAll(children.map((c) => c.truth)), text: 'all of', line, children };
    }
    case 'Or': {
      const children = node.operands.map((operand) => explainNode(operand, plan, scope));
      return { kind: 'any', truth: truthOfAny(children.map((c) => c.truth)), text: 'any of', line, children };
    }
    case 'Not': {
      const child = explainNode(node.operand, plan, scope);
      return { kind: 'not', truth: truthOfNot(child.truth), text: 'not', line, children: [child] };
    }
    case 'Constant':
      return { kind: 'constant', truth: node.value, text: String(node.value), line, children: [] };
    case 'Selection': {
      const selection = plan.selections[node.index];
      const children = selection === undefined ? [] : [explainNode(selection.body, plan, scope)];
      return {
        kind: 'selection',
        truth: children[0]?.truth ?? false,
        text: node.name,
        line: selection?.place.line ?? line,
        children,
      };
    }
    case 'Predicate':
      return explainPredicate(node, plan, scope);
    case 'Keyword':
      return explainKeyword(node, plan, scope);
    case 'Elements':
      return explainElements(node, plan, scope);
    default:
      return node satisfies never;
  }
}

function explainPredicate(node: PredicateNode, plan: Plan, scope: ExplainScope): ExplanationNode {
  const { field, matcher, place } = node;
  const values = fieldValues(field, scope);
  const shown = withheld(field, scope) ? `${values.found.length} values, withheld` : describeFound(values.found);
  return {
    kind: 'field',
    truth: truthOf(node, plan, scope),
    text: `${field.name} ${describeMatcher(matcher)}`,
    line: place.line,
    ...mappedTo(field),
    found: values.incomplete ? `${shown} (the body is unknown)` : shown,
    children: [],
  };
}

function explainKeyword(node: KeywordNode, plan: Plan, scope: ExplainScope): ExplanationNode {
  const truth = truthOf(node, plan, scope);
  const hit =
    truth === true && !scope.sensitive
      ? leaves(scope.subject).find((leaf) => matchesValue(node.matcher, leaf))
      : undefined;
  const found = hit === undefined ? (truth === true ? 'withheld' : 'nothing') : visibleValue(hit);
  return {
    kind: 'keyword',
    truth,
    text: `any value ${describeMatcher(node.matcher)}`,
    line: node.place.line,
    found,
    children: [],
  };
}

function explainElements(node: ElementsNode, plan: Plan, scope: ExplainScope): ExplanationNode {
  const elements = elementsOf(fieldValues(node.field, scope).found);
  const inner = {
    subject: undefined,
    bodiesUnknown: false,
    sensitive: scope.sensitive,
    inBody: scope.inBody || readsBody(node.field),
  };
  const children = elements.slice(0, MAX_ELEMENTS).map((subject, i): ExplanationNode => {
    const child = explainNode(node.body, plan, { ...inner, subject });
    return { kind: 'element', truth: child.truth, text: `element ${i}`, line: node.place.line, children: [child] };
  });
  return {
    kind: 'elements',
    truth: truthOf(node, plan, scope),
    text: `${node.quantifier.replaceAll('_', ' ')} of the ${elements.length} elements of ${node.field.name}`,
    line: node.place.line,
    ...mappedTo(node.field),
    children,
  };
}

/** The paths of a field where they say more than its name. */
function mappedTo(field: FieldReference): { readonly mappedTo?: readonly string[] } {
  const names = pathNames(field);
  return names.length === 1 && names[0] === field.name ? {} : { mappedTo: names };
}

function withheld(field: FieldReference, scope: ExplainScope): boolean {
  return scope.sensitive && (scope.inBody || readsBody(field));
}

function readsBody(field: FieldReference): boolean {
  return pathNames(field).some((name) => BODY_PATH.test(name));
}

function describeFound(found: readonly unknown[]): string {
  if (found.length === 0) return 'nothing';
  const values = flatten(found);
  if (values.length === 0) return 'an empty list';
  const more = values.length > MAX_FOUND ? `, … (${values.length} values)` : '';
  return values.slice(0, MAX_FOUND).map(visibleValue).join(', ') + more;
}
