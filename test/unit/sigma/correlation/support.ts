import assert from 'node:assert/strict';
import {
  type CompileCollectionOptions,
  type CompiledCorrelation,
  type CorrelationEvent,
  compileCollection,
  type Diagnostic,
  formatDiagnostic,
} from '../../../../src/sigma/index.ts';

/** The correlation that a source compiles to; fails the test with its diagnostics where it does not. */
export function correlationOf(source: string, options?: CompileCollectionOptions): CompiledCorrelation {
  const result = compileCollection(source, options);
  assert(result.ok, result.ok ? '' : result.errors.map(formatDiagnostic).join('\n'));
  assert(result.kind === 'correlation', 'the source is no correlation');
  return result.correlation;
}

/** The errors of a source that does not compile. */
export function refusedCollection(source: string, options?: CompileCollectionOptions): readonly Diagnostic[] {
  const result = compileCollection(source, options);
  assert(!result.ok, 'the source compiles');
  return result.errors;
}

/** A detection rule by the name `name`, which matches events with the field `is: name`. */
export function baseRule(name: string): string {
  return [
    `title: Rule ${name}`,
    `name: ${name}`,
    'logsource: { category: test }',
    `detection: { s: { is: ${name} }, condition: s }`,
  ].join('\n');
}

/** A correlation document with the given body, indented by nothing, and the named rules beside it. */
export function withRules(body: string, names: readonly string[], head = 'title: Correlation'): string {
  const indented = body.trim().replace(/^(?=.)/gm, '  ');
  return [`${head}\ncorrelation:\n${indented}`, ...names.map(baseRule)].join('\n---\n');
}

export type TestEvent = CorrelationEvent<number>;
