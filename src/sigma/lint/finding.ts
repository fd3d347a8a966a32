import type { Severity } from '../diagnostics.ts';
import type { RuleDocument } from '../document/rule-document.ts';
import type { Plan } from '../plan/nodes.ts';
import type { Place } from '../source-text.ts';
import type { YamlMapping } from '../yaml/tree.ts';

/** What a lint looks at. */
export interface LintSubject {
  readonly document: RuleDocument;
  readonly plan: Plan;
  /** The document as it stands in the source. */
  readonly root: YamlMapping;
  readonly appliesToKubernetesAudit: boolean;
}

/** One thing that may be wrong with a rule that compiles. */
export interface Lint {
  readonly code: string;
  readonly severity: Severity;
  /** What it means, for the documentation. */
  readonly meaning: string;
  readonly remedy: string;
  find(subject: LintSubject): readonly LintFinding[];
}

interface LintFinding {
  readonly message: string;
  readonly place: Place;
  /** The place in the document. */
  readonly path: string;
}
