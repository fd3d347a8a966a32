import type { CompiledCorrelation, CompiledRule, CorrelationNode } from '../../sigma/index.ts';
import { type EventCoverage, eventCoverage } from '../events/event-coverage.ts';
import { type LoggedOperation, loggedOperations } from '../observability/logged-operations.ts';
import { type Observability, observability } from '../observability/observability.ts';
import type { AuditPolicy } from '../policy/policy.ts';

/** What a correlation counts, or waits for. */
export interface CorrelationView {
  readonly title: string;
  readonly type: CorrelationNode['type'];
  /** In the order of the condition's terms. */
  readonly rules: readonly { readonly title: string; readonly aliases: Readonly<Record<string, string>> }[];
  readonly groupBy: readonly string[];
  /** In milliseconds. */
  readonly timespan: number;
  readonly condition: CorrelationNode['condition'];
}

/** A rule whose matches feed a correlation, and what it watches. */
export interface CorrelatedRule {
  readonly title: string;
  readonly id?: string;
  /** Set where the catalog has it. */
  readonly key?: string;
  /** Absent where the rule is not about Kubernetes audit events. */
  readonly events?: EventCoverage;
  readonly observability: Observability;
  /** What the policy logs of each watched operation, where one is given. */
  readonly logged?: readonly LoggedOperation[];
}

/** The correlations of a chain, each after those that it refers to; the last one is the one that the page is about. */
export function correlationViews({ nodes }: CompiledCorrelation): readonly CorrelationView[] {
  return nodes.map(({ document: { title }, type, steps, groupBy, timespan, condition }) => ({
    title,
    type,
    rules: steps.map((step) => ({ title: step.title, aliases: step.aliases })),
    groupBy,
    timespan,
    condition,
  }));
}

/** The rules that feed a correlation. */
export function correlatedRules(
  { sources }: CompiledCorrelation,
  keyOf: (rule: CompiledRule) => string | undefined,
  policy: AuditPolicy | undefined,
): readonly CorrelatedRule[] {
  return sources.map(({ rule }) => {
    const { title, id } = rule.document;
    const key = keyOf(rule);
    const isKubernetes = rule.appliesToKubernetesAudit;
    return {
      title,
      ...(id === undefined ? {} : { id }),
      ...(key === undefined ? {} : { key }),
      ...(isKubernetes ? { events: eventCoverage(rule) } : {}),
      observability: observability(rule, policy),
      ...(isKubernetes && policy !== undefined ? { logged: loggedOperations(rule, policy) } : {}),
    };
  });
}
