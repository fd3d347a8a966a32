import { type CompiledRule, type CompileOptions, compileRuleSet } from '../../sigma/index.ts';
import type { EmbeddedText } from './embedded-text.ts';
import { diagnosticProblem, type LoadProblem } from './load-problem.ts';
import type { LoadedCorrelation } from './loaded.ts';

/** A source that holds a correlation. */
export interface CorrelationText
  extends Pick<LoadedCorrelation, 'file' | 'line' | 'name' | 'text' | 'choices' | 'off' | 'parts'> {
  readonly text: EmbeddedText;
}

/**
 * Compiles correlations together with the rules that they refer to: those of their own source, and `rules`, by their names, each of which stands
 * alone in its source.
 */
export function linkCorrelations(
  texts: readonly CorrelationText[],
  rules: ReadonlyMap<string, CompiledRule>,
  options: CompileOptions,
): { readonly correlations: readonly LoadedCorrelation[]; readonly problems: readonly LoadProblem[] } {
  if (texts.length === 0) return { correlations: [], problems: [] };
  const sources = new Map(texts.map(({ name, text }) => [name, text.text]));
  const results = compileRuleSet(sources, { ...options, compiled: rules });
  const correlations: LoadedCorrelation[] = [];
  const problems: LoadProblem[] = [];
  for (const text of texts) {
    const result = results.get(text.name);
    if (result?.ok === false)
      problems.push(...result.errors.map((error) => diagnosticProblem(text.file, text.text, error)));
    if (result?.ok === true && result.kind === 'correlation')
      correlations.push({ ...text, compiled: result.correlation, findings: result.findings });
  }
  return { correlations, problems };
}
