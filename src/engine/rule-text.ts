import type { CompiledRoot } from '../alerts/index.ts';
import { type CompileOptions, compileCollection, formatDiagnostic, type ResolvedReference } from '../sigma/index.ts';

/** A text that was accepted, with everything that it compiles from: it compiles to the same everywhere. Plain data. */
export interface RuleText {
  /** Of the DetectionRule: what correlations call it. */
  readonly name: string;
  readonly sigma: string;
  /** By name: the values of the placeholders that it asks for, as they were when it was accepted. */
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  /** By the id or name that it refers to: other rules, in the versions that it was accepted with. */
  readonly references: ReadonlyMap<string, RuleText>;
}

/** Throws where the text is refused, which means that it was not accepted by this release. */
export function compileText(
  { name, sigma, placeholders, references }: RuleText,
  options: Pick<CompileOptions, 'shared'> = {},
): CompiledRoot {
  const result = compileCollection(sigma, {
    ...options,
    name,
    // Who accepted the text has told of its findings.
    lint: false,
    placeholders: (placeholder) => placeholders.get(placeholder),
    resolve: (reference) => resolved(references.get(reference), options),
  });
  if (!result.ok)
    throw new Error(`the rule ${name} does not compile: ${result.errors.map(formatDiagnostic).join('\n')}`);
  return result.kind === 'rule'
    ? { kind: 'rule', rule: result.rule }
    : { kind: 'correlation', correlation: result.correlation };
}

function resolved(text: RuleText | undefined, options: Pick<CompileOptions, 'shared'>): ResolvedReference | undefined {
  return text === undefined ? undefined : { name: text.name, ...compileText(text, options) };
}
