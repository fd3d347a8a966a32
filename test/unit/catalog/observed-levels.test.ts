import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LevelObserver, OBSERVED_BITS, type ObservedLevels } from '../../../src/audit/index.ts';
import { comparePolicy, levelFor, observability, observabilityOn } from '../../../src/catalog/index.ts';
import { arbitraryPolicy } from './support/arbitrary-policy.ts';
import { policyOf } from './support/policies.ts';
import { auditRule } from './support/rules.ts';

const { Metadata, Request, RequestResponse, bodies } = OBSERVED_BITS;
const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
const ALL_METADATA = 'rules: [{level: Metadata}]';
const ALL_REQUEST = 'rules: [{level: Request}]';
const NO_PODS = 'rules: [{level: None, resources: [{group: "*", resources: ["pods/*"]}]}, {level: Metadata}]';
const PODS_FOR_SOME = 'rules: [{level: Request, users: [eve]}, {level: Metadata}]';

const seen = (resources: ObservedLevels['resources']): ObservedLevels => ({
  since: '2026-11-24T05:00:00Z',
  resources,
  unlisted: 0,
});
const policy = (text: string | undefined) => (text === undefined ? undefined : policyOf(`${HEAD}${text}\n`));

describe('whether a rule is observable, where the log was looked at', () => {
  const byName = auditRule('selection: { verb: create, objectRef.resource: pods }\ncondition: selection');
  const byBody = auditRule(
    'selection: { verb: create, objectRef.resource: pods, requestObject.spec.hostNetwork: true }\ncondition: selection',
  );
  const either = auditRule(
    'name: { verb: delete, objectRef.resource: pods }\nbody: { verb: create, objectRef.resource: pods, requestObject.spec.hostNetwork: true }\ncondition: name or body',
  );
  const exclusion = auditRule(
    'selection: { verb: create, objectRef.resource: pods }\nfilter: { nonsense: x }\ncondition: selection and not filter',
  );
  const noVerb = auditRule('selection: { verb: replace }\ncondition: selection');

  const cases: readonly [
    title: string,
    rule: typeof byName,
    policy: string | undefined,
    resources: ObservedLevels['resources'],
    expected: string,
  ][] = [
    ['was not seen', byName, undefined, { secrets: { create: Metadata } }, 'Unknown PolicyUnknown'],
    ['was seen', byName, undefined, { pods: { create: Metadata } }, 'True Observed'],
    ['was seen with another verb', byName, undefined, { pods: { get: Metadata } }, 'Unknown PolicyUnknown'],
    ['was seen of another group', byName, undefined, { 'pods.example': { create: Metadata } }, 'Unknown PolicyUnknown'],
    [
      'needs a body and was seen without',
      byBody,
      undefined,
      { pods: { create: Metadata } },
      'Unknown ObservedLevelTooLow',
    ],
    [
      'was seen with the body that it needs',
      byBody,
      undefined,
      { pods: { create: Request | bodies } },
      'True Observed',
    ],
    [
      'was seen with the body that it needs, for some',
      byBody,
      undefined,
      { pods: { create: Metadata | RequestResponse | bodies } },
      'True Observed',
    ],
    [
      'needs a body that something strips',
      byBody,
      undefined,
      { pods: { create: Request } },
      'Unknown ObservedLevelTooLow',
    ],
    [
      'was seen in part too low',
      either,
      undefined,
      { pods: { create: Metadata, delete: Metadata } },
      'True PartlyObservable',
    ],
    ['excludes nothing', exclusion, undefined, { pods: { create: Metadata } }, 'True ExclusionIneffective'],
    ['can never match', noVerb, undefined, { pods: { create: Metadata } }, 'False NoSuchVerb'],
    ['agrees with the policy', byBody, ALL_REQUEST, { pods: { create: Request | bodies } }, 'True Observable'],
    ['agrees with a policy that is too low', byBody, ALL_METADATA, { pods: { create: Metadata } }, 'False LevelTooLow'],
    ['was seen although the policy logs it not', byName, NO_PODS, { pods: { create: Metadata } }, 'True PolicyDiffers'],
    [
      'was seen too low, although the policy says otherwise',
      byBody,
      ALL_REQUEST,
      { pods: { create: Metadata } },
      'Unknown PolicyDiffers',
    ],
    [
      'was seen too low, as the policy says of some',
      byBody,
      PODS_FOR_SOME,
      { pods: { create: Metadata } },
      'True Observable',
    ],
  ];
  for (const [title, rule, text, resources, expected] of cases) {
    it(`is ${expected} of one that ${title}`, () => {
      const { status, reason } = observabilityOn(rule, { policy: policy(text), observed: seen(resources) });
      assert.equal(`${status} ${reason}`, expected);
    });
  }

  it('says what was seen, and that it was seen only', () => {
    const { message } = observabilityOn(byBody, { policy: undefined, observed: seen({ pods: { create: Metadata } }) });
    assert.equal(
      message,
      'Everything that was seen since 2026-11-24T05:00:00Z of what the rule watches was logged at a level too low for the rule: create pods (Metadata). This was observed; an audit policy (spec.policy of the AuditSource) would tell for certain.',
    );
  });

  it('is what the policy says where nothing was observed', () => {
    for (const text of [undefined, ALL_METADATA, ALL_REQUEST]) {
      const log = { policy: policy(text), observed: undefined };
      assert.deepEqual(observabilityOn(byBody, log), observability(byBody, log.policy));
    }
  });
});

describe('an audit policy and what is observed', () => {
  const compare = (text: string, resources: ObservedLevels['resources']) =>
    comparePolicy(policyOf(`${HEAD}${text}\n`), seen(resources));

  const cases: readonly [
    title: string,
    policy: string,
    resources: ObservedLevels['resources'],
    differences: readonly string[],
  ][] = [
    ['agree', ALL_METADATA, { pods: { get: Metadata }, 'cronjobs.batch/status': { patch: Metadata } }, []],
    [
      'differ in the level',
      ALL_METADATA,
      { 'cronjobs.batch': { patch: Request | bodies } },
      ['patch cronjobs.batch: seen Request, policy Metadata'],
    ],
    [
      'differ where nothing should be logged',
      NO_PODS,
      { pods: { get: Metadata } },
      ['get pods: seen Metadata, policy None'],
    ],
    ['agree where it depends on who asks', PODS_FOR_SOME, { pods: { create: Metadata | Request | bodies } }, []],
    [
      'differ in bodies',
      ALL_REQUEST,
      { pods: { create: Request, get: Request } },
      ['create pods: seen Request, policy Request, no bodies'],
    ],
    [
      'agree in bodies that there cannot be',
      ALL_REQUEST,
      { 'pods/exec': { create: Request }, pods: { delete: Request } },
      [],
    ],
    ['are not compared in paths', ALL_METADATA, { '/': { get: Request } }, []],
  ];
  for (const [title, text, resources, expected] of cases) {
    it(title, () => {
      const { differences } = compare(text, resources);
      const texts = differences.map(({ resource, verb, observed, policy: says, bodiesMissing }) => {
        const missing = bodiesMissing ? ', no bodies' : '';
        return `${verb} ${resource}: seen ${observed.join()}, policy ${says.join()}${missing}`;
      });
      assert.deepEqual(texts, expected);
    });
  }

  it('agree on whatever is logged under it', () => {
    const request = fc.record({
      verb: fc.constantFrom('get', 'create', 'patch', 'delete'),
      name: fc.constantFrom('a', 'b'),
      user: fc.constantFrom('alice', 'bob', 'system:admin'),
      resource: fc.record({
        apiGroup: fc.constantFrom('', 'batch', 'apps'),
        resource: fc.constantFrom('pods', 'cronjobs', 'secrets'),
        subresource: fc.constantFrom('', 'status', 'exec'),
        namespace: fc.constantFrom('', 'shop', 'kube-system'),
      }),
    });
    fc.assert(
      fc.property(arbitraryPolicy(), fc.array(request, { maxLength: 30 }), (under, requests) => {
        const observer = new LevelObserver();
        for (const { verb, name, user, resource } of requests) {
          const who = { name: user, groups: ['system:authenticated'] };
          const { level } = levelFor(under, { user: who, verb, path: '/', resource: { ...resource, name } });
          observer.note({ ...resource, verb, level, code: 200, bodies: true });
        }
        observer.readTo('2026-11-24T05:00:00Z');
        assert.deepEqual(comparePolicy(under, observer.snapshot()?.current ?? assert.fail()).differences, []);
      }),
    );
  });
});
