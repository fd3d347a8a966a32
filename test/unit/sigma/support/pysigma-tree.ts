import type { Matcher } from '../../../../src/sigma/plan/matcher.ts';
import type { Plan, PlanNode } from '../../../../src/sigma/plan/nodes.ts';
import type { StringPart } from '../../../../src/sigma/values/sigma-string.ts';

/**
 * The normal form in which our plans and pySigma's condition trees are compared: nested `and` and `or` are flattened and sorted, a list of values is an `or`
 * of its values, and case is left out, since a pySigma tree does not say it.
 */
export type NormalTree =
  | { readonly and: readonly NormalTree[] }
  | { readonly or: readonly NormalTree[] }
  | { readonly not: NormalTree }
  | { readonly field: string; readonly value: string };

function join(kind: 'and' | 'or', operands: readonly NormalTree[]): NormalTree {
  const flat = operands.flatMap((tree) => {
    if (kind === 'and' && 'and' in tree) return tree.and;
    return kind === 'or' && 'or' in tree ? tree.or : [tree];
  });
  const unique = new Map(flat.map((tree) => [JSON.stringify(tree), tree]));
  const sorted = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tree]) => tree);
  const [only] = sorted;
  if (only !== undefined && sorted.length === 1) return only;
  return kind === 'and' ? { and: sorted } : { or: sorted };
}

/** The normal form of a plan. */
export function normalizePlan(plan: Plan): NormalTree {
  const normalize = (node: PlanNode): NormalTree => {
    switch (node.kind) {
      case 'And':
        return join('and', node.operands.map(normalize));
      case 'Or':
        return join('or', node.operands.map(normalize));
      case 'Not':
        return { not: normalize(node.operand) };
      case 'Selection': {
        const selection = plan.selections[node.index];
        if (selection === undefined) throw new Error(`no selection ${node.index}`);
        return normalize(selection.body);
      }
      case 'Predicate':
        return leaves(node.field.name, valuesOf(node.matcher));
      case 'Keyword':
        return leaves('', valuesOf(node.matcher));
      case 'Constant':
      case 'Elements':
        throw new Error(`pySigma has no ${node.kind}`);
      default:
        return node satisfies never;
    }
  };
  return normalize(plan.root);
}

function leaves(field: string, values: readonly string[]): NormalTree {
  return join(
    'or',
    values.map((value) => ({ field, value })),
  );
}

function valuesOf(matcher: Matcher): readonly string[] {
  switch (matcher.kind) {
    case 'String': {
      const { test } = matcher;
      const head = test === 'contains' || test === 'endswith' ? '*' : '';
      const tail = test === 'contains' || test === 'startswith' ? '*' : '';
      return matcher.values.map((value) => partsText([head, `=${value}`, tail]));
    }
    case 'Pattern':
      return matcher.values.map((parts) => partsText(parts.map(partText)));
    case 'Present':
      return [partsText(['*'])];
    case 'Number':
      return matcher.values.map((value) => `number ${value}`);
    case 'Boolean':
      return [`boolean ${matcher.value}`];
    case 'Null':
      return ['null'];
    case 'Regex':
      return matcher.patterns.map(({ source, ignoreCase }) => `regex ${ignoreCase ? 'i' : ''} ${source}`);
    case 'Network':
      return matcher.networks.map(({ text }) => `network ${text}`);
    case 'FieldValue':
      return [`field ${matcher.field.name} ${matcher.test}`];
    default:
      throw new Error(`not in the public rules: ${matcher.kind}`);
  }
}

function partText(part: StringPart): string {
  if (typeof part === 'string') return `=${part}`;
  return part.wildcard === 'many' ? '*' : '?';
}

/** A string as a list of parts, literals marked with `=`; an empty literal is left out. */
function partsText(parts: readonly string[]): string {
  return JSON.stringify(parts.filter((part) => part !== '' && part !== '='));
}

/** A node of pySigma's tree. */
export interface PySigmaNode {
  readonly and?: readonly PySigmaNode[];
  readonly or?: readonly PySigmaNode[];
  readonly not?: readonly PySigmaNode[];
  readonly field?: string;
  readonly keyword?: PySigmaValue;
  readonly value?: PySigmaValue;
}

interface PySigmaValue {
  readonly t: string;
  readonly parts?: readonly (string | { readonly special: string })[];
  readonly v?: unknown;
  readonly re?: string;
  readonly flags?: readonly string[];
  readonly field?: string;
  readonly or?: readonly PySigmaValue[];
}

/** The normal form of a pySigma tree. */
export function normalizePySigma(node: PySigmaNode): NormalTree {
  if (node.and !== undefined) return join('and', node.and.map(normalizePySigma));
  if (node.or !== undefined) return join('or', node.or.map(normalizePySigma));
  if (node.not !== undefined) return { not: join('and', node.not.map(normalizePySigma)) };
  if (node.keyword !== undefined) return leaves('', pySigmaValues(node.keyword).map(openKeyword));
  if (node.value !== undefined) return leaves(node.field ?? '', pySigmaValues(node.value));
  throw new Error(`unknown node ${JSON.stringify(node).slice(0, 100)}`);
}

function pySigmaValues(value: PySigmaValue): readonly string[] {
  switch (value.t) {
    case 'SigmaString':
      return [partsText((value.parts ?? []).map(pySigmaPart))];
    case 'SigmaNumber':
      return [`number ${String(value.v)}`];
    case 'SigmaBool':
      return [`boolean ${String(value.v)}`];
    case 'SigmaNull':
      return ['null'];
    case 'SigmaRegularExpression':
      return [`regex ${value.flags?.includes('IGNORECASE') === true ? 'i' : ''} ${value.re ?? ''}`];
    case 'SigmaCIDRExpression':
      return [`network ${String(value.v)}`];
    case 'SigmaFieldReference':
      return [`field ${value.field ?? ''} equals`];
    case 'SigmaExpansion':
      return (value.or ?? []).flatMap(pySigmaValues);
    default:
      throw new Error(`unknown value ${value.t}`);
  }
}

function pySigmaPart(part: string | { readonly special: string }): string {
  if (typeof part === 'string') return `=${part}`;
  if (part.special === 'WILDCARD_MULTI') return '*';
  return part.special === 'WILDCARD_SINGLE' ? '?' : `=${placeholderText(part.special)}`;
}

/** What stands for an unresolved placeholder of pySigma; resolve placeholders to it when comparing. */
export function placeholderText(name: string): string {
  return `<${name}>`;
}

/** Keywords are found anywhere: our plans open them on both sides. */
function openKeyword(text: string): string {
  if (!text.startsWith('[')) return text;
  const parts: readonly string[] = JSON.parse(text);
  const opened = ['*', ...parts, '*'];
  return JSON.stringify(opened.filter((part, i) => !(part === '*' && opened[i - 1] === '*')));
}
