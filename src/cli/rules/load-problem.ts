import type { Diagnostic, Severity } from '../../sigma/index.ts';
import type { EmbeddedText } from './embedded-text.ts';

/** A rule, or a file, that cannot be used. */
export interface LoadProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy: string;
  readonly diagnostic?: Diagnostic;
}

interface LoadProblemEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
  /** For the documentation. */
  readonly example: string;
}

/** What can be wrong with files of rules beside the rules themselves. */
export const LOAD_PROBLEMS = Object.freeze({
  InvalidManifest: {
    severity: 'error',
    meaning: 'A DetectionRule or DetectionFilter has no name, no Sigma text, or a choice that the CRD does not know.',
    remedy: 'Correct the manifest; docs/reference/api.md describes every field.',
    example: 'spec:\n  severity: severe',
  },
  FileTooLarge: {
    severity: 'error',
    meaning: 'A file is larger than 64 MiB.',
    remedy: 'Split it; one file may hold many rules, but not that many.',
    example: 'sigma-operator lint everything.yaml',
  },
  NoRuleInFile: {
    severity: 'error',
    meaning: 'A file that was named holds no Sigma rule, no DetectionRule and no DetectionFilter.',
    remedy: 'Give a file with rules.',
    example: 'sigma-operator lint deployment.yaml',
  },
  SeveralRulesInManifest: {
    severity: 'error',
    meaning:
      'The Sigma text of a DetectionRule holds several rules; it has exactly one, or a correlation with its base rules.',
    remedy: 'Put each rule into a DetectionRule of its own.',
    example: 'spec:\n  sigma: |\n    title: One\n    …\n    ---\n    title: Two\n    …',
  },
  InvalidTest: {
    severity: 'error',
    meaning: 'A test of a rule is not written as tests are, or its rule or log is not there.',
    remedy: 'Correct it; docs/test-rules.md describes the format.',
    example: 'tests:\n  - name: reads of secrets\n    event: { verb: get }\n    matches: yes',
  },
  NotImported: {
    severity: 'error',
    meaning: 'A rule cannot be written as a manifest, or its manifest cannot be updated.',
    remedy: 'The message says why; write the manifest by hand, and import again: it is then left as it is.',
    example: 'sigma-operator import sigma/ --out detections/',
  },
} as const satisfies Readonly<Record<string, LoadProblemEntry>>);

export function loadProblem(
  code: keyof typeof LOAD_PROBLEMS,
  file: string,
  place: { readonly line: number; readonly column: number },
  message: string,
): LoadProblem {
  const { severity, remedy } = LOAD_PROBLEMS[code];
  return { file, ...place, code, severity, message, remedy };
}

/** A diagnostic of a text at its place in the file. */
export function diagnosticProblem(file: string, text: EmbeddedText, diagnostic: Diagnostic): LoadProblem {
  const { code, severity, message, remedy, line, column } = diagnostic;
  return { file, ...text.placeOf(line, column), code, severity, message, remedy, diagnostic };
}
