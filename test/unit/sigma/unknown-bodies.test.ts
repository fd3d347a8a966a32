import assert from 'node:assert/strict';
import { evaluate, type Verdict } from '../../../src/sigma/index.ts';
import { auditRuleOf, compiled } from './support/compiled.ts';

const EVENT = { verb: 'create', objectRef: { resource: 'pods' }, user: { username: 'alice' } };

function verdict(detection: string, event: object = EVENT): Verdict {
  return evaluate(compiled(`sigma-version: 3\n${auditRuleOf(detection)}`).plan, event, { bodiesUnknown: true });
}

const BODY = 'body: { requestObject.spec.hostNetwork: true }\nyes: { verb: create }\nno: { verb: delete }\n';

describe('an event whose bodies are unknown', () => {
  const cases: readonly (readonly [detection: string, expected: Verdict])[] = [
    [`${BODY}condition: body`, 'undetermined'],
    [`${BODY}condition: not body`, 'undetermined'],
    [`${BODY}condition: body and yes`, 'undetermined'],
    [`${BODY}condition: body and no`, 'no-match'],
    [`${BODY}condition: body or yes`, 'match'],
    [`${BODY}condition: body or no`, 'undetermined'],
    [`${BODY}condition: yes and not body`, 'undetermined'],
    [`${BODY}condition: no and not body`, 'no-match'],
    [`${BODY}condition: all of them`, 'no-match'],
    [`${BODY}condition: 1 of them`, 'match'],
    ['sel: { verb: create, requestObject.a: b }\ncondition: sel', 'undetermined'],
    ['sel: { verb: get, requestObject.a: b }\ncondition: sel', 'no-match'],
    ['sel: { responseObject: null }\ncondition: sel', 'undetermined'],
    ['sel: { requestObject|exists: true }\ncondition: sel', 'undetermined'],
    ['sel: { requestObject.a|exists: false }\ncondition: sel', 'undetermined'],
    ["sel: { requestObject.a: '*' }\ncondition: sel", 'undetermined'],
    ['sel: { requestObject.a|re: b }\ncondition: sel', 'undetermined'],
    ['sel: { requestObject.a|neq: b }\ncondition: sel', 'undetermined'],
    ['sel: { requestObject.a|gt: 5 }\ncondition: sel', 'undetermined'],
    ["sel: { hostPath: '*' }\ncondition: sel", 'undetermined'],
    ['sel: { privileged: null }\ncondition: sel', 'undetermined'],
    ['sel: [foo]\ncondition: sel', 'undetermined'],
    ['sel: [alice]\ncondition: sel', 'match'],
    ['sel: [foo]\ncondition: not sel', 'undetermined'],
    ['sel: { user.username|fieldref: requestObject.a }\ncondition: sel', 'undetermined'],
    ['sel: { requestObject.a|fieldref: user.username }\ncondition: sel', 'undetermined'],
    ['sel: { user.uid|fieldref: requestObject.a }\ncondition: sel', 'no-match'],
    ['sel: { requestObject.a|fieldref: responseObject.b }\ncondition: sel', 'undetermined'],
    ['sel:\n  requestObject.containers[any]: { a: b }\ncondition: sel', 'undetermined'],
    ['sel:\n  requestObject.containers[none]: { a: b }\ncondition: sel', 'undetermined'],
    ['sel:\n  requestObject.args[0]: a\ncondition: sel', 'undetermined'],
    ['sel: { verb: create }\ncondition: sel', 'match'],
    ['sel: { objectRef.resource: pods, user.username: bob }\ncondition: sel', 'no-match'],
  ];
  for (const [detection, expected] of cases) {
    it(`${detection.split('\n').slice(-2).join('; ')}: ${expected}`, () => assert.equal(verdict(detection), expected));
  }

  it('what stands in a body that is cut off does not count', () => {
    assert.equal(
      verdict('sel: { requestObject.a: b }\ncondition: sel', { ...EVENT, requestObject: { a: 'c' } }),
      'undetermined',
    );
    assert.equal(
      verdict('sel: [secret]\ncondition: sel', { ...EVENT, requestObject: { a: 'secret' } }),
      'undetermined',
    );
  });

  it('a mapped field whose own name is in the event is known', () => {
    assert.equal(verdict('sel: { hostPath: /x }\ncondition: sel', { ...EVENT, hostPath: '/y' }), 'no-match');
  });

  it('a body that is absent and not said to be unknown is absent', () => {
    const { plan } = compiled(auditRuleOf('sel: { requestObject.a: b }\ncondition: not sel'));
    assert.equal(evaluate(plan, EVENT), 'match');
  });
});
