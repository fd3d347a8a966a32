/** The Sigma language: from text to documents, from documents to plans, and what plans say about events. Pure. */
export { type CompiledRule, type CompileOptions, type CompileResult, compileRule } from './compile.ts';
export { createDiagnostic, type Diagnostic, formatDiagnostic, type Severity } from './diagnostics.ts';
export type { Logsource, RuleDocument, RuleLevel, RuleStatus } from './document/rule-document.ts';
export { type EvaluateOptions, evaluate, type Verdict } from './evaluate/evaluate.ts';
export { explain } from './explain/explain.ts';
export type { Explanation, ExplanationNode } from './explain/explanation.ts';
export { formatExplanation } from './explain/format.ts';
export { KUBERNETES_AUDIT_MAPPING } from './mapping/kubernetes-audit.ts';
export type { Plan } from './plan/nodes.ts';
export type { SourceText } from './source-text.ts';
export { type ReadYaml, readYaml } from './yaml/read-yaml.ts';
export type { YamlMapping, YamlNode } from './yaml/tree.ts';
