import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alertName, type GroupKey } from '../../../src/alerts/index.ts';

const text = fc.string({ unit: 'binary', maxLength: 400 });
const key: fc.Arbitrary<GroupKey> = fc.record({
  cluster: text,
  actor: fc.option(text, { nil: undefined }),
  impersonated: fc.option(text, { nil: undefined }),
  operation: fc.constantFrom('create', 'change', 'delete', undefined),
  outcome: fc.constantFrom('Allowed', 'Denied', undefined),
  target: fc.record({
    kind: fc.constantFrom('object', 'path', 'any', 'overflow'),
    apiGroup: text,
    resource: text,
    namespace: text,
    name: text,
    cronJob: text,
    path: text,
  }),
});

const TARGET = { kind: 'object', apiGroup: '', resource: '', namespace: '', name: '', cronJob: '', path: '' } as const;

describe('alert name', () => {
  it('is a DNS subdomain of at most 253 characters for any content', () => {
    fc.assert(
      fc.property(text, key, (rule, group) => {
        const name = alertName(rule, group);
        assert.match(name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
        assert.ok(name.length <= 253);
      }),
    );
  });

  it('is the same for the same rule and group, and another for any other', () => {
    fc.assert(
      fc.property(text, key, text, key, (ruleA, groupA, ruleB, groupB) => {
        const same = JSON.stringify([ruleA, groupA]) === JSON.stringify([ruleB, groupB]);
        assert.equal(alertName(ruleA, groupA), alertName(ruleA, structuredClone(groupA)));
        assert.equal(alertName(ruleA, groupA) === alertName(ruleB, groupB), same);
      }),
    );
  });

  it('does not confuse neighbouring fields', () => {
    const group: GroupKey = {
      cluster: '',
      actor: 'a',
      impersonated: undefined,
      operation: 'create',
      outcome: 'Allowed',
      target: { ...TARGET, resource: 'pods', namespace: 'x', name: 'yz' },
    };
    const other = { ...group, target: { ...group.target, namespace: 'xy', name: 'z' } };
    assert.notEqual(alertName('rule', group), alertName('rule', other));
    assert.notEqual(alertName('rule', group), alertName('rule', { ...group, impersonated: '' }));
    assert.notEqual(alertName('rule', { ...group, actor: '' }), alertName('rule', { ...group, actor: undefined }));
    assert.notEqual(alertName('rule', group), alertName('rule', group, 1));
  });

  it('begins with the name of the rule', () => {
    const group: GroupKey = {
      cluster: '',
      actor: 'alice',
      impersonated: undefined,
      operation: 'create',
      outcome: 'Allowed',
      target: { ...TARGET, apiGroup: 'batch', resource: 'jobs', namespace: 'shop', name: 'x' },
    };
    assert.match(
      alertName('kubernetes-audit-cronjob-modification', group),
      /^kubernetes-audit-cronjob-modification-[a-z2-7]{24}$/,
    );
  });
});
