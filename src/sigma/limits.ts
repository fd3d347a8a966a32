/**
 * Bounds on what a rule may cost. A rule is untrusted text: beyond a limit it is refused with a diagnostic,
 * never cut off in silence.
 */
export interface Limits {
  /** Bytes of UTF-8 of one source text. */
  readonly maxSourceBytes: number;
  /** YAML documents in one source text. */
  readonly maxDocuments: number;
  /** YAML nodes of one source text, every alias counted with all that it stands for. */
  readonly maxNodes: number;
  /** Nesting of YAML collections, aliases expanded. */
  readonly maxDepth: number;
  /** UTF-16 units of one condition. */
  readonly maxConditionLength: number;
  /** Nesting of parentheses and `not` in one condition. */
  readonly maxConditionDepth: number;
  /** UTF-16 units of one regular expression. */
  readonly maxRegexLength: number;
  /** Variants that modifiers such as `windash` and `expand` may make of one value. */
  readonly maxVariants: number;
  /** Diagnostics reported for one source text. */
  readonly maxDiagnostics: number;
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxSourceBytes: 64 * 1024,
  maxDocuments: 100,
  maxNodes: 50_000,
  maxDepth: 64,
  maxConditionLength: 8192,
  maxConditionDepth: 64,
  maxRegexLength: 4096,
  maxVariants: 1000,
  maxDiagnostics: 50,
});
