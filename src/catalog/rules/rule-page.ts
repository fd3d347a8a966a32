import type { Diagnostic } from '../../sigma/index.ts';
import type { AttackCoverage } from '../attack/attack-coverage.ts';
import type { DetectionStages } from '../detection/detection-view.ts';
import type { Indicator } from '../detection/indicators.ts';
import type { EventCoverage } from '../events/event-coverage.ts';
import type { LoggedOperation } from '../observability/logged-operations.ts';
import type { Observability } from '../observability/observability.ts';
import type { CorrelatedRule, CorrelationView } from './correlation-page.ts';
import type { RuleChoices } from './entry.ts';
import type { RuleMetadata } from './metadata.ts';
import type { SameActionRule } from './same-action.ts';

/** All that is known about a rule. Plain data: it survives JSON. */
export type RulePage = CompiledRulePage | CorrelationPage | BrokenRulePage;

interface PageOrigin {
  /** Unique in the catalog. */
  readonly key: string;
  readonly title: string;
  /** The name of the DetectionRule. */
  readonly name?: string;
  readonly file?: string;
  /** The rule body, unchanged. */
  readonly source: string;
  readonly choices?: RuleChoices;
}

/** The page of a rule that does not compile: why, and its text. */
interface BrokenRulePage extends PageOrigin {
  readonly kind: 'broken';
  readonly errors: readonly Diagnostic[];
}

export interface CompiledRulePage extends PageOrigin {
  readonly kind: 'rule';
  readonly findings: readonly Diagnostic[];
  readonly metadata: RuleMetadata;
  readonly attack: AttackCoverage;
  /** Absent where the rule is not about Kubernetes audit events. */
  readonly events?: EventCoverage;
  readonly observability: Observability;
  /** What the policy logs of each watched operation, where one is given. */
  readonly logged?: readonly LoggedOperation[];
  /** Absent where the rule is not about Kubernetes audit events. */
  readonly sameAction?: SameAction;
  readonly stages: DetectionStages;
  readonly indicators: readonly CountedIndicator[];
}

/** The page of a correlation. What the rules that feed it compare, and who else does, is on their pages. */
export interface CorrelationPage extends PageOrigin {
  readonly kind: 'correlation';
  readonly findings: readonly Diagnostic[];
  readonly metadata: RuleMetadata;
  readonly attack: AttackCoverage;
  readonly correlations: readonly CorrelationView[];
  readonly rules: readonly CorrelatedRule[];
}

export interface SameAction {
  /** Rules that constrain the resource and share an operation, most overlapping first. Empty where this rule constrains none. */
  readonly rules: readonly SameActionRule[];
  /** Rules that constrain no resource, and so may watch the same operations, or any others. */
  readonly unconstrained: readonly { readonly key: string; readonly title: string; readonly id?: string }[];
}

export interface CountedIndicator extends Indicator {
  /** How many other rules of the same log source look for the same combination. 0 is printed blank: it is specific to this rule. */
  readonly otherRules: number;
}
