import { displayText, documentOf, type RuleTotals, severityOf } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { type Condition, setCondition } from '../../kube/index.ts';
import type { Verdict } from '../verdict.ts';
import { type Replicas, readyCondition, refusedCondition, stalledCondition } from '../version-conditions.ts';
import { type RuleAlerts, withinBudget } from './budget-status.ts';
import type { AcceptedVersion, ResolvedRule } from './resolve-rule.ts';
import type { RuleKnowledge } from './rule-knowledge.ts';

export type DetectionRuleStatus = NonNullable<DetectionRule['status']>;

/** What is known of a rule besides its text. */
export interface Observations {
  readonly replicas: Replicas;
  readonly totals: RuleTotals | undefined;
  readonly knowledge: RuleKnowledge | undefined;
  readonly alerts: RuleAlerts;
}

const MAX_FINDINGS = 16;

/** What a DetectionRule's status should say. Pure: `now` is RFC 3339, and only conditions that change take it. */
export function ruleStatus(
  rule: DetectionRule,
  resolved: ResolvedRule,
  { replicas, totals, knowledge, alerts }: Observations,
  now: string,
): DetectionRuleStatus {
  const { accepted, errors } = resolved;
  const wanted = [
    acceptedCondition(resolved),
    runningCondition(rule, resolved, replicas),
    stalledCondition(resolved),
    observableCondition(knowledge),
    withinBudget(alerts),
  ];
  const conditions = wanted.reduce<readonly Condition[]>(
    (all, condition) => setCondition(all, { ...condition, observedGeneration: resolved.generation }, now),
    rule.status?.conditions ?? [],
  );
  return {
    observedGeneration: resolved.generation,
    conditions: [...conditions],
    ...(accepted !== undefined && {
      accepted: { generation: accepted.generation, hash: accepted.hash, sigma: accepted.text.sigma },
      replicas: { ...replicas },
      rule: summary(accepted),
      ...(knowledge !== undefined && { watches: [...knowledge.watches] }),
      ...(knowledge?.level !== undefined && { level: knowledge.level }),
      severity: severityOf(rule.spec.severity, documentOf(accepted.root).level),
      findings: findings(accepted),
    }),
    ...(errors.length > 0 && accepted === undefined && { replicas: { ...replicas } }),
    alerts: alerts.count,
    matches: totals?.matches ?? 0,
    ...(totals?.lastMatch !== undefined && { lastMatch: totals.lastMatch }),
    leftOut: { outcome: 0, dryRun: 0, filter: 0, ...totals?.leftOut },
  };
}

function acceptedCondition(resolved: ResolvedRule): Verdict {
  const { errors, accepted } = resolved;
  const [first] = errors;
  if (first === undefined) {
    const count = accepted?.findings.length ?? 0;
    const remarks = count === 0 ? '' : `; ${count} ${count === 1 ? 'remark' : 'remarks'} in status.findings`;
    return { type: 'Accepted', status: 'True', reason: 'Compiled', message: `The rule was compiled${remarks}.` };
  }
  const fallback =
    accepted === undefined
      ? 'No version of this rule runs.'
      : `Generation ${accepted.generation}, the last one that was accepted, goes on running.`;
  return refusedCondition(resolved, first.code, fallback);
}

function runningCondition({ spec }: DetectionRule, resolved: ResolvedRule, replicas: Replicas): Verdict {
  return resolved.errors.length === 0 && spec.mode === 'Off'
    ? { type: 'Ready', status: 'True', reason: 'Off', message: 'The rule is switched off (spec.mode).' }
    : readyCondition('rule', resolved, replicas);
}

function observableCondition(knowledge: RuleKnowledge | undefined): Verdict {
  if (knowledge === undefined) {
    return { type: 'Observable', status: 'Unknown', reason: 'NotAccepted', message: 'No version was accepted yet.' };
  }
  const { status, reason, message } = knowledge.observable;
  return { type: 'Observable', status, reason, message: displayText(message, 4096) };
}

function summary({ root }: AcceptedVersion): NonNullable<DetectionRuleStatus['rule']> {
  const { title, id, status, level, author, license, tags } = documentOf(root);
  return {
    title: displayText(title, 256),
    ...(id !== undefined && { id: displayText(id, 64) }),
    ...(status !== undefined && { status: displayText(status, 32) }),
    ...(level !== undefined && { level: displayText(level, 32) }),
    ...(author !== undefined && { author: displayText(author, 1024) }),
    ...(license !== undefined && { license: displayText(license, 256) }),
    ...(tags !== undefined && { tags: tags.slice(0, 64).map((tag) => displayText(tag, 128)) }),
  };
}

function findings(accepted: AcceptedVersion): NonNullable<DetectionRuleStatus['findings']> {
  return accepted.findings.slice(0, MAX_FINDINGS).map(({ code, severity, line, column, message, remedy }) => ({
    code,
    severity,
    line,
    column,
    message: displayText(message, 1024),
    remedy: displayText(remedy, 1024),
  }));
}
