import type { SourceResult } from '../../catalog/index.ts';
import { type CompiledDocument, type CompileOptions, compileRuleSet } from '../../sigma/index.ts';
import type { RuleText } from '../rules/rule-texts.ts';

/** A text, and its documents each by itself. */
export interface CompiledText {
  readonly text: RuleText;
  readonly documents: readonly CompiledDocument[];
}

/** The texts that are correlations, each compiled with the rules that it refers to: those beside it, and those that stand alone in a text. */
export function correlationsIn(
  texts: readonly CompiledText[],
  options: CompileOptions,
): ReadonlyMap<RuleText, SourceResult> {
  const correlations = texts.filter(({ documents }) => documents.some(({ kind }) => kind === 'correlation'));
  if (correlations.length === 0) return new Map();
  const alone = texts.filter(({ documents: [first, second] }) => first?.kind === 'detection' && second === undefined);
  const sources = new Map<string, string>();
  const names = new Map<RuleText, string>();
  for (const { text } of [...alone, ...correlations]) {
    const wanted = text.manifest?.name ?? text.file;
    const name = sources.has(wanted) ? `${wanted}#${sources.size}` : wanted;
    sources.set(name, text.text.text);
    names.set(text, name);
  }
  const results = compileRuleSet(sources, options);
  return new Map(
    correlations.flatMap(({ text }): readonly [RuleText, SourceResult][] => {
      const result = results.get(names.get(text) ?? '');
      if (result === undefined) return [];
      if (!result.ok) return [[text, { ok: false, errors: result.errors }]];
      if (result.kind !== 'correlation') return [];
      return [[text, { ok: true, correlation: result.correlation, findings: result.findings }]];
    }),
  );
}
