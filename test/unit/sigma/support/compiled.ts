import assert from 'node:assert/strict';
import {
  type CompiledRule,
  type CompileOptions,
  compileRule,
  type Diagnostic,
  formatDiagnostic,
} from '../../../../src/sigma/index.ts';

/** The rule that a source compiles to; fails the test with its diagnostics where it does not. */
export function compiled(source: string, options?: CompileOptions): CompiledRule {
  const result = compileRule(source, options);
  assert(result.ok, result.ok ? '' : result.errors.map(formatDiagnostic).join('\n'));
  return result.rule;
}

/** The errors of a source that does not compile. */
export function refused(source: string, options?: CompileOptions): readonly Diagnostic[] {
  const result = compileRule(source, options);
  assert(!result.ok, 'the source compiles');
  return result.errors;
}

/** A rule of the given detection, in YAML, indented by nothing. */
export function ruleOf(detection: string, logsource = '{ category: test }'): string {
  const indented = detection.replace(/^(?=.)/gm, '  ');
  return `title: Test\nlogsource: ${logsource}\ndetection:\n${indented}\n`;
}

/** A rule for Kubernetes audit events. */
export function auditRuleOf(detection: string): string {
  return ruleOf(detection, '{ product: kubernetes, service: audit }');
}
