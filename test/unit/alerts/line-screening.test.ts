import assert from 'node:assert/strict';
import { activeRule, RulesInForce } from '../../../src/alerts/index.ts';
import { type AuditEvent, StageGate } from '../../../src/audit/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditEvent } from './audit-records.ts';

function rules(...selections: readonly string[]): RulesInForce {
  return RulesInForce.of(
    selections.map((selection, index) => {
      const result = compileRule(
        `title: Test\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection: {${selection}}\n  condition: selection\n`,
      );
      assert.ok(result.ok);
      return activeRule(`rule-${index}`, 'aa', { kind: 'rule', rule: result.rule }, {}, []);
    }),
  );
}

const line = (changes: Partial<AuditEvent> = {}): Buffer => Buffer.from(JSON.stringify(auditEvent(changes)));
const DELETES = 'verb: delete';

describe('a line of an audit log', () => {
  it('need not be parsed where no rule can match it', () => {
    assert.equal(rules(DELETES).mayMatter(line()), false);
    assert.equal(rules(DELETES, 'verb: patch').mayMatter(line()), true);
  });

  for (const [what, changes] of [
    ['starts a watch', { verb: 'watch', stage: 'ResponseStarted' }],
    [
      'ends an exec',
      {
        verb: 'get',
        objectRef: { resource: 'pods', namespace: 'shop', name: 'a', apiVersion: 'v1', subresource: 'exec' },
      },
    ],
  ] as const) {
    it(`is shown to the stage gate where it ${what}, whatever rules say`, () => {
      assert.equal(rules(DELETES).mayMatter(line(changes)), true);
    });
  }

  it('is always parsed where a rule asks for a stage: the gate has to see the ends of what was counted before', () => {
    assert.equal(rules(DELETES, 'stage: RequestReceived, verb: delete').mayMatter(line()), true);
  });

  it('is always parsed until the gate has begun: its time says how far memory reaches back', () => {
    const gate = new StageGate();
    assert.equal(gate.hasBegun, false);
    gate.observe(auditEvent());
    assert.equal(gate.hasBegun, true);
    assert.equal(new StageGate({ restore: gate.snapshot() }).hasBegun, true);
  });
});
