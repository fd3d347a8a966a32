import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileRule, evaluate } from '../../../src/sigma/index.ts';

const SOURCE = readFileSync(
  new URL('../../data/sigma/kubernetes-rules/kubernetes_audit_cronjob_modification.yml', import.meta.url),
  'utf8',
);

describe('the CronJob/Job rule', () => {
  const result = compileRule(SOURCE);
  assert(result.ok);
  const { rule, findings } = result;

  it('keeps what its author wrote', () => {
    assert.equal(rule.document.title, 'Kubernetes CronJob/Job Modification');
    assert.equal(rule.document.id, '0c9b3bda-41a6-4442-9345-356ae86343dc');
    assert.equal(rule.document.author, 'kelnage');
    assert.equal(rule.document.level, 'medium');
    assert.equal(rule.document.date, '2024-07-11');
    assert.deepEqual(rule.document.related, [{ id: 'cd3a808c-c7b7-4c50-a2f3-f4cfcd436435', type: 'similar' }]);
  });

  it('applies to Kubernetes audit events and tests three fields', () => {
    assert.equal(rule.appliesToKubernetesAudit, true);
    assert.deepEqual(rule.testedFields, ['objectRef.apiGroup', 'objectRef.resource', 'verb']);
  });

  const cases = [
    { verb: 'create', resource: 'cronjobs', apiGroup: 'batch', verdict: 'match' },
    { verb: 'patch', resource: 'jobs', apiGroup: 'batch', verdict: 'match' },
    { verb: 'deletecollection', resource: 'jobs', apiGroup: 'batch', verdict: 'no-match' },
    { verb: 'get', resource: 'jobs', apiGroup: 'batch', verdict: 'no-match' },
    { verb: 'create', resource: 'jobs', apiGroup: 'batch.example.com', verdict: 'no-match' },
    { verb: 'create', resource: 'pods', apiGroup: undefined, verdict: 'no-match' },
  ];
  for (const { verb, resource, apiGroup, verdict } of cases) {
    it(`gives ${verdict} for ${verb} of ${apiGroup ?? 'core'}/${resource}`, () => {
      assert.equal(evaluate(rule.plan, { verb, objectRef: { resource, apiGroup } }), verdict);
    });
  }

  it('is told that deletecollection is not covered, and that replace is no verb', () => {
    assert.deepEqual(
      findings.map(({ code, line, column }) => ({ code, line, column })),
      [
        { code: 'DeleteWithoutDeletecollection', line: 29, column: 9 },
        { code: 'UnknownVerb', line: 33, column: 16 },
      ],
    );
  });
});
