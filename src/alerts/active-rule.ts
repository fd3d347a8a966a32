import type { Outcome } from '../audit/index.ts';
import type { CompiledRule } from '../sigma/index.ts';
import { type GroupDimension, type Grouping, groupingOf } from './group-by.ts';
import { type Severity, severityOf } from './severity.ts';

/** A rule that runs: a compiled Sigma rule and the choices that stand beside it in the DetectionRule. */
export interface ActiveRule {
  /** Name of the DetectionRule. */
  readonly name: string;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly compiled: CompiledRule;
  readonly severity: Severity;
  /** The tactics and techniques of ATT&CK that it detects, in words. */
  readonly attack: readonly string[];
  /** Outcomes that raise an Alert. */
  readonly outcomes: ReadonlySet<Outcome>;
  readonly dryRuns: boolean;
  readonly grouping: Grouping;
  readonly events: boolean;
  /** Whether the condition tests `stage`: then the rule sees the stages that it selects, and no others (semantics 1). */
  readonly testsStage: boolean;
}

/** The choices of a DetectionRule's spec; absent ones have the defaults that the CRD documents. */
export interface RuleChoices {
  readonly severity?: Severity | undefined;
  readonly outcome?: readonly Outcome[] | undefined;
  readonly dryRun?: 'Exclude' | 'Include' | undefined;
  readonly alert?: AlertChoices | undefined;
}

interface AlertChoices {
  readonly groupBy?: readonly GroupDimension[] | undefined;
  readonly events?: 'Object' | 'None' | undefined;
}

export function activeRule(
  name: string,
  hash: string,
  compiled: CompiledRule,
  choices: RuleChoices,
  attack: readonly string[],
): ActiveRule {
  return Object.freeze({
    name,
    hash,
    compiled,
    severity: severityOf(choices.severity, compiled.document.level),
    attack,
    outcomes: new Set(choices.outcome ?? defaultOutcomes(compiled)),
    dryRuns: choices.dryRun === 'Include',
    grouping: groupingOf(choices.alert?.groupBy),
    events: choices.alert?.events !== 'None',
    testsStage: compiled.testedFields.includes('stage'),
  });
}

/** A request that failed changed nothing: it counts only for a rule that asks about the answer itself (semantics 7). */
function defaultOutcomes(compiled: CompiledRule): readonly Outcome[] {
  const asksForAnswer = compiled.testedFields.some(
    (field) => field === 'responseStatus' || field.startsWith('responseStatus.'),
  );
  return asksForAnswer ? ['Allowed', 'Denied', 'Failed', 'Unknown'] : ['Allowed', 'Denied', 'Unknown'];
}
