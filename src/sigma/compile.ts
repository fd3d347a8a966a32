import type { Diagnostic, DiagnosticSink } from './diagnostics.ts';
import { readRuleDocument } from './document/read-rule.ts';
import type { RuleDocument } from './document/rule-document.ts';
import type { SigmaDocument } from './document/sigma-document.ts';
import type { FilterEffect } from './filter/filter.ts';
import type { Limits } from './limits.ts';
import { lintDocument } from './lint/index.ts';
import { appliesToKubernetesAudit } from './logsource.ts';
import type { FieldMapping } from './mapping/field-mapping.ts';
import { KUBERNETES_AUDIT_MAPPING } from './mapping/kubernetes-audit.ts';
import type { PlaceholderResolver } from './modifiers/modifier.ts';
import { Budget } from './plan/budget.ts';
import type { BuildContext } from './plan/build-context.ts';
import { buildPlan } from './plan/build-plan.ts';
import type { Plan } from './plan/nodes.ts';
import { readDocuments } from './read-documents.ts';
import { SharedParts } from './shared-parts.ts';
import { testedFields } from './tested-fields.ts';
import { findEntry } from './yaml/tree.ts';

export interface CompileOptions {
  readonly limits?: Partial<Limits>;
  /** The field mapping, or `none`; by default KUBERNETES_AUDIT_MAPPING for rules that apply to Kubernetes audit events. */
  readonly mapping?: FieldMapping | 'none';
  /** Values for the `expand` modifier; without it a rule that uses `expand` is refused. */
  readonly placeholders?: PlaceholderResolver;
  /** What a filter is declared to do: one that does something else is refused. Without it, one that keeps gets a finding. */
  readonly filterEffect?: FilterEffect | undefined;
  /** Whether to look for what may be wrong with a document that compiles; by default yes. It takes as long as compiling. */
  readonly lint?: boolean;
  /** What is compiled with the same has its equal parts in common, which takes less memory. By default each document has its own. */
  readonly shared?: SharedParts;
}

/** A detection rule, ready to be evaluated. Frozen plain data. */
export interface CompiledRule {
  readonly document: RuleDocument;
  readonly plan: Plan;
  /** The event paths that the condition tests, after mapping, e.g. `verb`, `responseStatus.code`, `stage`. */
  readonly testedFields: readonly string[];
  readonly appliesToKubernetesAudit: boolean;
}

export type CompileResult =
  | { readonly ok: true; readonly rule: CompiledRule; readonly findings: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** Compiles a source text that holds exactly one detection rule. Never throws on bad input. */
export function compileRule(source: string, options: CompileOptions = {}): CompileResult {
  const { documents, sink, limits } = readDocuments(source, options.limits);
  const [root, second] = documents;
  if (second !== undefined) {
    const message = `The source holds ${documents.length} rules.`;
    sink.report('MultipleRoots', sink.source.place(second.root.start), message);
  }
  if (root === undefined || sink.hasErrors) return { ok: false, errors: sink.errors };
  if (root.kind !== 'detection') {
    sink.report(
      'UnsupportedDocument',
      sink.source.place(root.root.start),
      `This is a ${root.kind} document, not a detection rule.`,
    );
    return { ok: false, errors: sink.errors };
  }
  const rule = compileDetection(root, sink, limits, options);
  if (rule === undefined || sink.hasErrors) return { ok: false, errors: sink.errors };
  return { ok: true, rule, findings: sink.findings };
}

/** Compiles a detection document; what is wrong, and what the lints find, is reported to `sink`. */
export function compileDetection(
  { root }: SigmaDocument,
  sink: DiagnosticSink,
  limits: Limits,
  options: CompileOptions = {},
): CompiledRule | undefined {
  const shared = options.shared ?? new SharedParts();
  const document = readRuleDocument(root, sink, { logsource: true }, shared);
  const detection = findEntry(root, 'detection')?.value;
  if (detection === undefined) {
    sink.report(
      'MissingField',
      sink.source.place(root.start),
      'The required field "detection" is missing.',
      'detection',
    );
    return undefined;
  }
  if (detection.kind !== 'mapping') {
    sink.report(
      'InvalidField',
      sink.source.place(detection.start, detection.end),
      'detection is not a map.',
      'detection',
    );
    return undefined;
  }
  const applies = appliesToKubernetesAudit(document.logsource);
  const context = buildContextOf(document, applies, sink, limits, { ...options, shared });
  const plan = buildPlan(detection, context, 'detection');
  if (plan === undefined) return undefined;
  const tested = shared.freeze({ testedFields: testedFields(plan) });
  const rule: CompiledRule = { document, plan, ...tested, appliesToKubernetesAudit: applies };
  if (!sink.hasErrors && options.lint !== false)
    lintDocument({ kind: 'detection', document, plan, root, concernsKubernetesAudit: applies }, sink);
  return Object.freeze(rule);
}

/** What building the plan of a document needs. */
export function buildContextOf(
  document: RuleDocument,
  concernsKubernetesAudit: boolean,
  sink: DiagnosticSink,
  limits: Limits,
  options: CompileOptions,
): BuildContext {
  return {
    sink,
    limits,
    budget: new Budget(limits),
    shared: options.shared ?? new SharedParts(),
    mapping: mappingOf(concernsKubernetesAudit, options),
    placeholders: options.placeholders,
    arrays: document.sigmaVersion >= 3,
  };
}

/** The field mapping under which the fields of a document are read. */
export function mappingOf(concernsKubernetesAudit: boolean, options: CompileOptions): FieldMapping | undefined {
  const mapping = options.mapping ?? (concernsKubernetesAudit ? KUBERNETES_AUDIT_MAPPING : 'none');
  return mapping === 'none' ? undefined : mapping;
}
