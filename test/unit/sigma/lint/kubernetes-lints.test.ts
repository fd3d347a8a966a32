import assert from 'node:assert/strict';
import { auditFilter, auditRule, findingsIn, fixed, marked, otherRule } from './findings.ts';

type Case = readonly [title: string, detection: string, marked: readonly string[], fixed?: string];

/** For each code detections, what is marked in them, and what a fix makes of the detection (nothing: no fix). */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  UnknownField: [
    ['a field that events do not have', 's:\n  objectRef.kind: Pod\ncondition: s', ['objectRef.kind']],
    ['a field under a scalar', 's:\n  verb.name: get\ncondition: s', ['verb.name']],
    ['with modifiers', 's:\n  request|contains: x\ncondition: s', ['request']],
    [
      'a field whose case is wrong',
      's:\n  objectref.Resource|contains: pods # here\ncondition: s',
      ['objectref.Resource'],
      's:\n  objectRef.resource|contains: pods # here\ncondition: s',
    ],
    ['the same, where the right one stands beside it', 's:\n  verb: get\n  Verb: list\ncondition: s', ['Verb']],
    [
      'the same under not, where the rule would see less',
      's:\n  verb: get\nf:\n  UserAgent: x\ncondition: s and not f',
      ['UserAgent'],
    ],
    ['a field that fieldref names', 's:\n  user.username|fieldref: actor\ncondition: s', ['actor']],
    [
      'nothing in fields of events',
      's:\n  user.extra.any/thing: x\n  annotations.authorization.k8s.io/decision: allow\n  responseStatus.details.causes.field: x\n  requestObject.anything.at.all: 1\n  sourceIPs: 10.0.0.1\n  impersonatedUser.groups: x\n  kind: Event\ncondition: s',
      [],
    ],
    [
      'nothing in mapped names',
      's:\n  apiGroup: apps\n  hostPath: /\n  user.username|fieldref: username\ncondition: s',
      [],
    ],
    ['nothing in keywords', 's:\n  - objectRef.kind\ncondition: s', []],
  ],
  MappedField: [
    [
      'a name for one field',
      's:\n  apiGroup|startswith: app\ncondition: s',
      ['apiGroup'],
      's:\n  objectRef.apiGroup|startswith: app\ncondition: s',
    ],
    ['a name for many', "s:\n  hostPath: '*'\ncondition: s", ['hostPath']],
    ['a name whose field stands beside it', 's:\n  username: x\n  user.username: y\ncondition: s', ['username']],
  ],
  MappedValue: [
    [
      'a decision under the name of the status',
      's:\n  responseStatus.code: ALLOW\ncondition: s',
      ['responseStatus.code'],
    ],
  ],
  UnknownVerb: [
    [
      'replace beside update',
      's:\n  verb:\n    - create\n    # put\n    - replace # no verb\n    - update\ncondition: s',
      ['replace'],
      's:\n  verb:\n    - create\n    # put\n    - update\ncondition: s',
    ],
    [
      'replace in a flow list',
      "s:\n  verb: [replace, 'update']\ncondition: s",
      ['replace'],
      "s:\n  verb: ['update']\ncondition: s",
    ],
    [
      'replace at the end of one',
      's:\n  verb: [ update, "replace" ]\ncondition: s',
      ['replace'],
      's:\n  verb: [ update ]\ncondition: s',
    ],
    ['replace alone', "s:\n  verb: 'replace'\ncondition: s", ['replace'], 's:\n  verb: update\ncondition: s'],
    [
      'replace under not, where a fix would see less',
      's: {objectRef.resource: x}\nf: {verb: replace}\ncondition: s and not f',
      ['replace'],
    ],
    ['verbs of RBAC', 's:\n  verb: [impersonate, escalate]\ncondition: s', ['impersonate', 'escalate']],
    [
      'an HTTP method for a resource',
      's:\n  verb: post\n  objectRef.resource: pods\n  objectRef.subresource: x\ncondition: s',
      ['post'],
    ],
    ['a pattern that no verb fits', 's:\n  verb|startswith: re\ncondition: s', ['re']],
    [
      'nothing in verbs of resources',
      's:\n  verb: [get, LIST, watch, create, update, patch, deletecollection]\ncondition: s',
      [],
    ],
    [
      'nothing in HTTP methods for other paths',
      's:\n  verb: [post, put, options, propfind]\n  requestURI|startswith: /version\ncondition: s',
      [],
    ],
    ['nothing in patterns that a verb fits', "s:\n  verb: '*date'\ncondition: s", []],
  ],
  DeleteWithoutDeletecollection: [
    [
      'a single verb',
      "s:\n  verb: 'delete'   # only\n  objectRef.resource: x\ncondition: s",
      ['verb'],
      "s:\n  verb: ['delete', 'deletecollection']   # only\n  objectRef.resource: x\ncondition: s",
    ],
    [
      'a list',
      's:\n  verb:\n      - create\n      -   "delete" # and more\n  objectRef.resource: x\ncondition: s',
      ['verb'],
      's:\n  verb:\n      - create\n      -   "delete" # and more\n      -   "deletecollection"\n  objectRef.resource: x\ncondition: s',
    ],
    [
      'a flow list',
      's:\n  verb: [create, delete]\ncondition: s',
      ['verb'],
      's:\n  verb: [create, delete, deletecollection]\ncondition: s',
    ],
    [
      'an anchor, which is not changed for others',
      's:\n  verb: &v [create, delete]\nt:\n  objectRef.name: x\n  verb: *v\ncondition: s or t',
      ['verb'],
      's:\n  verb: &v [create, delete, deletecollection]\nt:\n  objectRef.name: x\n  verb: *v\ncondition: s or t',
    ],
    ['nothing in the deletion of one object', 's:\n  verb: delete\n  objectRef.name: x\ncondition: s', []],
    ['nothing in subresources', 's:\n  verb: delete\n  objectRef.subresource: proxy\ncondition: s', []],
    [
      'nothing in namespaces, which know no deletecollection',
      's:\n  verb: delete\n  objectRef.resource: namespaces\ncondition: s',
      [],
    ],
  ],
  ExecByCreateOnly: [
    [
      'exec by create',
      's:\n  verb: create\n  objectRef.resource: pods\n  objectRef.subresource: exec\ncondition: s',
      ['verb'],
      's:\n  verb: [create, get]\n  objectRef.resource: pods\n  objectRef.subresource: exec\ncondition: s',
    ],
    [
      'two selections',
      's:\n  verb: [create]\nt:\n  objectRef.subresource: [attach, portforward]\ncondition: s and t',
      ['verb'],
      's:\n  verb: [create, get]\nt:\n  objectRef.subresource: [attach, portforward]\ncondition: s and t',
    ],
    ['nothing where get is there', 's:\n  verb: [create, get]\n  objectRef.subresource: exec\ncondition: s', []],
    ['nothing where any verb will do', 's:\n  objectRef.subresource: exec\ncondition: s', []],
    ['nothing in other subresources', 's:\n  verb: create\n  objectRef.subresource: eviction\ncondition: s', []],
  ],
  PodsWithSubresources: [
    ['the creation of pods', 's:\n  verb: create\n  objectRef.resource: pods\ncondition: s', ['objectRef.resource']],
    [
      'pods among others',
      's:\n  verb: [get, update]\n  objectRef.resource: [pods, services]\ncondition: s',
      ['objectRef.resource'],
    ],
    [
      'nothing where the subresource is tested',
      's:\n  verb: create\n  objectRef.resource: pods\n  objectRef.subresource: null\ncondition: s',
      [],
    ],
    [
      'nothing where it is excluded',
      's:\n  verb: create\n  objectRef.resource: pods\nf:\n  objectRef.subresource: exec\ncondition: s and not f',
      [],
    ],
    [
      'nothing where the body must be a pod',
      "s:\n  verb: create\n  objectRef.resource: pods\n  hostPath: '*'\ncondition: s",
      [],
    ],
    [
      'nothing in verbs that subresources do not have',
      's:\n  verb: [list, watch, delete, deletecollection]\n  objectRef.resource: pods\ncondition: s',
      [],
    ],
    [
      'nothing in pods of another group',
      's:\n  verb: get\n  objectRef.resource: pods\n  objectRef.apiGroup: metrics.k8s.io\ncondition: s',
      [],
    ],
  ],
  EmptyTextForAbsent: [
    [
      'the core group',
      "s:\n  objectRef.apiGroup: '' # core\ncondition: s",
      [''],
      's:\n  objectRef.apiGroup: null # core\ncondition: s',
    ],
    [
      'the core group under a mapped name',
      's:\n  apiGroup: ""\ncondition: s',
      [''],
      's:\n  objectRef.apiGroup: null\ncondition: s',
    ],
    ['no subresource, in a list', "s:\n  objectRef.subresource: ['', status]\ncondition: s", ['']],
    ['under not', "s: {verb: get}\nf:\n  objectRef.subresource: ''\ncondition: s and not f", ['']],
    [
      'nothing in fields that may be empty',
      "s:\n  annotations.authorization.k8s.io/reason: ''\n  requestObject.x: ''\ncondition: s",
      [],
    ],
  ],
  StatusCodeAsText: [
    [
      'a number in quotes',
      "s:\n  responseStatus.code: ['401', 403]\ncondition: s",
      ['401'],
      's:\n  responseStatus.code: [401, 403]\ncondition: s',
    ],
    ['a pattern', "s:\n  responseStatus.code|startswith: '4'\ncondition: s", ['4']],
    ['a word', 's:\n  responseStatus.code: Forbidden\ncondition: s', ['Forbidden']],
    [
      'nothing in numbers',
      's:\n  responseStatus.code: [401, 403]\nt:\n  responseStatus.code|gte: 500\ncondition: 1 of them',
      [],
    ],
  ],
  ExclusionTrustsUserAgent: [
    [
      'a filter by user agent',
      's: {verb: get}\nf:\n  userAgent|startswith: kubelet\ncondition: s and not f',
      ['userAgent|startswith'],
    ],
    ['neq', 's:\n  verb: get\n  userAgent|neq: kubelet\ncondition: s', ['userAgent|neq']],
    ['nothing in a selection', 's: {userAgent|contains: hunter}\ncondition: s', []],
  ],
  ExclusionTrustsSourceIPs: [
    [
      'a filter by any address',
      's: {verb: get}\nf:\n  sourceIPs|cidr: 10.0.0.0/8\ncondition: s and not f',
      ['sourceIPs|cidr'],
    ],
    ['nothing in a selection', 's: {sourceIPs: 10.0.0.1}\ncondition: s', []],
  ],
  EscapedWildcard: [
    ['a wildcard behind a path', "s:\n  userAgent: 'C:\\tools\\*'\ncondition: s", ['C:\\tools\\*']],
    [
      'a wildcard behind a name in a path',
      "s:\n  userAgent|contains: '\\temp\\?.exe'\ncondition: s",
      ['\\temp\\?.exe'],
    ],
    ['nothing in two backslashes', "s:\n  userAgent: 'C:\\tools\\\\*'\ncondition: s", []],
    ['nothing in an escape that is meant', "s:\n  userAgent: ['-Filter \\*', 'a\\*b', '\\*.exe']\ncondition: s", []],
    ['nothing in regular expressions', "s:\n  userAgent|re: 'C:\\\\tools\\*'\ncondition: s", []],
  ],
};

describe('lint', () => {
  for (const [code, cases] of Object.entries(CASES)) {
    describe(code, () => {
      for (const [title, detection, expected, corrected] of cases) {
        it(`${expected.length === 0 ? 'finds' : 'marks'} ${title}`, () => {
          const source = auditRule(detection);
          assert.deepEqual(marked(source, code), expected);
          const after = fixed(source);
          assert.equal(after, corrected === undefined ? withOtherFixes(source, code) : auditRule(corrected));
          assert.equal(fixed(after), after);
        });
      }
    });
  }

  it('finds nothing of Kubernetes in rules for other products', () => {
    const general = new Set(['EscapedWildcard', 'ExponentialRegex', 'UnusedSelection']);
    for (const [, detection] of Object.values(CASES).flat()) {
      const codes = findingsIn(otherRule(detection)).map(({ code }) => code);
      assert.deepEqual(
        codes.filter((code) => !general.has(code)),
        [],
        detection,
      );
    }
  });

  it('takes the last address for the server’s word, by its index', () => {
    const source = auditRule(
      's: {verb: get}\nf:\n  sourceIPs[-1]|cidr: 10.0.0.0/8\ncondition: s and not f',
      'sigma-version: 3\n',
    );
    assert.deepEqual(marked(source, 'ExclusionTrustsSourceIPs'), []);
    assert.deepEqual(marked(source, 'UnknownField'), []);
    const first = source.replace('[-1]', '[0]');
    assert.deepEqual(marked(first, 'ExclusionTrustsSourceIPs'), ['sourceIPs[0]|cidr']);
  });

  it('looks below array selectors for fields of events', () => {
    const source = auditRule(
      's:\n  requestObject.spec.containers[any]:\n    image|startswith: evil\n    securityContext.privileged: true\n  objectRef.kinds[any]: x\ncondition: s',
      'sigma-version: 3\n',
    );
    assert.deepEqual(marked(source, 'UnknownField'), ['objectRef.kinds[any]']);
  });

  const filters: readonly [title: string, filter: string, codes: readonly string[]][] = [
    [
      'a controller alone',
      's: {user.username: "system:serviceaccount:kube-system:job-controller"}\ncondition: not s',
      ['FilterNamesControllerOnly'],
    ],
    [
      'a controller with its verb',
      's: {user.username: "system:kube-scheduler", verb: create}\ncondition: not s',
      ['FilterNamesControllerOnly'],
    ],
    [
      'nothing in a controller with verb and resource',
      's: {user.username: "system:kube-scheduler", verb: create, objectRef.resource: pods}\ncondition: not s',
      [],
    ],
    [
      'nothing where they stand in selections of their own',
      's: {user.username: x}\nt: {verb: create}\nu: {objectRef.resource: pods}\ncondition: not (s and t and u)',
      [],
    ],
    ['a user agent', 's: {userAgent: x}\ncondition: not s', ['ExclusionTrustsUserAgent']],
    ['an address', 's: {sourceIPs: 10.0.0.1}\ncondition: not s', ['ExclusionTrustsSourceIPs']],
    ['a filter that keeps', 's: {objectRef.namespace: x}\ncondition: s', ['FilterKeeps']],
    ['an unknown field', 's: {user.name: x, verb: get, objectRef.resource: y}\ncondition: not s', ['UnknownField']],
  ];
  for (const [title, filter, codes] of filters) {
    it(`finds ${title} in a filter`, () => {
      assert.deepEqual(
        findingsIn(auditFilter(filter)).map(({ code }) => code),
        codes,
      );
    });
  }
});

/** What the fixes of other codes make of a source: the case says that its own code has none. */
function withOtherFixes(source: string, code: string): string {
  const own = findingsIn(source).filter((finding) => finding.code === code);
  assert(
    own.every(({ fix }) => fix === undefined),
    `${code} has a fix that the case does not expect`,
  );
  return fixed(source);
}
