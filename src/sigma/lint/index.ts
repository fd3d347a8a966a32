import { createDiagnostic, type Diagnostic, type DiagnosticSink } from '../diagnostics.ts';
import type { SourceText } from '../source-text.ts';
import { deleteWithoutDeletecollection } from './delete-without-deletecollection.ts';
import { fixOfDiagnostic } from './diagnostic-fixes.ts';
import { emptyTextForAbsent } from './empty-text-for-absent.ts';
import { escapedWildcard } from './escaped-wildcard.ts';
import { exclusionTrustsSourceIps, exclusionTrustsUserAgent, filterNamesControllerOnly } from './exclusions.ts';
import { execByCreateOnly } from './exec-by-create-only.ts';
import { exponentialRegex } from './exponential-regex.ts';
import type { Lint, LintFinding } from './finding.ts';
import { mappedField } from './mapped-field.ts';
import { notLowerCase, otherKubernetesLogsource, unknownRelation } from './metadata.ts';
import { podsWithSubresources } from './pods-with-subresources.ts';
import { mappedValue, statusCodeAsText } from './status-code-as-text.ts';
import { type LintedDocument, LintSubject } from './subject.ts';
import { duplicateTag, invalidTag } from './tags.ts';
import { unknownField } from './unknown-field.ts';
import { unknownVerb } from './unknown-verb.ts';

/** Every lint. */
export const LINTS: readonly Lint[] = Object.freeze([
  unknownField,
  mappedField,
  mappedValue,
  unknownVerb,
  deleteWithoutDeletecollection,
  execByCreateOnly,
  podsWithSubresources,
  emptyTextForAbsent,
  statusCodeAsText,
  exclusionTrustsUserAgent,
  exclusionTrustsSourceIps,
  filterNamesControllerOnly,
  otherKubernetesLogsource,
  escapedWildcard,
  exponentialRegex,
  invalidTag,
  duplicateTag,
  notLowerCase,
  unknownRelation,
]);

/** Of one lint in one document. */
const MAX_FINDINGS = 50;

/** Reports to `sink` what the lints find in a document that was compiled without errors, in the order of the source. */
export function lintDocument(document: Omit<LintedDocument, 'source'>, sink: DiagnosticSink): void {
  const subject = new LintSubject({ ...document, source: sink.source });
  sink.addFixes((diagnostic) => fixOfDiagnostic(diagnostic, subject));
  const lints = LINTS.filter(({ kinds = ['detection'] }) => kinds.includes(document.kind));
  const findings = lints.flatMap((lint) =>
    Iterator.from(lint.find(subject))
      .take(MAX_FINDINGS)
      .map((finding) => findingOf(lint, finding, sink.source))
      .toArray(),
  );
  for (const finding of findings.toSorted((a, b) => a.offset - b.offset)) sink.add(finding);
}

function findingOf({ code, severity, remedy }: Lint, finding: LintFinding, source: SourceText): Diagnostic {
  const { message, place, path, fix } = finding;
  return createDiagnostic(source, { code, severity, message, remedy: finding.remedy ?? remedy, path, fix }, place);
}
