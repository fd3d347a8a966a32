import type { Severity } from '../diagnostics.ts';
import type { Place } from '../source-text.ts';
import type { TextEdit } from '../text-edit.ts';
import type { LintSubject } from './subject.ts';

/** Something that may be wrong with a rule or filter that compiles. */
export interface Lint {
  readonly code: string;
  readonly severity: Severity;
  /** What it means, for the documentation. */
  readonly meaning: string;
  readonly remedy: string;
  /** For the documentation: lines that have the finding, as they stand in a rule (below `detection:` unless they begin with another attribute). */
  readonly example: string;
  /** The kinds of document that it looks at; by default detection rules. */
  readonly kinds?: readonly LintSubject['kind'][];
  /** Only the first findings are asked for: what is costly is done lazily. */
  find(subject: LintSubject): Iterable<LintFinding>;
}

export interface LintFinding {
  readonly message: string;
  readonly place: Place;
  /** The place in the document. */
  readonly path: string;
  /** Instead of the lint's own. */
  readonly remedy?: string | undefined;
  /**
   * Edits of the source that settle the finding. Only where they are safe: the rule then sees at least every event that it saw before, and what it sees
   * in addition is what its author plainly meant.
   */
  readonly fix?: readonly TextEdit[] | undefined;
}
