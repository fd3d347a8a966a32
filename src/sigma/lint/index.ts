import { createDiagnostic, type Diagnostic } from '../diagnostics.ts';
import type { SourceText } from '../source-text.ts';
import { deleteWithoutDeletecollection } from './delete-without-deletecollection.ts';
import type { Lint, LintSubject } from './finding.ts';

/** Every lint. */
const LINTS: readonly Lint[] = Object.freeze([deleteWithoutDeletecollection]);

/** What the lints find in a compiled rule. */
export function lintPlan(subject: LintSubject, source: SourceText): readonly Diagnostic[] {
  return LINTS.flatMap((lint) =>
    lint.find(subject).map(({ message, place, path }) => {
      const { code, severity, remedy } = lint;
      return createDiagnostic(source, { code, severity, message, remedy, path }, place);
    }),
  );
}
