import { parseCondition } from '../condition/parse.ts';
import { scalarPlaces } from '../condition/places.ts';
import { nearestName } from '../condition/select.ts';
import type { ConditionNode } from '../condition/tree.ts';
import type { DiagnosticCode, DiagnosticSink } from '../diagnostics.ts';
import type { Limits } from '../limits.ts';
import { findEntry, type YamlMapping, type YamlNode, type YamlScalar } from '../yaml/tree.ts';
import { MAX_FIELDS } from './bounds.ts';
import {
  COMPARISON_OPERATORS,
  type CompareCondition,
  type Comparison,
  type CorrelationCondition,
  type CorrelationType,
  type RuleReference,
} from './correlation.ts';
import { presenceTerms } from './presence-terms.ts';

const PATH = 'correlation.condition';
const COMPUTES: readonly CorrelationType[] = ['value_sum', 'value_avg', 'value_percentile', 'value_median'];

/** What reading a condition needs to know of its correlation. */
export interface ConditionReader {
  readonly type: CorrelationType;
  readonly sink: DiagnosticSink;
  readonly limits: Limits;
}

export function isTemporal(type: CorrelationType): boolean {
  return type === 'temporal' || type === 'temporal_ordered';
}

/** A boolean condition as written; undefined where it is malformed, which is reported. Operators may be in upper case (draft 2.2 writes them so). */
export function parsePresence(node: YamlScalar, { sink, limits }: ConditionReader): ConditionNode | undefined {
  const text = node.text.replace(/(?<![\p{L}\p{N}_.*-])(?:and|or|not)(?![\p{L}\p{N}_.*-])/giu, (word) =>
    word.toLowerCase(),
  );
  const tree = parseCondition(text, scalarPlaces(node, sink.source), sink, limits, PATH);
  const quantified = tree && firstQuantified(tree);
  if (quantified === undefined) return tree;
  sink.report('UnexpectedToken', quantified.place, 'The rules of a correlation are named one by one.', PATH);
  return undefined;
}

function firstQuantified(node: ConditionNode): ConditionNode | undefined {
  switch (node.kind) {
    case 'Identifier':
      return undefined;
    case 'Quantified':
      return node;
    case 'Not':
      return firstQuantified(node.operand);
    case 'And':
    case 'Or':
      for (const operand of node.operands) {
        const found = firstQuantified(operand);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return node satisfies never;
  }
}

/** The rules that a boolean condition names, each once, in order. */
export function namedRules(node: ConditionNode): readonly RuleReference[] {
  const found = new Map<string, RuleReference>();
  const visit = (inner: ConditionNode): void => {
    if (inner.kind === 'Identifier' && !found.has(inner.name))
      found.set(inner.name, { text: inner.name, place: inner.place });
    if (inner.kind === 'Not') visit(inner.operand);
    if (inner.kind === 'And' || inner.kind === 'Or') inner.operands.forEach(visit);
  };
  visit(node);
  return [...found.values()];
}

/** The terms of a boolean condition over `rules`, which it must name both ways: every rule, and no other. */
export function presenceCondition(
  tree: ConditionNode,
  rules: readonly RuleReference[],
  { sink }: ConditionReader,
): CorrelationCondition | undefined {
  const names = rules.map(({ text }) => text);
  const named = namedRules(tree);
  let faulty = false;
  for (const { text, place } of named) {
    if (names.includes(text)) continue;
    const nearest = nearestName(text, names);
    const remedy = nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
    sink.report('UnlistedRule', place, `${JSON.stringify(text)} is none of the rules.`, PATH, remedy);
    faulty = true;
  }
  for (const { text, place } of rules) {
    if (named.some((rule) => rule.text === text)) continue;
    sink.report('UnlistedRule', place, `The condition does not name ${JSON.stringify(text)}.`, 'correlation.rules');
    faulty = true;
  }
  if (faulty) return undefined;
  const terms = presenceTerms(tree, (rule) => names.indexOf(rule));
  if (terms === 'too-many') {
    sink.report('CorrelationTooLarge', tree.place, 'The condition has too many alternatives.', PATH);
    return undefined;
  }
  if (terms.length === 0) {
    sink.report('ConditionCannotHold', tree.place, 'The condition contradicts itself.', PATH);
    return undefined;
  }
  if (terms.some(({ present }) => present.length === 0)) {
    sink.report('AbsenceAlone', tree.place, 'The condition holds although no rule has matched.', PATH);
    return undefined;
  }
  return { kind: 'Presence', terms };
}

/** A map of comparisons, with `field` and `percentile` where the type asks for them. */
export function readComparisons(node: YamlMapping, reader: ConditionReader): CompareCondition | undefined {
  const { type, sink } = reader;
  const comparisons: Comparison[] = [];
  const report = (at: YamlNode, message: string, code: DiagnosticCode = 'InvalidCorrelationCondition'): void => {
    sink.report(code, sink.source.place(at.start, at.end), message, PATH);
  };
  let faulty = false;
  for (const { key, value } of node.entries) {
    const operator = COMPARISON_OPERATORS.find((name) => name === key.text);
    if (operator !== undefined) {
      if (value.kind === 'scalar' && typeof value.value === 'number') {
        comparisons.push({ operator, bound: value.value });
        continue;
      }
      report(value, `${operator} is not a number.`);
      faulty = true;
    } else if (key.text !== 'field' && key.text !== 'percentile') {
      report(key, `${JSON.stringify(key.text)} is none of ${COMPARISON_OPERATORS.join(', ')}, field, percentile.`);
      faulty = true;
    }
  }
  if (comparisons.length === 0 && !faulty) {
    report(node, 'The condition compares nothing.');
    return undefined;
  }
  const fields = readFields(node, type, report);
  const percentile = readPercentile(node, type, report);
  if (faulty || fields === undefined || (type === 'value_percentile' && percentile === undefined)) return undefined;
  if (contradict(comparisons)) {
    report(node, 'The bounds exclude each other.', 'ConditionCannotHold');
    return undefined;
  }
  return { kind: 'Compare', comparisons, fields, ...(percentile !== undefined && { percentile }) };
}

type Report = (at: YamlNode, message: string, code?: DiagnosticCode) => void;

function readFields(node: YamlMapping, type: CorrelationType, report: Report): readonly string[] | undefined {
  const entry = findEntry(node, 'field');
  if (!type.startsWith('value_')) {
    if (entry !== undefined) report(entry.key, `${type} reads no field.`, 'UnusualField');
    return [];
  }
  if (entry === undefined) {
    report(node, `${type} needs "field".`);
    return undefined;
  }
  const items = entry.value.kind === 'sequence' ? entry.value.items : [entry.value];
  const names = items.flatMap((item) => (item.kind === 'scalar' && item.text !== '' ? [item.text] : []));
  if (names.length < items.length || names.length === 0) {
    report(entry.value, 'field is not the name of a field, nor a list of names.');
    return undefined;
  }
  if (names.length > 1 && COMPUTES.includes(type)) {
    report(entry.value, `${type} computes with one field.`);
    return undefined;
  }
  if (names.length > MAX_FIELDS) {
    report(entry.value, `More than ${MAX_FIELDS} fields.`, 'CorrelationTooLarge');
    return undefined;
  }
  return names;
}

/** `percentile`: the specification never says which percentile is meant, so it has to be given, as pySigma reads it. */
function readPercentile(node: YamlMapping, type: CorrelationType, report: Report): number | undefined {
  const entry = findEntry(node, 'percentile');
  if (type !== 'value_percentile') {
    if (entry !== undefined) report(entry.key, `${type} has no percentile.`, 'UnusualField');
    return undefined;
  }
  const value = entry?.value.kind === 'scalar' ? entry.value.value : undefined;
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  report(
    entry?.value ?? node,
    'value_percentile needs "percentile", a number from 0 to 100, for example percentile: 95.',
  );
  return undefined;
}

/** Whether no number meets every comparison. */
function contradict(comparisons: readonly Comparison[]): boolean {
  const least = Math.max(
    ...comparisons.map(({ operator, bound }) => (/^(gte?|eq)$/.test(operator) ? bound : -Infinity)),
  );
  const most = Math.min(...comparisons.map(({ operator, bound }) => (/^(lte?|eq)$/.test(operator) ? bound : Infinity)));
  if (least !== most) return least > most;
  return comparisons.some(({ operator, bound }) => bound === least && /^(gt|lt|neq)$/.test(operator));
}
