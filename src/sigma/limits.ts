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
  /** Instructions of all regular expressions of one document, compiled. */
  readonly maxRegexInstructions: number;
  /** UTF-16 units, and names between dots, of one field name. */
  readonly maxFieldLength: number;
  readonly maxFieldSegments: number;
  /** Modifiers on one field. */
  readonly maxModifiers: number;
  /** Variants that modifiers such as `windash` and `expand` may make of one value. */
  readonly maxVariants: number;
  /** Nodes that the conditions of one document refer to, repetitions counted. */
  readonly maxReferences: number;
  /** Values of one document, variants counted, and UTF-16 units of all of them. */
  readonly maxValues: number;
  readonly maxValueUnits: number;
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
  maxRegexLength: 1024,
  maxRegexInstructions: 20_000,
  maxFieldLength: 1024,
  maxFieldSegments: 64,
  maxModifiers: 8,
  maxVariants: 1000,
  maxReferences: 20_000,
  maxValues: 50_000,
  maxValueUnits: 4 * 1024 * 1024,
  maxDiagnostics: 50,
});
