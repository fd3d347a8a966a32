import type { Outcome } from '../audit/index.ts';
import type { CompiledCorrelation, CompiledRule, RuleDocument } from '../sigma/index.ts';
import type { AlertChoices, EventSubject } from './alert-choices.ts';
import { type Grouping, groupingOf } from './group-by.ts';
import { type Severity, severityOf } from './severity.ts';

/** What the text of a DetectionRule compiles to: a detection rule, or a correlation over several. */
export type CompiledRoot =
  | { readonly kind: 'rule'; readonly rule: CompiledRule }
  | { readonly kind: 'correlation'; readonly correlation: CompiledCorrelation };

export function documentOf(root: CompiledRoot): RuleDocument {
  return root.kind === 'rule' ? root.rule.document : root.correlation.document;
}

/** A rule that runs: a compiled Sigma rule and the choices that stand beside it in the DetectionRule. */
export interface ActiveRule {
  /** Name of the DetectionRule. */
  readonly name: string;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly root: CompiledRoot;
  /** Title, author and the like, of the root. */
  readonly document: RuleDocument;
  readonly severity: Severity;
  /** The tactics and techniques of ATT&CK that it detects, in words. */
  readonly attack: readonly string[];
  /** Outcomes that raise an Alert. */
  readonly outcomes: ReadonlySet<Outcome>;
  readonly dryRuns: boolean;
  readonly grouping: Grouping;
  /** What Kubernetes Events are about: the objects that were touched, or the DetectionRule. */
  readonly events: EventSubject;
}

/** The choices of a DetectionRule's spec; absent ones have the defaults that the CRD documents. */
export interface RuleChoices {
  readonly severity?: Severity | undefined;
  readonly outcome?: readonly Outcome[] | undefined;
  readonly dryRun?: 'Exclude' | 'Include' | undefined;
  readonly alert?: AlertChoices | undefined;
}

export function activeRule(
  name: string,
  hash: string,
  root: CompiledRoot,
  choices: RuleChoices,
  attack: readonly string[],
  defaults: AlertChoices = {},
): ActiveRule {
  return Object.freeze({
    name,
    hash,
    root,
    document: documentOf(root),
    severity: severityOf(choices.severity, documentOf(root).level),
    attack,
    outcomes: choices.outcome === undefined ? defaultOutcomes(root) : new Set(choices.outcome),
    dryRuns: choices.dryRun === 'Include',
    grouping: groupingOf(choices.alert?.groupBy ?? defaults.groupBy),
    events: choices.alert?.events ?? defaults.events ?? 'Object',
  });
}

const EVERY_OUTCOME: ReadonlySet<Outcome> = new Set(['Allowed', 'Denied', 'Failed', 'Unknown']);
const ALL_BUT_FAILED: ReadonlySet<Outcome> = new Set(['Allowed', 'Denied', 'Unknown']);

/** A request that failed changed nothing: it counts only for a rule that asks about the answer itself (semantics 7). */
function defaultOutcomes(root: CompiledRoot): ReadonlySet<Outcome> {
  const rules = root.kind === 'rule' ? [root.rule] : root.correlation.sources.map(({ rule }) => rule);
  const asksForAnswer = rules
    .flatMap(({ testedFields }) => testedFields)
    .some((field) => field === 'responseStatus' || field.startsWith('responseStatus.'));
  return asksForAnswer ? EVERY_OUTCOME : ALL_BUT_FAILED;
}
