import { nearestName } from '../condition/select.ts';
import type { ConditionNode } from '../condition/tree.ts';
import type { DiagnosticSink } from '../diagnostics.ts';
import { AttributeReader, isNull } from '../document/attributes.ts';
import { readRuleDocument } from '../document/read-rule.ts';
import type { Limits } from '../limits.ts';
import { findEntry, type YamlMapping, type YamlNode } from '../yaml/tree.ts';
import { MAX_ALIASES, MAX_GROUP_BY, MAX_RULES } from './bounds.ts';
import { compare } from './compare.ts';
import {
  CORRELATION_TYPES,
  type CorrelationCondition,
  type CorrelationDocument,
  type CorrelationType,
  type FieldAlias,
  type RuleReference,
} from './correlation.ts';
import { isTemporal, namedRules, parsePresence, presenceCondition, readComparisons } from './read-condition.ts';
import { parseTimespan } from './timespan.ts';

/** Reads a correlation document (specification, "Sigma Correlation Rules"); what is wrong is reported to `sink`. */
export function readCorrelation(
  root: YamlMapping,
  sink: DiagnosticSink,
  limits: Limits,
): CorrelationDocument | undefined {
  const document = readRuleDocument(root, sink, { logsource: false });
  const top = new AttributeReader(root, sink);
  const logsource = top.node('logsource');
  if (logsource !== undefined) top.unusual('logsource', logsource, 'has no meaning in a correlation');
  const body = top.node('correlation');
  if (body?.kind !== 'mapping') {
    top.invalid('correlation', body ?? root, 'is not a map');
    return undefined;
  }
  const reader = new AttributeReader(body, sink, 'correlation');
  const type = readType(reader, sink);
  const timespan = readTimespan(reader, sink);
  const groupBy = readGroupBy(body, reader, sink);
  const generate = readGenerate(top, reader);
  const judged = type && readRulesAndCondition(body, reader, type, sink, limits);
  if (type === undefined || timespan === undefined || groupBy === undefined || judged === undefined) return undefined;
  const aliases = readAliases(reader);
  return aliases && { document, type, timespan, groupBy, generate, aliases, ...judged };
}

function readType(reader: AttributeReader, sink: DiagnosticSink): CorrelationType | undefined {
  const node = reader.node('type');
  if (node === undefined || isNull(node)) {
    reader.missing('type');
    return undefined;
  }
  const text = node.kind === 'scalar' ? node.text : '';
  const type = CORRELATION_TYPES.find((name) => name === text);
  if (type === undefined) {
    const nearest = nearestName(text, CORRELATION_TYPES);
    const place = sink.source.place(node.start, node.end);
    const remedy = nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
    sink.report(
      'UnknownCorrelationType',
      place,
      `The type ${JSON.stringify(text)} is unknown.`,
      'correlation.type',
      remedy,
    );
  }
  return type;
}

function readTimespan(reader: AttributeReader, sink: DiagnosticSink): number | undefined {
  const node = reader.node('timespan');
  if (node === undefined || isNull(node)) {
    reader.missing('timespan');
    return undefined;
  }
  const text = node.kind === 'scalar' ? node.text : '';
  const timespan = parseTimespan(text);
  if (timespan === undefined) {
    const place = sink.source.place(node.start, node.end);
    sink.report('InvalidTimespan', place, `The timespan ${JSON.stringify(text)} is invalid.`, 'correlation.timespan');
  }
  return timespan;
}

/** The specification calls group-by mandatory and optional; without it all matches are one group. */
function readGroupBy(body: YamlMapping, reader: AttributeReader, sink: DiagnosticSink): readonly string[] | undefined {
  const names = readNames(reader, 'group-by');
  if (names === undefined) return undefined;
  if (names.length > MAX_GROUP_BY) {
    const place = sink.source.place(body.start);
    sink.report('CorrelationTooLarge', place, `More than ${MAX_GROUP_BY} fields in group-by.`, 'correlation.group-by');
    return undefined;
  }
  if (names.length === 0) {
    sink.report('UngroupedCorrelation', sink.source.place(body.start), 'group-by is missing.', 'correlation.group-by');
  }
  return [...new Set(names.map(({ text }) => text))];
}

/** `generate` stands at the root (specification, schema) or in `correlation` (pySigma, website). */
function readGenerate(top: AttributeReader, reader: AttributeReader): boolean {
  let generate = false;
  for (const where of [top, reader]) {
    const node = where.node('generate');
    if (node === undefined || isNull(node)) continue;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') generate ||= node.value;
    else where.invalid('generate', node, 'is not true or false');
  }
  return generate;
}

/** A list of strings, or one; undefined where it is something else, which is reported. */
function readNames(reader: AttributeReader, key: string): readonly RuleReference[] | undefined {
  const node = reader.node(key);
  if (node === undefined || isNull(node)) return [];
  const names: RuleReference[] = [];
  for (const item of node.kind === 'sequence' ? node.items : [node]) {
    if (item.kind !== 'scalar' || item.value === null || item.text === '') {
      reader.invalid(key, item, 'is not a list of names');
      return undefined;
    }
    names.push({ text: item.text, place: reader.place(item) });
  }
  return names;
}

function readRulesAndCondition(
  body: YamlMapping,
  reader: AttributeReader,
  type: CorrelationType,
  sink: DiagnosticSink,
  limits: Limits,
): { readonly rules: readonly RuleReference[]; readonly condition: CorrelationCondition } | undefined {
  const node = readConditionNode(body, reader, type, sink);
  const listed = readNames(reader, 'rules');
  if (node === undefined || listed === undefined) return undefined;
  const context = { type, sink, limits };
  const tree = node !== 'all' && node.kind === 'scalar' ? parsePresence(node, context) : undefined;
  if (node !== 'all' && node.kind === 'scalar' && tree === undefined) return undefined;
  const rules = listed.length === 0 && tree !== undefined ? namedRules(tree) : listed;
  if (!areUsable(rules, body, reader, sink)) return undefined;
  const condition = buildCondition(node, tree, rules, context);
  if (condition?.kind === 'Compare' && isTemporal(type)) {
    const possible = rules.map((_, index) => index + 1);
    if (!possible.some((count) => condition.comparisons.every((comparison) => compare(count, comparison)))) {
      const place = sink.source.place(body.start);
      sink.report('ConditionCannotHold', place, `The correlation has ${rules.length} rules.`, 'correlation.condition');
      return undefined;
    }
  }
  return condition && { rules, condition };
}

/** The node of the condition; `all` where a temporal correlation has none: every rule must match. */
function readConditionNode(
  body: YamlMapping,
  reader: AttributeReader,
  type: CorrelationType,
  sink: DiagnosticSink,
): YamlNode | 'all' | undefined {
  const node = findEntry(body, 'condition')?.value;
  if (node === undefined || isNull(node)) {
    if (isTemporal(type)) return 'all';
    reader.missing('condition');
    return undefined;
  }
  const place = sink.source.place(node.start, node.end);
  if (node.kind === 'sequence' || (node.kind === 'scalar' && typeof node.value !== 'string')) {
    sink.report('InvalidCorrelationCondition', place, 'The condition is no map.', 'correlation.condition');
    return undefined;
  }
  if (node.kind === 'scalar' && !isTemporal(type)) {
    sink.report('ConditionNotApplicable', place, `${type} compares a number.`, 'correlation.condition');
    return undefined;
  }
  return node;
}

function buildCondition(
  node: YamlNode | 'all',
  tree: ConditionNode | undefined,
  rules: readonly RuleReference[],
  context: { readonly type: CorrelationType; readonly sink: DiagnosticSink; readonly limits: Limits },
): CorrelationCondition | undefined {
  if (tree !== undefined) return presenceCondition(tree, rules, context);
  if (node === 'all') return { kind: 'Presence', terms: [{ present: rules.map((_, index) => index), absent: [] }] };
  return node.kind === 'mapping' ? readComparisons(node, context) : undefined;
}

function areUsable(
  rules: readonly RuleReference[],
  body: YamlMapping,
  reader: AttributeReader,
  sink: DiagnosticSink,
): boolean {
  if (rules.length === 0) {
    reader.missing('rules');
    return false;
  }
  if (rules.length > MAX_RULES) {
    sink.report(
      'CorrelationTooLarge',
      sink.source.place(body.start),
      `More than ${MAX_RULES} rules.`,
      'correlation.rules',
    );
    return false;
  }
  const seen = new Set<string>();
  for (const { text, place } of rules) {
    if (seen.has(text))
      sink.report('DuplicateReference', place, `${JSON.stringify(text)} is listed twice.`, 'correlation.rules');
    seen.add(text);
  }
  return seen.size === rules.length;
}

function readAliases(reader: AttributeReader): readonly FieldAlias[] | undefined {
  const node = reader.node('aliases');
  if (node === undefined || isNull(node)) return [];
  if (node.kind !== 'mapping' || node.entries.length > MAX_ALIASES) {
    reader.invalid('aliases', node, `is not a map of at most ${MAX_ALIASES} aliases`);
    return undefined;
  }
  const aliases: FieldAlias[] = [];
  for (const { key, value } of node.entries) {
    const path = `aliases.${key.text}`;
    if (value.kind !== 'mapping') {
      reader.invalid(path, value, 'is not a map from rules to fields');
      return undefined;
    }
    const fields: FieldAlias['fields'][number][] = [];
    for (const { key: rule, value: field } of value.entries) {
      if (field.kind !== 'scalar' || field.value === null || field.text === '') {
        reader.invalid(`${path}.${rule.text}`, field, 'is not the name of a field');
        return undefined;
      }
      fields.push({ rule: { text: rule.text, place: reader.place(rule) }, field: field.text });
    }
    aliases.push({ name: key.text, place: reader.place(key), fields });
  }
  return aliases;
}
