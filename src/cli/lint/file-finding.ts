import { type Diagnostic, diagnosticPage, lintSet, type Severity, type TextEdit } from '../../sigma/index.ts';
import type { EmbeddedText } from '../rules/embedded-text.ts';
import type { LoadProblem } from '../rules/load-problem.ts';
import type { LoadedRules } from '../rules/loaded.ts';

/** Something that is wrong with a rule, or may be, at its place in a file. */
export interface FileFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** Where the documentation explains it. */
  readonly docs: string;
  /** The place in the rule's document. */
  readonly path: string;
  /** The line with a caret; empty where there is none. */
  readonly excerpt: string;
  /** Edits of the file that settle it. */
  readonly fix: readonly TextEdit[] | undefined;
}

/** Everything that was found in files, in their order. */
export function fileFindings({ rules, correlations, filters, problems }: LoadedRules): readonly FileFinding[] {
  const bySet = lintSet(
    rules.map(({ compiled, syntax, file, line }) => ({
      document: compiled.document,
      syntax,
      place: `${file}:${line}`,
    })),
  );
  return [
    ...problems.map(fromProblem),
    ...rules.flatMap(({ file, text, findings }, index) =>
      [...findings, ...(bySet[index] ?? [])].map((finding) => fromDiagnostic(file, text, finding)),
    ),
    ...[...filters, ...correlations].flatMap(({ file, text, findings }) =>
      findings.map((finding) => fromDiagnostic(file, text, finding)),
    ),
  ].toSorted((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));
}

function fromDiagnostic(file: string, text: EmbeddedText, diagnostic: Diagnostic): FileFinding {
  const { severity, code, message, remedy, path, excerpt, line, column, fix } = diagnostic;
  const edits = fix?.map((edit) => text.editOf(edit));
  return {
    file,
    ...text.placeOf(line, column),
    severity,
    code,
    message,
    remedy,
    docs: diagnosticPage(diagnostic),
    path,
    excerpt,
    fix: edits?.every((edit) => edit !== undefined) === true ? edits.filter((edit) => edit !== undefined) : undefined,
  };
}

function fromProblem({ file, line, column, code, message, remedy, severity, diagnostic }: LoadProblem): FileFinding {
  const { path = '', excerpt = '' } = diagnostic ?? {};
  const docs = diagnosticPage({ code, severity });
  return { file, line, column, severity, code, message, remedy, docs, path, excerpt, fix: undefined };
}
