import assert from 'node:assert/strict';
import type { CompiledRoot } from '../../../src/alerts/index.ts';
import type { KnownLog } from '../../../src/catalog/index.ts';
import { KnowledgeBase } from '../../../src/controllers/detection-rule/rule-knowledge.ts';
import { policyOf } from '../catalog/support/policies.ts';
import { auditRule } from '../catalog/support/rules.ts';

const ROOT: CompiledRoot = {
  kind: 'rule',
  rule: auditRule(
    'selection: { verb: create, objectRef.resource: pods, requestObject.spec.hostNetwork: true }\ncondition: selection',
  ),
};
const UNKNOWN: KnownLog = { policy: undefined, observed: undefined };
const TOO_LOW: KnownLog = { ...UNKNOWN, observed: observed(1) };
const ENOUGH: KnownLog = { ...UNKNOWN, observed: observed(10) };
const NOTHING: KnownLog = {
  ...UNKNOWN,
  policy: policyOf('apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n'),
};

function observed(create: number, since = '2026-11-24T05:00:00Z'): NonNullable<KnownLog['observed']> {
  return { since, resources: { pods: { create } }, unlisted: 0 };
}

describe('what is known of rules', () => {
  for (const [title, logs, expected] of [
    ['of no log', [], 'Unknown PolicyUnknown'],
    ['of a log of which nothing is known', [UNKNOWN], 'Unknown PolicyUnknown'],
    ['of a log that is too low', [TOO_LOW], 'Unknown ObservedLevelTooLow'],
    ['of a log that shows enough', [ENOUGH], 'True Observed'],
    ['of a log that shows enough, among others', [NOTHING, TOO_LOW, ENOUGH, UNKNOWN], 'True Observed'],
    ['of a log that is too low and one that is unknown', [TOO_LOW, UNKNOWN], 'Unknown PolicyUnknown'],
    ['of a log that has nothing and one that is too low', [NOTHING, TOO_LOW], 'Unknown ObservedLevelTooLow'],
    ['of a log that has nothing', [NOTHING], 'False NeverLogged'],
  ] as const) {
    it(`follows what is known ${title}: ${expected}`, () => {
      const knowledge = new KnowledgeBase();
      knowledge.setLogs(logs);
      const { status, reason } = knowledge.of(ROOT).observable;
      assert.equal(`${status} ${reason}`, expected);
    });
  }

  it('is worked out again where the logs tell something new, and not else', () => {
    const knowledge = new KnowledgeBase();
    assert.equal(knowledge.setLogs([]), false);
    assert.equal(knowledge.setLogs([TOO_LOW]), true);
    const before = knowledge.of(ROOT);
    assert.equal(knowledge.setLogs([{ ...TOO_LOW, observed: observed(1, '2026-11-25T05:00:00Z') }]), false);
    assert.equal(knowledge.of(ROOT), before);
    assert.equal(knowledge.setLogs([ENOUGH]), true);
    assert.notDeepEqual(knowledge.of(ROOT), before);
  });
});
