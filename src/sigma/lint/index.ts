import { createDiagnostic, type DiagnosticSink } from '../diagnostics.ts';
import { deleteWithoutDeletecollection } from './delete-without-deletecollection.ts';
import type { Lint, LintSubject } from './finding.ts';

/** Every lint. */
export const LINTS: readonly Lint[] = Object.freeze([deleteWithoutDeletecollection]);

/** Reports to `sink` what the lints find in a compiled rule. */
export function lintRule(subject: LintSubject, sink: DiagnosticSink): void {
  for (const { code, severity, remedy, find } of LINTS) {
    for (const { message, place, path } of find(subject))
      sink.add(createDiagnostic(sink.source, { code, severity, message, remedy, path }, place));
  }
}
