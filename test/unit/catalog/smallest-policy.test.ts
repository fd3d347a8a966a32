import assert from 'node:assert/strict';
import {
  AUDIT_LEVELS,
  type AuditPolicy,
  observability,
  type PolicySubject,
  policyCheck,
  printAuditPolicy,
  type SmallestPolicyOptions,
  smallestPolicy,
} from '../../../src/catalog/index.ts';
import { policyOf } from './support/policies.ts';
import { auditRule, kubernetesSubjects } from './support/rules.ts';

const PUBLIC = kubernetesSubjects();
const CONSTRAINED = PUBLIC.filter(({ key }) => !/enumeration_activity|unauthorized/.test(key));

function subject(key: string, detection: string): PolicySubject {
  return { key, title: `Rule ${key}`, rule: auditRule(detection) };
}

const MIXED = [
  subject('patched', 's:\n  verb: [create, patch]\n  objectRef.resource: deployments\n  hostPath: "*"\ncondition: s'),
  subject('excluded', 's:\n  verb: create\n  objectRef.resource: jobs\nf:\n  hostPath: "*"\ncondition: s and not f'),
  subject(
    'namespace',
    's:\n  objectRef.namespace: [kube-system, default]\n  verb: delete\n  resource: pods\ncondition: s',
  ),
  subject('argo', 's:\n  apiGroup: argoproj.io\n  resource: applications\n  verb: create\ncondition: s'),
  subject('scale', 's:\n  objectRef.subresource: scale\n  verb: update\ncondition: s'),
  subject('group', 's:\n  apiGroup: networking.k8s.io\n  verb: delete\ncondition: s'),
  subject('paths', 's:\n  objectRef: null\n  verb: post\ncondition: s'),
];

/** What rules see under a policy: the rules that miss something. */
function missing(policy: AuditPolicy, subjects: readonly PolicySubject[]): readonly string[] {
  return subjects
    .filter(({ rule }) => {
      const { status, operations } = observability(rule, policy);
      return status !== 'True' || operations.length > 0;
    })
    .map(({ key }) => key);
}

describe('the smallest audit policy', () => {
  for (const [what, subjects] of [
    ['the public rules', PUBLIC],
    ['the public rules that constrain a resource', CONSTRAINED],
    ['rules of all kinds', MIXED],
  ] as const) {
    it(`lets ${what} match on everything that they watch`, () => {
      assert.deepEqual(missing(smallestPolicy(subjects).policy, subjects), []);
    });

    it(`has no line and no level that ${what} do not need`, () => {
      const { policy } = smallestPolicy(subjects);
      for (const [index, rule] of policy.rules.entries()) {
        const lower = AUDIT_LEVELS[AUDIT_LEVELS.indexOf(rule.level) - 1] ?? 'None';
        const without = { ...policy, rules: policy.rules.toSpliced(index, 1) };
        const lowered = { ...policy, rules: policy.rules.with(index, { ...rule, level: lower }) };
        assert.notDeepEqual(missing(without, subjects), [], `line ${index} can go`);
        assert.notDeepEqual(missing(lowered, subjects), [], `line ${index} can be lower`);
      }
    });

    it(`gives the reason of each line for ${what}`, () => {
      const { policy, reasons } = smallestPolicy(subjects);
      assert.equal(reasons.length, policy.rules.length);
      for (const [index, { neededBy, resources }] of reasons.entries()) {
        assert.ok(neededBy.length > 0);
        const listed = policy.rules[index]?.resources.flatMap(({ group, resources: names }) =>
          (names.length === 0 ? ['*'] : names).map((resource) => ({ group, resource })),
        );
        assert.deepEqual(
          resources.map(({ group, resource }) => ({ group, resource })),
          listed,
        );
      }
      const named = new Set(reasons.flatMap(({ neededBy }) => neededBy.map(({ key }) => key)));
      assert.deepEqual([...named].toSorted(), subjects.map(({ key }) => key).toSorted());
    });
  }

  it('for the CronJob/Job rule is one line', () => {
    const subjects = PUBLIC.filter(({ key }) => key === 'cronjob_modification');
    const { policy, reasons } = smallestPolicy(subjects);
    const text = printAuditPolicy(
      policy,
      reasons.map(({ neededBy }) => neededBy.map(({ title }) => title)),
    );
    assert.equal(
      text,
      `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  # Kubernetes CronJob/Job Modification
  - level: Metadata
    verbs: [create, delete, patch, update]
    resources:
      - group: batch
        resources: ["cronjobs/*", "jobs/*"]
`,
    );
    assert.deepEqual(policyOf(text), policy);
  });

  it('gives bodies to exclusions where that is asked for', () => {
    const subjects = MIXED.filter(({ key }) => key === 'excluded');
    const reasonWith = (options?: SmallestPolicyOptions): string =>
      observability(auditRuleOf(subjects), smallestPolicy(subjects, options).policy).reason;
    assert.equal(reasonWith(), 'ExclusionIneffective');
    assert.equal(reasonWith({ level: 'Whole' }), 'Observable');
  });

  it('keeps RequestReceived where a rule tests the stage', () => {
    const subjects = [subject('stage', 's:\n  stage: RequestReceived\n  resource: jobs\ncondition: s')];
    assert.deepEqual(smallestPolicy(subjects).policy.omitStages, []);
    assert.deepEqual(missing(smallestPolicy(subjects).policy, subjects), []);
  });

  it('leaves out rules that fire under no policy, and says why', () => {
    const never = subject('never', 's:\n  verb: replace\ncondition: s');
    const { policy, cannotFire } = smallestPolicy([never]);
    assert.deepEqual(
      cannotFire.map(({ key, observability: { reason } }) => ({ key, reason })),
      [{ key: 'never', reason: 'NoSuchVerb' }],
    );
    assert.deepEqual(
      policy.rules.map(({ level }) => level),
      ['None'],
    );
    assert.deepEqual(policyOf(printAuditPolicy(policy)), policy);
  });
});

describe('the check of a policy', () => {
  it('names the rules that cannot fire and those that see only a part', () => {
    const text =
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, resources: [{group: batch}]}, {level: Metadata}]\n';
    const { cannotFire, limited, rules } = policyCheck(policyOf(text), PUBLIC);
    assert.deepEqual(cannotFire, ['cronjob_modification', 'hostpath_mount', 'privileged_pod_creation']);
    assert.deepEqual(limited, ['potential_enumeration_activity', 'unauthorized_unauthenticated_actions']);
    assert.equal(rules.length, PUBLIC.length);
  });
});

function auditRuleOf([first]: readonly PolicySubject[]): PolicySubject['rule'] {
  assert(first !== undefined);
  return first.rule;
}
