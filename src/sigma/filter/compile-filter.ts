import { buildContextOf, type CompileOptions } from '../compile.ts';
import type { Diagnostic, DiagnosticSink } from '../diagnostics.ts';
import { AttributeReader } from '../document/attributes.ts';
import { readRuleDocument } from '../document/read-rule.ts';
import type { Logsource } from '../document/rule-document.ts';
import type { SigmaDocument } from '../document/sigma-document.ts';
import type { Limits } from '../limits.ts';
import { lintDocument } from '../lint/index.ts';
import { appliesToKubernetesAudit } from '../logsource.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { readDocuments } from '../read-documents.ts';
import { testedFields } from '../tested-fields.ts';
import { findEntry, type YamlMapping } from '../yaml/tree.ts';
import type { CompiledFilter, FilterEffect } from './filter.ts';
import { filterEffect } from './filter-effect.ts';

export type CompileFilterResult =
  | { readonly ok: true; readonly filter: CompiledFilter; readonly findings: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** Compiles a source text that holds exactly one filter document (specification, "Sigma Filters"). Never throws on bad input. */
export function compileFilter(source: string, options: CompileOptions = {}): CompileFilterResult {
  const { documents, sink, limits } = readDocuments(source, options.limits);
  const [first, second] = documents;
  if (second !== undefined) {
    sink.report(
      'MultipleRoots',
      sink.source.place(second.root.start),
      `The source holds ${documents.length} documents.`,
    );
  }
  if (first === undefined || sink.hasErrors) return { ok: false, errors: sink.errors };
  const filter = compileFilterDocument(first, sink, limits, options);
  if (filter === undefined || sink.hasErrors) return { ok: false, errors: sink.errors };
  return { ok: true, filter, findings: sink.findings };
}

/** Compiles a filter document; what is wrong is reported to `sink`. */
export function compileFilterDocument(
  { kind, root }: SigmaDocument,
  sink: DiagnosticSink,
  limits: Limits,
  options: CompileOptions,
): CompiledFilter | undefined {
  if (kind !== 'filter') {
    const message = `This is a ${kind} document, not a filter.`;
    sink.report('UnsupportedDocument', sink.source.place(root.start), message, '', 'Use a filter document here.');
    return undefined;
  }
  const document = readRuleDocument(root, sink, { logsource: true }, options.shared);
  const body = findEntry(root, 'filter')?.value;
  if (body?.kind !== 'mapping') {
    new AttributeReader(root, sink).invalid('filter', body ?? root, 'is not a map');
    return undefined;
  }
  const reader = new AttributeReader(body, sink, 'filter');
  const condition = reader.node('condition');
  if (condition?.kind === 'sequence') {
    const place = sink.source.place(condition.start, condition.end);
    sink.report('InvalidCondition', place, 'The condition of a filter is one string.', 'filter.condition');
  }
  const rules = readRules(body, sink);
  const concernsAudit = mayConcernKubernetesAudit(document.logsource);
  const context = buildContextOf(document, concernsAudit, sink, limits, options);
  const plan = buildPlan(body, context, 'filter', ['rules']);
  if (plan === undefined || rules === undefined) return undefined;
  const effect = filterEffect(plan.root);
  const place = sink.source.place(condition?.start ?? body.start, condition?.end);
  if (options.filterEffect !== undefined && options.filterEffect !== effect) {
    sink.report('UndeclaredEffect', place, DOES[effect], 'filter.condition');
  } else if (options.filterEffect === undefined && effect === 'KeepOnly') {
    sink.report('FilterKeeps', place, DOES[effect], 'filter.condition');
  }
  if (!sink.hasErrors && options.lint !== false)
    lintDocument({ kind: 'filter', document, plan, root, concernsKubernetesAudit: concernsAudit }, sink);
  return Object.freeze({ document, rules, plan, effect, testedFields: testedFields(plan) });
}

const DOES: Readonly<Record<FilterEffect, string>> = Object.freeze({
  KeepOnly: 'The filter keeps only what its selections match.',
  Removes: 'The filter removes what its selections match, and keeps everything else.',
});

/** A filter may name less of a logsource than the rules it applies to: what is not named contradicts nothing. */
function mayConcernKubernetesAudit({ category, product, service, custom }: Logsource): boolean {
  return appliesToKubernetesAudit({ category, product: product ?? 'kubernetes', service, custom });
}

/** `any` in any case, or a list of ids or names. An empty list is refused: pySigma reads it as "every rule", which nobody sees in it. */
function readRules(body: YamlMapping, sink: DiagnosticSink): CompiledFilter['rules'] | undefined {
  const node = findEntry(body, 'rules')?.value;
  if (node === undefined) {
    new AttributeReader(body, sink, 'filter').missing('rules');
    return undefined;
  }
  const items = node.kind === 'sequence' ? node.items : [node];
  const names: string[] = [];
  for (const item of items) {
    if (item.kind === 'scalar' && item.value !== null && item.text !== '') {
      names.push(item.text);
      continue;
    }
    sink.report('InvalidFilterRules', sink.source.place(item.start, item.end), 'This names no rule.', 'filter.rules');
    return undefined;
  }
  if (names.length === 0) {
    sink.report('InvalidFilterRules', sink.source.place(node.start, node.end), 'The list is empty.', 'filter.rules');
    return undefined;
  }
  return names.length === 1 && names[0]?.toLowerCase() === 'any' ? 'any' : Object.freeze(names);
}
