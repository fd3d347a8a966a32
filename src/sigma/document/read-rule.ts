import type { DiagnosticSink } from '../diagnostics.ts';
import { SharedParts } from '../shared-parts.ts';
import { findEntry, toPlainValue, type YamlMapping } from '../yaml/tree.ts';
import { AttributeReader } from './attributes.ts';
import { readLogsource } from './read-logsource.ts';
import { type RelatedRule, RULE_LEVELS, RULE_STATUSES, type RuleDocument, type RuleLevel } from './rule-document.ts';

const KNOWN = new Set(
  (
    'title id name related taxonomy status description license author references reference date modified logsource detection correlation filter ' +
    'fields falsepositives scope level tags sigma-version action generate'
  ).split(' '),
);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MAX_TITLE = 256;
const NEWEST_MAJOR = 3;

/** What a document of the given kind must have. Correlations have no logsource, neither have filters a level (specification). */
export interface RequiredAttributes {
  readonly logsource: boolean;
}

/**
 * Reads the metadata of a document. Only what makes a rule unusable is an error: no title, no logsource where one is required, an unknown level
 * (the severity of its alerts would be a guess). Everything else is a finding.
 */
export function readRuleDocument(
  root: YamlMapping,
  sink: DiagnosticSink,
  required: RequiredAttributes,
  shared: SharedParts = new SharedParts(),
): RuleDocument {
  const reader = new AttributeReader(root, sink);
  return shared.freeze<RuleDocument>({
    title: readTitle(reader),
    id: readMatching(reader, 'id', UUID, 'is not a UUID'),
    name: reader.text('name'),
    related: readRelated(reader),
    taxonomy: readTaxonomy(reader),
    status: reader.choice('status', RULE_STATUSES),
    description: reader.text('description'),
    license: reader.text('license'),
    author: reader.list('author').join(', ') || undefined,
    references: [...reader.list('references'), ...reader.list('reference')],
    date: readMatching(reader, 'date', DATE, 'is not written as YYYY-MM-DD'),
    modified: readMatching(reader, 'modified', DATE, 'is not written as YYYY-MM-DD'),
    logsource: readLogsource(reader, sink, required.logsource),
    fields: reader.list('fields'),
    falsepositives: reader.list('falsepositives'),
    scope: reader.list('scope'),
    level: readLevel(reader, sink),
    tags: reader.list('tags'),
    sigmaVersion: readSigmaVersion(reader),
    custom: readCustom(root),
  });
}

function readTitle(reader: AttributeReader): string {
  const node = reader.node('title');
  if (node === undefined || (node.kind === 'scalar' && node.text.trim() === '')) {
    reader.missing('title');
    return '';
  }
  if (node.kind !== 'scalar') {
    reader.invalid('title', node, 'is not a string');
    return '';
  }
  if (node.text.length > MAX_TITLE) reader.unusual('title', node, `is longer than ${MAX_TITLE} characters`);
  return node.text;
}

function readMatching(reader: AttributeReader, key: string, pattern: RegExp, complaint: string): string | undefined {
  const text = reader.text(key);
  const node = reader.node(key);
  if (text !== undefined && node !== undefined && !pattern.test(text)) reader.unusual(key, node, complaint);
  return text;
}

function readTaxonomy(reader: AttributeReader): string | undefined {
  const taxonomy = reader.text('taxonomy');
  const node = reader.node('taxonomy');
  if (taxonomy !== undefined && taxonomy !== 'sigma' && node !== undefined) {
    reader.unusual('taxonomy', node, 'is not "sigma"; its field names are used as they are');
  }
  return taxonomy;
}

function readLevel(reader: AttributeReader, sink: DiagnosticSink): RuleLevel | undefined {
  const node = reader.node('level');
  const text = reader.text('level')?.toLowerCase();
  const level = RULE_LEVELS.find((name) => name === text);
  if (text !== undefined && level === undefined && node !== undefined) {
    sink.report(
      'UnknownLevel',
      sink.source.place(node.start, node.end),
      `The level ${JSON.stringify(text)} is unknown.`,
      'level',
    );
  }
  return level;
}

function readRelated(reader: AttributeReader): readonly RelatedRule[] {
  const node = reader.node('related');
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  const related: RelatedRule[] = [];
  for (const item of node.kind === 'sequence' ? node.items : [node]) {
    const id = item.kind === 'mapping' ? findEntry(item, 'id')?.value : undefined;
    const type = item.kind === 'mapping' ? findEntry(item, 'type')?.value : undefined;
    if (id?.kind === 'scalar' && type?.kind === 'scalar') related.push({ id: id.text, type: type.text });
    else reader.unusual('related', item, 'has an element without id and type');
  }
  return related;
}

/** `sigma-version` (sigma-specification#213): only the major counts; absent means 2. */
function readSigmaVersion(reader: AttributeReader): number {
  const text = reader.text('sigma-version');
  if (text === undefined) return 2;
  const major = Number(/^v?(\d{1,4})(\.|$)/.exec(text)?.[1] ?? Number.NaN);
  const node = reader.node('sigma-version');
  if (node !== undefined && !(major >= 1 && major <= NEWEST_MAJOR))
    reader.unusual('sigma-version', node, `is not a version up to ${NEWEST_MAJOR}`);
  return Number.isNaN(major) ? 2 : major;
}

function readCustom(root: YamlMapping): Readonly<Record<string, unknown>> {
  const custom: Record<string, unknown> = {};
  for (const { key, value } of root.entries) {
    if (!KNOWN.has(key.text) && key.text !== '__proto__') custom[key.text] = toPlainValue(value);
  }
  return custom;
}
