import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type AuditLevel,
  type AuditPolicy,
  levelFor,
  type Observability,
  observability,
  type PolicyRequest,
} from '../../../src/catalog/index.ts';
import { evaluate } from '../../../src/sigma/index.ts';
import { compiled } from '../sigma/support/compiled.ts';
import { arbitraryPolicy } from './support/arbitrary-policy.ts';
import { policyOf } from './support/policies.ts';
import { auditRule, kubernetesSubjects } from './support/rules.ts';

const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
const METADATA = 'rules: [{level: Metadata}]';

describe('whether a rule is observable', () => {
  const cronJobs = kubernetesSubjects().find(({ key }) => key === 'cronjob_modification')?.rule;
  assert(cronJobs !== undefined);
  const judge = (rule: typeof cronJobs, policy?: string): string => {
    const { status, reason } = observability(rule, policy === undefined ? undefined : policyOf(`${HEAD}${policy}\n`));
    return `${status} ${reason}`;
  };

  it('is unknown without a policy', () => assert.equal(judge(cronJobs), 'Unknown PolicyUnknown'));

  const policies = [
    ['logs everything', METADATA, 'True Observable'],
    [
      'logs batch at None',
      'rules: [{level: None, resources: [{group: batch}]}, {level: Metadata}]',
      'False NeverLogged',
    ],
    ['logs only secrets', 'rules: [{level: Metadata, resources: [{resources: [secrets]}]}]', 'False NeverLogged'],
    ['logs only reads', 'rules: [{level: Metadata, verbs: [get, list, watch]}]', 'False NeverLogged'],
    [
      'logs batch for some',
      'rules: [{level: None, users: [a], resources: [{group: batch}]}, {level: Metadata}]',
      'True Observable',
    ],
    [
      'logs batch for nobody who is anybody',
      'rules: [{level: None, userGroups: ["system:authenticated", "system:unauthenticated"]}, {level: Metadata}]',
      'True PartlyObservable',
    ],
    [
      'logs CronJobs only',
      'rules: [{level: Metadata, resources: [{group: batch, resources: [cronjobs]}]}]',
      'True PartlyObservable',
    ],
    ['omits the last stage', `omitStages: [ResponseComplete]\n${METADATA}`, 'True PartlyObservable'],
    [
      'omits all but the first stage',
      `omitStages: [ResponseStarted, ResponseComplete, Panic]\n${METADATA}`,
      'False StageOmitted',
    ],
    ['omits the first stage', `omitStages: [RequestReceived]\n${METADATA}`, 'True Observable'],
  ] as const;
  for (const [what, policy, expected] of policies)
    it(`is ${expected} for the CronJob/Job rule where the policy ${what}`, () =>
      assert.equal(judge(cronJobs, policy), expected));

  const rules = [
    ['asks for a verb that no request has', 's:\n  verb: replace\ncondition: s', 'False NoSuchVerb'],
    ['asks for a field that no event has', 's:\n  verb: get\n  foo: bar\ncondition: s', 'False UnknownFields'],
    [
      'asks for a body that reads have not',
      's:\n  verb: get\n  requestObject.a: b\ncondition: s',
      'False BodyNeverLogged',
    ],
    ['contradicts itself', 's:\n  verb: get\nf:\n  verb: get\ncondition: s and not f', 'False NeverTrue'],
    ['demands a status that is none', 's:\n  responseStatus.code: Forbidden\ncondition: s', 'False NeverTrue'],
    [
      'needs bodies',
      's:\n  verb: create\n  objectRef.resource: pods\n  hostPath: "*"\ncondition: s',
      'False LevelTooLow',
    ],
    [
      'needs bodies in one branch',
      'a:\n  verb: create\n  objectRef.resource: pods\n  hostPath: "*"\nb:\n  verb: delete\n  objectRef.resource: nodes\ncondition: a or b',
      'True PartlyObservable',
    ],
    [
      'has an unknown field in one branch',
      'a:\n  foo: bar\nb:\n  verb: delete\n  objectRef.resource: nodes\ncondition: a or b',
      'True PartlyObservable',
    ],
    [
      'excludes by an unknown field',
      's:\n  verb: create\n  objectRef.resource: pods\nf:\n  foo: bar\ncondition: s and not f',
      'True ExclusionIneffective',
    ],
    [
      'excludes by a body',
      's:\n  verb: create\n  objectRef.resource: jobs\nf:\n  hostPath: "*"\ncondition: s and not f',
      'True ExclusionIneffective',
    ],
    [
      'demands the absence of an unknown field',
      's:\n  verb: create\n  objectRef.resource: jobs\n  foo: null\ncondition: s',
      'True ExclusionIneffective',
    ],
    [
      'names verbs that no request has beside others',
      's:\n  verb: [replace, update]\n  objectRef.resource: jobs\ncondition: s',
      'True Observable',
    ],
    [
      'asks for the first stage',
      's:\n  stage: RequestReceived\n  objectRef.resource: jobs\ncondition: s',
      'True Observable',
    ],
    [
      'is about a resource of a CRD',
      's:\n  objectRef.apiGroup: argoproj.io\n  objectRef.resource: applications\ncondition: s',
      'True Observable',
    ],
  ] as const;
  for (const [what, detection, expected] of rules)
    it(`is ${expected} at Metadata for a rule that ${what}`, () =>
      assert.equal(judge(auditRule(detection), METADATA), expected));

  it('is False for a rule of another product', () => {
    const rule = compiled('title: t\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n');
    assert.equal(judge(rule, METADATA), 'False OtherProduct');
  });

  it('looks at the namespace and at the user that the rule tests', () => {
    const policy =
      'rules: [{level: None, users: ["system:anonymous"]}, {level: None, namespaces: [a]}, {level: Metadata}]';
    const rule = (test: string): typeof cronJobs =>
      auditRule(`s:\n  objectRef.resource: jobs\n  verb: create\n  ${test}\ncondition: s`);
    assert.equal(judge(rule('objectRef.namespace: a'), policy), 'False NeverLogged');
    assert.equal(judge(rule('objectRef.namespace: b'), policy), 'True Observable');
    assert.equal(judge(rule('user.username: system:anonymous'), policy), 'False NeverLogged');
  });

  it('names what is blind, where it stands and for which operations', () => {
    const detection =
      's:\n  verb: [create, delete]\n  objectRef.resource: cronjobs\nf:\n  hostPath: "*"\n  foo: 1\ncondition: s and not f';
    const [kind, selection] = ['IneffectiveExclusion', 'f'];
    const { blindSpots, message } = observability(auditRule(detection), policyOf(`${HEAD}${METADATA}\n`));
    assert.deepEqual(
      blindSpots.map(({ kind, selection, item, line, cause, everywhere }) => ({
        kind,
        selection,
        item,
        line,
        cause,
        everywhere,
      })),
      [
        { kind, selection, item: 'hostPath', line: 8, cause: 'BodyNotLogged', everywhere: true },
        { kind, selection, item: 'foo', line: 9, cause: 'UnknownField', everywhere: true },
      ],
    );
    assert.equal(message, 'Without effect: hostPath in f (line 8), foo in f (line 9).');
  });

  it('says for each operation whether it is logged and at which levels', () => {
    const policy =
      'rules: [{level: None, users: [a], verbs: [create]}, {level: None, verbs: [delete]}, {level: Request}]';
    const { operations } = observability(
      auditRule('s:\n  objectRef.resource: serviceaccounts\n  verb: [create, delete, patch]\ncondition: s'),
      policyOf(`${HEAD}${policy}\n`),
    );
    assert.deepEqual(operations, [
      { operation: 'create serviceaccounts', matches: 'Sometimes', levels: ['None', 'Request'] },
      { operation: 'delete serviceaccounts', matches: 'Never', levels: ['None'] },
      { operation: 'create serviceaccounts/token', matches: 'Sometimes', levels: ['None', 'Request'] },
    ]);
  });

  it('is not False for a rule that matches an event that the policy logs', () => {
    const rules = [
      's:\n  verb: [create, patch]\n  objectRef.resource: jobs\n  requestObject.a: b\ncondition: s',
      's:\n  objectRef.resource: [jobs, widgets]\n  objectRef.namespace: [default, kube-system]\ncondition: s',
      's:\n  verb: create\nf:\n  objectRef.resource: nodes\ng:\n  responseObject.a: b\ncondition: s and not 1 of [fg]*'.replace(
        '1 of [fg]*',
        'f and not g',
      ),
      's:\n  user.username: [admin, "system:anonymous"]\n  stage: ResponseComplete\ncondition: s',
    ].map(auditRule);
    const request = fc.record({
      user: fc.constantFrom('admin', 'system:anonymous', 'no'),
      verb: fc.constantFrom('create', 'patch', 'get', 'list'),
      resource: fc.constantFrom('jobs', 'nodes', 'widgets', 'pods'),
      namespace: fc.constantFrom('default', 'kube-system'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        arbitraryPolicy(),
        request,
        (rule, policy, { user, verb, resource, namespace }) => {
          const ref = {
            apiGroup: resource === 'jobs' ? 'batch' : '',
            resource,
            subresource: '',
            name: verb === 'list' ? '' : 'a',
            namespace: resource === 'nodes' ? '' : namespace,
          };
          const groups = [user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'];
          const asked: PolicyRequest = { user: { name: user, groups }, verb, resource: ref, path: '/' };
          const event = loggedEvent(policy, asked);
          if (event === undefined || evaluate(rule.plan, event) !== 'match') return;
          assert.notEqual(observability(rule, policy).status satisfies Observability['status'], 'False');
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The event of an answered request, as a policy lets it be logged. */
function loggedEvent(policy: AuditPolicy, { user, verb, resource }: PolicyRequest): object | undefined {
  const { level, omitStages } = levelFor(policy, {
    ...(user === undefined ? {} : { user }),
    verb,
    path: '/',
    ...(resource === undefined ? {} : { resource }),
  });
  if (level === 'None' || omitStages.includes('ResponseComplete')) return undefined;
  const objectRef = Object.fromEntries(Object.entries(resource ?? {}).filter(([, name]) => name !== ''));
  const body = { a: 'b' };
  const writes = verb === 'create' || verb === 'patch';
  return {
    level: level satisfies AuditLevel,
    stage: 'ResponseComplete',
    verb,
    user: { username: user?.name },
    objectRef,
    ...(writes && level !== 'Metadata' ? { requestObject: body } : {}),
    ...(level === 'RequestResponse' ? { responseObject: body } : {}),
  };
}
