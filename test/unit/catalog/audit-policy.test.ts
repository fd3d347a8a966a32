import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AuditPolicy, levelFor, parseAuditPolicy, printAuditPolicy } from '../../../src/catalog/index.ts';
import { arbitraryPolicy } from './support/arbitrary-policy.ts';
import { policyOf } from './support/policies.ts';

const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';

describe('an audit policy', () => {
  const refused = [
    ['another kind', 'apiVersion: audit.k8s.io/v1\nkind: Event\nrules: [{level: None}]', 'NotAPolicy', 2],
    ['an old version', 'apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: None}]', 'NotAPolicy', 1],
    ['no document', '', 'NotAPolicy', 1],
    ['two documents', `${HEAD}rules: [{level: None}]\n---\n${HEAD}rules: [{level: None}]\n`, 'NotAPolicy', 1],
    ['text that is no YAML', `${HEAD}rules: [`, 'InvalidYaml', 3],
    ['no rules', HEAD, 'NoRules', 1],
    ['an empty list of rules', `${HEAD}rules: []\n`, 'NoRules', 3],
    ['rules that are no list', `${HEAD}rules: {level: None}\n`, 'InvalidField', 3],
    ['a rule without level', `${HEAD}rules:\n  - users: [a]\n`, 'MissingLevel', 4],
    ['an unknown level', `${HEAD}rules:\n  - level: metadata\n`, 'UnknownLevel', 4],
    ['an unknown stage', `${HEAD}rules:\n  - level: None\n    omitStages: [Received]\n`, 'UnknownStage', 5],
    ['an unknown stage of the policy', `${HEAD}omitStages: [Received]\nrules: [{level: None}]\n`, 'UnknownStage', 3],
    [
      'a group with a version',
      `${HEAD}rules:\n  - level: None\n    resources: [{group: apps/v1}]\n`,
      'InvalidGroup',
      5,
    ],
    [
      'names without resources',
      `${HEAD}rules:\n  - level: None\n    resources: [{resourceNames: [a]}]\n`,
      'ResourceNamesAlone',
      5,
    ],
    ['a relative URL', `${HEAD}rules:\n  - level: None\n    nonResourceURLs: [healthz]\n`, 'InvalidURL', 5],
    ['a wildcard inside a URL', `${HEAD}rules:\n  - level: None\n    nonResourceURLs: ["/a*b"]\n`, 'InvalidURL', 5],
    [
      'resources and URLs in one rule',
      `${HEAD}rules:\n  - level: None\n    namespaces: [a]\n    nonResourceURLs: ["/a"]\n`,
      'MixedRule',
      6,
    ],
    ['a string in place of a list', `${HEAD}rules:\n  - level: None\n    verbs: get\n`, 'InvalidField', 5],
    ['a number among strings', `${HEAD}rules:\n  - level: None\n    verbs: [1]\n`, 'InvalidField', 5],
    ['a string in place of a flag', `${HEAD}omitManagedFields: "true"\nrules: [{level: None}]\n`, 'InvalidField', 3],
  ] as const;
  for (const [what, text, code, line] of refused) {
    it(`is refused with its place for ${what}`, () => {
      const result = parseAuditPolicy(text);
      assert(!result.ok);
      assert.deepEqual(
        result.errors.map((error) => ({ code: error.code, line: error.line })),
        [{ code, line }],
      );
    });
  }

  it('is accepted with a warning where kube-apiserver ignores a field, or never asks a rule', () => {
    const result = parseAuditPolicy(`${HEAD}rules:\n  - level: None\n    user: [a]\n  - level: Request\n`);
    assert(result.ok);
    assert.deepEqual(
      result.warnings.map(({ code, line, path }) => ({ code, line, path })),
      [
        { code: 'UnknownField', line: 5, path: 'rules[0].user' },
        { code: 'UnreachableRule', line: 6, path: 'rules[1]' },
      ],
    );
  });

  it('may be JSON, and may say null for an empty list', () => {
    const policy = policyOf(
      '{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"Request","users":null}]}',
    );
    assert.deepEqual(
      policy.rules.map(({ level, users }) => ({ level, users })),
      [{ level: 'Request', users: [] }],
    );
  });

  it('is the same after it was printed and read', () => {
    fc.assert(
      fc.property(arbitraryPolicy(), (policy: AuditPolicy) => {
        assert.deepEqual(policyOf(printAuditPolicy(policy, [['comment\n- level: None']])), policy);
      }),
    );
  });
});

describe('the level of a request', () => {
  const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
  const pods = { apiGroup: '', resource: 'pods', subresource: '', namespace: 'default', name: 'a' };
  const request = { user: admin, verb: 'get', path: '/api/v1/namespaces/default/pods/a', resource: pods };
  const health = { user: admin, verb: 'get', path: '/healthz/ready' };
  const levelOf = (rule: string, asked: Parameters<typeof levelFor>[1]): string =>
    levelFor(policyOf(`${HEAD}rules:\n  - {level: Request, ${rule}}\n  - {level: Metadata}\n`), asked).level;

  const matching = [
    ['users: [admin]', request],
    ['userGroups: [a, system:masters]', request],
    ['verbs: [list, get]', request],
    ['namespaces: [default]', request],
    ['namespaces: [""]', { ...request, resource: { ...pods, namespace: '' } }],
    ['resources: [{group: ""}]', request],
    ['resources: [{}]', request],
    ['resources: [{group: "*"}]', request],
    ['resources: [{resources: [pods]}]', request],
    ['resources: [{resources: ["*"]}]', { ...request, resource: { ...pods, subresource: 'log' } }],
    ['resources: [{resources: [pods/log]}]', { ...request, resource: { ...pods, subresource: 'log' } }],
    ['resources: [{resources: ["*/log"]}]', { ...request, resource: { ...pods, subresource: 'log' } }],
    ['resources: [{resources: ["pods/*"]}]', { ...request, resource: { ...pods, subresource: 'log' } }],
    ['resources: [{resources: ["pods/*"]}]', request],
    ['resources: [{resources: [pods], resourceNames: [a]}]', request],
    ['resources: [{resources: [pods], resourceNames: [""]}]', { ...request, resource: { ...pods, name: '' } }],
    ['nonResourceURLs: ["*"]', health],
    ['nonResourceURLs: ["/healthz*"]', health],
    ['nonResourceURLs: ["/healthz/ready"]', health],
    ['verbs: [get]', health],
  ] as const;
  for (const [rule, asked] of matching)
    it(`is decided by {${rule}} for ${asked.path}`, () => assert.equal(levelOf(rule, asked), 'Request'));

  const passing = [
    ['users: [Admin]', request],
    ['users: [admin]', { ...request, user: undefined }],
    ['userGroups: [system:unauthenticated]', { ...request, user: undefined }],
    ['userGroups: [a]', request],
    ['verbs: [list]', request],
    ['namespaces: [kube-system]', request],
    ['namespaces: [""]', request],
    ['namespaces: [default]', health],
    ['resources: [{group: apps, resources: [pods]}]', request],
    ['resources: [{resources: [pods]}]', { ...request, resource: { ...pods, subresource: 'log' } }],
    ['resources: [{resources: ["*/log"]}]', request],
    ['resources: [{resources: [pod]}]', request],
    ['resources: [{resources: [pods], resourceNames: [b]}]', request],
    ['nonResourceURLs: ["*"]', request],
    ['nonResourceURLs: ["/healthz"]', health],
  ] as const;
  for (const [rule, { user, ...asked }] of passing)
    it(`is not decided by {${rule}} for ${asked.path}`, () =>
      assert.equal(levelOf(rule, user === undefined ? asked : { ...asked, user }), 'Metadata'));

  it('is None where no rule matches', () => {
    const policy = policyOf(`${HEAD}omitStages: [Panic]\nrules:\n  - {level: Request, users: [b]}\n`);
    assert.deepEqual(levelFor(policy, request), { level: 'None', omitStages: ['Panic'], omitManagedFields: false });
  });

  it('comes with the omitted stages of policy and rule, and with whether managed fields are omitted', () => {
    const text = 'omitStages: [RequestReceived]\nomitManagedFields: true\nrules:\n';
    const omitting = policyOf(`${HEAD}${text}  - {level: Request, omitStages: [Panic, RequestReceived]}\n`);
    assert.deepEqual(levelFor(omitting, request), {
      level: 'Request',
      omitStages: ['RequestReceived', 'Panic'],
      omitManagedFields: true,
      rule: 0,
    });
    const keeping = policyOf(`${HEAD}${text}  - {level: Request, omitManagedFields: false}\n`);
    assert.equal(levelFor(keeping, request).omitManagedFields, false);
  });
});
