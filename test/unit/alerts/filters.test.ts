import assert from 'node:assert/strict';
import {
  type ActiveFilter,
  type ActiveRule,
  activeRule,
  type Detection,
  Detector,
  FiltersInForce,
  type RuleChoices,
  RulesInForce,
} from '../../../src/alerts/index.ts';
import { type AuditEvent, type AuditRecord, StageGate } from '../../../src/audit/index.ts';
import { compileCollection, compileFilter } from '../../../src/sigma/index.ts';
import { auditRecord } from './audit-records.ts';

const RULE_ID = '0c9b3bda-41a6-4442-9345-356ae86343dc';
const LOGSOURCE = 'logsource: {product: kubernetes, service: audit}';
const OWN = {
  username: 'operator',
  namespace: 'sigma-operator',
  placeholders: 'p',
  lookUps: new Set<string>(),
  hasExpired: () => false,
};

function rule(name: string, selection = 'verb|exists: true', choices: RuleChoices = {}, head = ''): ActiveRule {
  const text = `title: ${name}\n${LOGSOURCE}\n${head}detection:\n  selection: {${selection}}\n  condition: selection\n`;
  return root(name, text, choices);
}

function root(name: string, text: string, choices: RuleChoices = {}): ActiveRule {
  const result = compileCollection(text, { name });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  const compiled =
    result.kind === 'rule'
      ? ({ kind: 'rule', rule: result.rule } as const)
      : ({ kind: 'correlation', correlation: result.correlation } as const);
  return activeRule(name, 'aa', compiled, choices, []);
}

/** A filter that leaves out what the selection matches. */
function filter(name: string, selection: string, rules = 'any', expires?: string, condition = 'not s'): ActiveFilter {
  const result = compileFilter(
    `title: ${name}\n${LOGSOURCE}\nfilter:\n  rules: ${rules}\n  s: {${selection}}\n  condition: ${condition}\n`,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return { name, filter: result.filter, expiresAt: expires === undefined ? undefined : Date.parse(expires) };
}

/** Records of different requests, at offsets 100, 200, … */
function requests(...changes: readonly Partial<AuditEvent>[]): readonly AuditRecord[] {
  return changes.map((change, n) => auditRecord((n + 1) * 100, { auditID: `id-${n}`, ...change }));
}

function detect(
  records: readonly AuditRecord[],
  rules: readonly ActiveRule[],
  filters: readonly ActiveFilter[],
): Detection {
  const detector = new Detector({ cluster: 'test', own: OWN, stages: new StageGate() });
  const end = { position: { generation: 1, offset: 1_000_000 }, time: undefined };
  return detector.detect(records, RulesInForce.of(rules, { filters: new FiltersInForce(filters) }), end);
}

/** `rule: offsets` of the Alerts, and `-filter: count` of what was left out. */
function found({ alerts, suppressions }: Detection): readonly string[] {
  return [
    ...[...alerts.values()].map(
      ({ rule: { name }, hits }) => `${name}: ${hits.map(({ position }) => position.offset).join()}`,
    ),
    ...Object.entries(suppressions).map(([name, { count }]) => `-${name}: ${count}`),
  ];
}

const by = (username: string): Partial<AuditEvent> => ({ user: { username } });

describe('filters', () => {
  it('leave out what they select, and count it once for the rule and once for each filter', () => {
    const filters = [filter('a', 'user.username: bob'), filter('b', 'user.username: [bob, carol]')];
    const detection = detect(requests({}, by('bob'), by('carol'), by('dave')), [rule('x')], filters);
    assert.deepEqual(found(detection), ['x: 100', 'x: 400', '-a: 1', '-b: 2']);
    assert.equal(detection.totals['x']?.matches, 2);
    assert.deepEqual(detection.totals['x'].leftOut, { outcome: 0, dryRun: 0, filter: 2 });
  });

  it('say what they left out: by rule, and by who did what, with the last of each', () => {
    const status = {
      ...by('bob'),
      objectRef: { apiGroup: 'batch', resource: 'jobs', subresource: 'status', namespace: 'shop', name: 'x\u202e' },
    };
    const { suppressions } = detect(
      requests(status, by('bob'), { ...by('bob'), impersonatedUser: { username: 'eve' } }),
      [rule('x')],
      [filter('a', 'user.username: bob')],
    );
    assert.deepEqual(suppressions['a']?.byRule, { x: 3 });
    assert.deepEqual(Object.keys(suppressions['a'].requests), [
      'bob patch jobs.batch/status',
      'bob patch cronjobs.batch',
      'bob as eve patch cronjobs.batch',
    ]);
    assert.deepEqual(suppressions['a'].requests['bob patch jobs.batch/status'], {
      count: 1,
      last: {
        at: '2026-11-24T05:48:24.739583Z',
        rule: 'x',
        auditID: 'id-0',
        object: 'jobs.batch shop/x\\u{202e}',
        code: 200,
        from: '10.0.0.7',
        client: 'kubectl/v1.37.2 (linux/amd64) kubernetes/abcdef0',
      },
    });
  });

  it('count nothing that would not have raised an Alert', () => {
    const detection = detect(
      requests({ ...by('bob'), responseStatus: { code: 404 } }),
      [rule('x')],
      [filter('a', 'user.username: bob')],
    );
    assert.deepEqual(found(detection), []);
    assert.deepEqual(detection.totals['x']?.leftOut, { outcome: 1, dryRun: 0 });
  });

  it('count a request once over its stages', () => {
    const exec = {
      ...by('bob'),
      auditID: 'one',
      verb: 'create',
      objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
    };
    const stages = requests({ ...exec, stage: 'ResponseStarted' }, { ...exec, stage: 'ResponseComplete' });
    assert.deepEqual(found(detect(stages, [rule('x')], [filter('a', 'user.username: bob')])), ['-a: 1']);
  });

  const applies: readonly [title: string, rules: string, expected: readonly string[]][] = [
    ['to every rule', 'any', ['-a: 2']],
    ['to rules by id', `[${RULE_ID.toUpperCase()}]`, ['y: 100', '-a: 1']],
    ['to rules by name', '[x_by_name]', ['y: 100', '-a: 1']],
    ['to rules by the names of DetectionRules', '[y]', ['x: 100', '-a: 1']],
    ['to no rule', '[z]', ['x: 100', 'y: 100']],
  ];
  for (const [title, rules, expected] of applies) {
    it(`apply ${title}`, () => {
      const named = rule('x', undefined, {}, `id: ${RULE_ID}\nname: x_by_name\n`);
      const detection = detect(requests(by('bob')), [named, rule('y')], [filter('a', 'user.username: bob', rules)]);
      assert.deepEqual(found(detection), expected);
    });
  }

  it('keep only what they select, where their condition says so', () => {
    const keep = filter('keep', 'user.username: bob', 'any', undefined, 's');
    assert.deepEqual(found(detect(requests({}, by('bob')), [rule('x')], [keep])), ['x: 200', '-keep: 1']);
  });

  it('leave out nothing where they cannot know: the match is marked', () => {
    const records = requests({ verb: 'create' }).map((record) => ({ ...record, bodiesUnknown: true }));
    const detection = detect(records, [rule('x', 'verb: create')], [filter('a', 'requestObject.spec.hostPID: false')]);
    assert.deepEqual(found(detection), ['x: 100']);
    const [pending] = detection.alerts.values();
    assert.equal(pending?.hits[0]?.undetermined, true);
  });

  describe('that expire', () => {
    const at = (time: string): Partial<AuditEvent> => ({ ...by('bob'), requestReceivedTimestamp: time });
    const records = requests(at('2026-11-24T07:59:59.999999Z'), at('2026-11-24T08:00:00.000000Z'), {
      ...by('bob'),
      requestReceivedTimestamp: '',
    });

    it('leave out what the API server received before, whenever the log is read', () => {
      const expiring = filter('a', 'user.username: bob', 'any', '2026-11-24T08:00:00Z');
      assert.deepEqual(found(detect(records, [rule('x')], [expiring])), ['x: 200,300', '-a: 1']);
    });

    it('do not keep anything away where they kept only some', () => {
      const expiring = filter('a', 'user.username: carol', 'any', '2026-11-24T08:00:00Z', 's');
      assert.deepEqual(found(detect(records, [rule('x')], [expiring])), ['x: 200,300', '-a: 1']);
    });
  });

  describe('and correlations', () => {
    const MANY = `title: Many
correlation: {type: event_count, rules: [changes], group-by: [objectRef.namespace], timespan: 5m, condition: {gte: 2}}
---
title: A change
name: changes
${LOGSOURCE}
detection: {selection: {verb: patch}, condition: selection}
`;
    const records = requests({}, by('bob'), by('bob'));

    it('keep what they leave out of a base rule from the correlation', () => {
      const changes = filter('a', 'user.username: bob', '[changes]');
      assert.deepEqual(found(detect(records, [root('many', MANY)], [])), ['many: 200']);
      assert.deepEqual(found(detect(records, [root('many', MANY)], [changes])), ['-a: 2']);
    });

    it('do so, too, for a base rule with a life of its own', () => {
      const [head] = MANY.split('---\n');
      const base = rule('base', 'verb: patch', {}, 'name: changes\n');
      assert.ok(base.root.kind === 'rule');
      const found_ = { kind: 'rule', name: 'base', rule: base.root.rule } as const;
      const linked = compileCollection(head ?? '', { name: 'many', resolve: () => found_ });
      assert.ok(linked.ok && linked.kind === 'correlation');
      const many = activeRule('many', 'aa', { kind: 'correlation', correlation: linked.correlation }, {}, []);
      const detection = detect(records, [base, many], [filter('a', 'user.username: bob', '[base]')]);
      assert.deepEqual(found(detection), ['base: 100', '-a: 2']);
    });

    it('do not apply to the correlation itself', () => {
      const detection = detect(records, [root('many', MANY)], [filter('a', 'user.username: bob', '[many]')]);
      assert.deepEqual(found(detection), ['many: 200']);
    });
  });

  it('are those of the moment: rules that did not change keep what they were compiled to', () => {
    const rules = [rule('x')];
    const before = RulesInForce.of(rules);
    const after = RulesInForce.of(rules, { before, filters: new FiltersInForce([filter('a', 'user.username: bob')]) });
    const { event } = auditRecord(100, { user: { username: 'bob' } });
    const [match] = after.match(event, false);
    assert.ok(match);
    assert.equal(before.match(event, false)[0]?.watched, match.watched);
    assert.equal(before.filters.judge(match.watched, 'match', event, false).verdict, 'match');
    assert.equal(after.filters.judge(match.watched, 'match', event, false).verdict, 'no-match');
  });
});
