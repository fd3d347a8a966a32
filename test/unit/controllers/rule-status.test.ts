import assert from 'node:assert/strict';
import type { RuleTotals } from '../../../src/alerts/index.ts';
import type { RuleAlerts } from '../../../src/controllers/detection-rule/budget-status.ts';
import { compileRoot } from '../../../src/controllers/detection-rule/compile-root.ts';
import { resolveRule } from '../../../src/controllers/detection-rule/resolve-rule.ts';
import {
  type DetectionRuleStatus,
  type Observations,
  ruleStatus,
} from '../../../src/controllers/detection-rule/rule-status.ts';
import type { Replicas } from '../../../src/controllers/version-conditions.ts';
import { detectionRule, SIGMA } from './rules.ts';

const NOW = '2026-11-24T08:00:00Z';
const LATER = '2026-11-24T09:00:00Z';
const UNKNOWN = 'Observable Unknown NotAccepted';
const EVERYWHERE = { running: 2, total: 2 };
const ROOM = { count: 3, limit: 10, total: 30, totalLimit: 100, overflow: undefined };

function observed(replicas: Replicas, totals?: RuleTotals, alerts: RuleAlerts = ROOM): Observations {
  return { replicas, totals, knowledge: undefined, alerts };
}

describe('the status of a DetectionRule', () => {
  const resolve = (rule: ReturnType<typeof detectionRule>, before?: ReturnType<typeof resolveRule>) =>
    resolveRule(rule, before, (source) => compileRoot(source));
  const accepted = detectionRule(1, { sigma: SIGMA.creates });
  const refused = detectionRule(2, { sigma: SIGMA.broken });
  const conditions = (status: DetectionRuleStatus): readonly string[] =>
    (status.conditions ?? [])
      .filter(({ type }) => type !== 'WithinBudget')
      .map(({ type, status: value, reason }) => `${type} ${value} ${reason}`);

  const cases: readonly {
    readonly title: string;
    readonly rule: ReturnType<typeof detectionRule>;
    readonly before?: ReturnType<typeof detectionRule>;
    readonly replicas?: { readonly running: number; readonly total: number };
    readonly expected: readonly string[];
    readonly ready: RegExp;
  }[] = [
    {
      title: 'runs everywhere',
      rule: accepted,
      expected: ['Accepted True Compiled', 'Ready True Running', 'Stalled False Progressing', UNKNOWN],
      ready: /^The rule runs on 2 of 2 replicas\.$/,
    },
    {
      title: 'runs on one of two replicas',
      rule: accepted,
      replicas: { running: 1, total: 2 },
      expected: ['Accepted True Compiled', 'Ready False RollingOut', 'Stalled False Progressing', UNKNOWN],
      ready: /^The rule runs on 1 of 2 replicas\.$/,
    },
    {
      title: 'has no replica that could run it',
      rule: accepted,
      replicas: { running: 0, total: 0 },
      expected: ['Accepted True Compiled', 'Ready False RollingOut', 'Stalled False Progressing', UNKNOWN],
      ready: /0 of 0/,
    },
    {
      title: 'is off',
      rule: detectionRule(1, { sigma: SIGMA.creates, mode: 'Off' }),
      replicas: { running: 0, total: 2 },
      expected: ['Accepted True Compiled', 'Ready True Off', 'Stalled False Progressing', UNKNOWN],
      ready: /switched off/,
    },
    {
      title: 'is refused, and never was accepted',
      rule: refused,
      expected: ['Accepted False UnknownModifier', 'Ready False Refused', 'Stalled True Refused', UNKNOWN],
      ready: /^Nothing runs\.$/,
    },
    {
      title: 'is refused, and an earlier version runs',
      rule: refused,
      before: accepted,
      expected: ['Accepted False UnknownModifier', 'Ready False Refused', 'Stalled True Refused', UNKNOWN],
      ready: /^An earlier version runs on 2 of 2 replicas\.$/,
    },
  ];
  for (const { title, rule, before, replicas = EVERYWHERE, expected, ready } of cases) {
    it(`of a rule that ${title}`, () => {
      const resolved = resolve(rule, before && resolve(before));
      const status = ruleStatus(rule, resolved, observed(replicas), NOW);
      assert.deepEqual(conditions(status), expected);
      assert.match(status.conditions?.find(({ type }) => type === 'Ready')?.message ?? '', ready);
      assert.equal(status.observedGeneration, rule.metadata.generation);
      for (const { observedGeneration, lastTransitionTime } of status.conditions ?? []) {
        assert.equal(observedGeneration, rule.metadata.generation);
        assert.equal(lastTransitionTime, NOW);
      }
      assert.deepEqual(status.replicas, replicas);
    });
  }

  it('shows where and why a text was refused, and which version goes on', () => {
    const status = ruleStatus(refused, resolve(refused, resolve(accepted)), observed(EVERYWHERE), NOW);
    const message = status.conditions?.find(({ type }) => type === 'Accepted')?.message ?? '';
    assert.match(
      message,
      /^Generation 2 was refused\. Generation 1, the last one that was accepted, goes on running\.\n/,
    );
    assert.match(message, /at 5:10 .*\n {2}5 \| {5}verb\|startwith: cre\n {4}\| {10}\^{9}\n/);
    assert.equal(status.accepted?.generation, 1);
    assert.equal(status.accepted?.sigma, SIGMA.creates);
    assert.equal(status.rule?.title, 'Test');
  });

  it('says the same again without a new time, and a changed condition with one', () => {
    const first = ruleStatus(accepted, resolve(accepted), observed(EVERYWHERE), NOW);
    const rule = { ...accepted, status: first };
    assert.deepEqual(ruleStatus(rule, resolve(rule), observed(EVERYWHERE), LATER), first);
    const rolling = ruleStatus(rule, resolve(rule), observed({ running: 1, total: 2 }), LATER);
    assert.deepEqual(
      rolling.conditions?.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
      [
        ['Accepted', NOW],
        ['Ready', LATER],
        ['Stalled', NOW],
        ['Observable', NOW],
        ['WithinBudget', NOW],
      ],
    );
  });

  it('keeps conditions that others wrote', () => {
    const foreign = {
      type: 'Reviewed',
      status: 'True' as const,
      reason: 'Ok',
      message: '',
      lastTransitionTime: NOW,
    };
    const rule = { ...accepted, status: { conditions: [foreign] } };
    const status = ruleStatus(rule, resolve(rule), observed(EVERYWHERE), LATER);
    assert.deepEqual(status.conditions?.[0], foreign);
  });

  it('has totals, zero where nothing matched yet', () => {
    const none = ruleStatus(accepted, resolve(accepted), observed(EVERYWHERE), NOW);
    assert.deepEqual(
      [none.matches, none.lastMatch, none.leftOut],
      [0, undefined, { outcome: 0, dryRun: 0, filter: 0 }],
    );
    const totals = { matches: 3, lastMatch: LATER, leftOut: { outcome: 2, dryRun: 1 } };
    const some = ruleStatus(accepted, resolve(accepted), observed(EVERYWHERE, totals), NOW);
    assert.deepEqual([some.matches, some.lastMatch, some.leftOut], [3, LATER, { outcome: 2, dryRun: 1, filter: 0 }]);
  });

  it('lists the findings, and counts them in the Accepted condition', () => {
    const rule = detectionRule(1, { sigma: SIGMA.deletes });
    const status = ruleStatus(rule, resolve(rule), observed(EVERYWHERE), NOW);
    const count = status.findings?.length ?? 0;
    assert.ok(status.findings?.some(({ code, line }) => code === 'DeleteWithoutDeletecollection' && line === 5));
    const message = status.conditions?.find(({ type }) => type === 'Accepted')?.message ?? '';
    assert.match(message, new RegExp(`${count} remarks? in status\\.findings`));
  });

  it('prefers the severity of the spec, else has the rule’s level', () => {
    const of = (rule: ReturnType<typeof detectionRule>) =>
      ruleStatus(rule, resolve(rule), observed(EVERYWHERE), NOW).severity;
    assert.equal(of(accepted), 'low');
    assert.equal(of(detectionRule(1, { sigma: SIGMA.creates, severity: 'critical' })), 'critical');
  });

  for (const [title, alerts, expected, message] of [
    ['has room', ROOM, 'True HasRoom', /up to 10/],
    [
      'has used up its budget',
      { ...ROOM, count: 10 },
      'False RuleBudgetUsedUp',
      /All 10 Alerts.*--max-alerts-per-rule/,
    ],
    [
      'has used it up and goes on',
      { ...ROOM, count: 10, overflow: 'test-rest' },
      'False RuleBudgetUsedUp',
      /test-rest/,
    ],
    ['shares a used up budget', { ...ROOM, total: 100 }, 'False ClusterBudgetUsedUp', /All 100 Alerts of the cluster/],
    ['had no room for one actor', { ...ROOM, overflow: 'test-rest' }, 'False Overflowed', /one actor.*test-rest/],
  ] as const) {
    it(`says how many Alerts there are, and whether there is room: a rule that ${title}`, () => {
      const status = ruleStatus(accepted, resolve(accepted), observed(EVERYWHERE, undefined, alerts), NOW);
      const condition = status.conditions?.find(({ type }) => type === 'WithinBudget');
      assert.equal(`${condition?.status} ${condition?.reason}`, expected);
      assert.match(condition?.message ?? '', message);
      assert.equal(status.alerts, alerts.count);
    });
  }
});
