/** The Sigma language: from text to documents, from documents to plans, and what plans say about events. Pure. */
export { type CompiledRule, type CompileOptions, type CompileResult, compileRule } from './compile.ts';
export {
  type CompileCollectionOptions,
  compileCollection,
} from './compile-collection.ts';
export { type CompiledDocument, compileDocuments, type DocumentSyntax, readDocument } from './compile-documents.ts';
export { compileRuleSet } from './compile-rule-set.ts';
export type { CompiledCorrelation, CorrelationNode, CorrelationSource } from './correlation/compiled-correlation.ts';
export {
  type CorrelationEvent,
  type CorrelationMatch,
  CorrelationState,
} from './correlation/engine/correlation-state.ts';
export type { CorrelationCounters } from './correlation/engine/counters.ts';
export type { Firing } from './correlation/engine/firing.ts';
export type { CorrelationLimits } from './correlation/engine/limits.ts';
export type { CorrelationSnapshot } from './correlation/engine/snapshot.ts';
export type { ResolvedReference } from './correlation/link.ts';
export { correlationReach } from './correlation/reach.ts';
export { readSourceFields } from './correlation/source-fields.ts';
export { createDiagnostic, type Diagnostic, formatDiagnostic, type Severity } from './diagnostics.ts';
export type { Logsource, RuleDocument } from './document/rule-document.ts';
export { type EvaluateOptions, evaluate, type Verdict } from './evaluate/evaluate.ts';
export { explain } from './explain/explain.ts';
export type { Explanation, ExplanationNode } from './explain/explanation.ts';
export { formatExplanation } from './explain/format.ts';
export { applyFilters, type NamedFilter } from './filter/apply-filters.ts';
export { type CompileFilterResult, compileFilter } from './filter/compile-filter.ts';
export type { CompiledFilter, FilterEffect } from './filter/filter.ts';
export { filterApplies } from './filter/filter-applies.ts';
export { FilterSet, type FilterVerdict } from './filter/filter-set.ts';
export { diagnosticPage } from './lint/diagnostic-page.ts';
export { lintSet } from './lint/set-lints.ts';
export { KUBERNETES_AUDIT_MAPPING } from './mapping/kubernetes-audit.ts';
export { RuleSet, type RuleSetEntry } from './match/rule-set.ts';
export { type FieldPath, type FieldReference, type PathSegment, pathNames } from './plan/field.ts';
export type { Matcher } from './plan/matcher.ts';
export type { ElementsNode, KeywordNode, Plan, PlanNode, PredicateNode } from './plan/nodes.ts';
export { LineScreen } from './scan/line-screen.ts';
export { stageBits } from './scan/stage-bits.ts';
export { SharedParts } from './shared-parts.ts';
export type { SourceText } from './source-text.ts';
export { applyFixes, type TextEdit } from './text-edit.ts';
export { foldCase } from './values/fold.ts';
export { joinParts, MANY, printSigmaString, type StringPart } from './values/sigma-string.ts';
export { readYaml } from './yaml/read-yaml.ts';
export { findEntry, toPlainValue, type YamlMapping, type YamlNode } from './yaml/tree.ts';
