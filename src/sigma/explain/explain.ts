import type { CompiledRule } from '../compile.ts';
import {
  type EvaluateOptions,
  type Evaluation,
  elementsOf,
  startEvaluation,
  truthOf,
  verdictOf,
} from '../evaluate/evaluate.ts';
import { type EvaluationScope, fieldValues } from '../evaluate/field-values.ts';
import { flatten, leaves } from '../evaluate/lookup.ts';
import { matchesValue } from '../evaluate/match-value.ts';
import type { Truth } from '../evaluate/truth.ts';
import { type FieldReference, pathNames } from '../plan/field.ts';
import type { ElementsNode, KeywordNode, PlanNode, PredicateNode, SelectionNode } from '../plan/nodes.ts';
import { escapeInvisible } from '../visible-text.ts';
import { describeMatcher } from './describe-matcher.ts';
import type { Explanation, ExplanationNode } from './explanation.ts';
import { hasSensitiveBody } from './sensitive.ts';
import { visibleValue } from './visible-value.ts';

const MAX_FOUND = 5;
const MAX_ELEMENTS = 10;
const MAX_NODES = 5000;
const BODY_PATH = /^(requestObject|responseObject)\b/;

/** Evaluates the nodes of a rule's plan, without stopping early, and says what each demanded and found; a very large plan is cut. */
export function explain(rule: CompiledRule, event: object, options: EvaluateOptions = {}): Explanation {
  const explainer = new Explainer(startEvaluation(rule.plan), hasSensitiveBody(event));
  const scope = { subject: event, bodiesUnknown: options.bodiesUnknown ?? false, inBody: false };
  const root = explainer.explain(rule.plan.root, scope);
  return { verdict: verdictOf(root.truth), title: rule.document.title, root };
}

interface ExplainScope extends EvaluationScope {
  /** The subject is part of a body. */
  readonly inBody: boolean;
}

type Details = Partial<Pick<ExplanationNode, 'children' | 'found' | 'mappedTo'>>;

class Explainer {
  readonly #evaluation: Evaluation;
  readonly #sensitive: boolean;
  readonly #shownSelections = new Set<number>();
  #nodes = 0;

  constructor(evaluation: Evaluation, sensitive: boolean) {
    this.#evaluation = evaluation;
    this.#sensitive = sensitive;
  }

  explain(node: PlanNode, scope: ExplainScope): ExplanationNode {
    this.#nodes++;
    const { line } = node.place;
    const done = (kind: ExplanationNode['kind'], text: string, details: Details = {}): ExplanationNode => {
      const truth = truthOf(node, this.#evaluation, scope);
      return { kind, truth, text: escapeInvisible(text), line, children: [], ...details };
    };
    switch (node.kind) {
      case 'And':
        return done('all', 'all of', { children: this.#explainAll(node.operands, scope) });
      case 'Or':
        return done('any', 'any of', { children: this.#explainAll(node.operands, scope) });
      case 'Not':
        return done('not', 'not', { children: this.#explainAll([node.operand], scope) });
      case 'Constant':
        return done('constant', String(node.value));
      case 'Selection':
        return done('selection', node.name, { children: this.#selection(node, scope) });
      case 'Predicate':
        return done('field', `${node.field.name} ${describeMatcher(node.matcher)}`, this.#predicate(node, scope));
      case 'Keyword': {
        const truth = truthOf(node, this.#evaluation, scope);
        return done('keyword', `any value ${describeMatcher(node.matcher)}`, {
          found: this.#keyword(node, truth, scope),
        });
      }
      case 'Elements':
        return done('elements', describeElements(node), this.#elements(node, scope));
      default:
        return node satisfies never;
    }
  }

  #explainAll(nodes: readonly PlanNode[], scope: ExplainScope): readonly ExplanationNode[] {
    return nodes.flatMap((node) => (this.#nodes < MAX_NODES ? [this.explain(node, scope)] : []));
  }

  /** A selection is laid out where the condition names it first. */
  #selection(node: SelectionNode, scope: ExplainScope): readonly ExplanationNode[] {
    const selection = this.#evaluation.plan.selections[node.index];
    if (selection === undefined || this.#shownSelections.has(node.index)) return [];
    this.#shownSelections.add(node.index);
    return this.#explainAll([selection.body], scope);
  }

  #predicate({ field }: PredicateNode, scope: ExplainScope): Details {
    const { found, incomplete } = fieldValues(field, scope);
    const hidden = this.#sensitive && (scope.inBody || readsBody(field));
    const shown = hidden ? 'values that are withheld' : describeFound(found);
    return { found: incomplete ? `${shown} (the body is unknown)` : shown, ...mappedTo(field) };
  }

  #keyword(node: KeywordNode, truth: Truth, scope: ExplainScope): string {
    if (truth !== true) return 'nothing';
    if (this.#sensitive) return 'a value that is withheld';
    return visibleValue(leaves(scope.subject).find((leaf) => matchesValue(node.matcher, leaf)));
  }

  #elements(node: ElementsNode, scope: ExplainScope): Details {
    const elements = elementsOf(fieldValues(node.field, scope).found);
    const inBody = scope.inBody || readsBody(node.field);
    const children = elements.slice(0, MAX_ELEMENTS).flatMap((subject, i): readonly ExplanationNode[] => {
      const [child] = this.#explainAll([node.body], { subject, bodiesUnknown: false, inBody });
      const { line } = node.place;
      return child === undefined
        ? []
        : [{ kind: 'element', truth: child.truth, text: `element ${i}`, line, children: [child] }];
    });
    return { found: `${elements.length} elements`, ...mappedTo(node.field), children };
  }
}

function describeElements({ quantifier, field }: ElementsNode): string {
  return `${quantifier.replaceAll('_', ' ')} of the elements of ${field.name}`;
}

/** The paths of a field where they say more than its name. */
function mappedTo(field: FieldReference): Details {
  const names = pathNames(field).map(escapeInvisible);
  return names.length === 1 && names[0] === escapeInvisible(field.name) ? {} : { mappedTo: names };
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
