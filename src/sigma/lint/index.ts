import { createDiagnostic, type DiagnosticSink } from '../diagnostics.ts';
import { deleteWithoutDeletecollection } from './delete-without-deletecollection.ts';
import type { Lint, LintSubject } from './finding.ts';

/** Every lint. */
export const LINTS: readonly Lint[] = Object.freeze([deleteWithoutDeletecollection]);

/** Reports to `sink` what the lints find in a compiled rule. */
export function lintRule(subject: LintSubject, sink: DiagnosticSink): void {
  for (const lint of LINTS) {
    const { code, severity, remedy } = lint;
    for (const { message, place, path } of lint.find(subject))
      sink.add(createDiagnostic(sink.source, { code, severity, message, remedy, path }, place));
  }
}
