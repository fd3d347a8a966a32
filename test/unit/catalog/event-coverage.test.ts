import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  eventCoverage,
  formatNameSet,
  formatOperation,
  hasName,
  observability,
  type RequestPattern,
} from '../../../src/catalog/index.ts';
import { evaluate } from '../../../src/sigma/index.ts';
import { auditRule, kubernetesSubjects } from './support/rules.ts';

describe('the watched operations of a rule', () => {
  const operationsOf = (detection: string): readonly string[] =>
    eventCoverage(auditRule(detection)).operations.map(formatOperation);

  it('of the CronJob/Job rule are create, patch, update and delete of CronJobs and Jobs, their status included', () => {
    const rule = kubernetesSubjects().find(({ key }) => key === 'cronjob_modification')?.rule;
    assert(rule !== undefined);
    const { operations, impossibleVerbs, patterns, stages, levels, constrains, pathVerbs } = eventCoverage(rule);
    assert.deepEqual(operations.map(formatOperation), [
      'create batch/cronjobs',
      'delete batch/cronjobs',
      'patch batch/cronjobs',
      'update batch/cronjobs',
      'patch batch/cronjobs/status',
      'update batch/cronjobs/status',
      'create batch/jobs',
      'delete batch/jobs',
      'patch batch/jobs',
      'update batch/jobs',
      'patch batch/jobs/status',
      'update batch/jobs/status',
    ]);
    assert.deepEqual(impossibleVerbs, [{ verb: 'replace', hint: 'PUT requests have the verb update' }]);
    assert.deepEqual(patterns.map(texts), ['create, delete, patch, update | batch | cronjobs, jobs | any | any']);
    assert.deepEqual(stages, ['ResponseComplete']);
    assert.deepEqual(levels, { some: 'Metadata', all: 'Metadata', whole: 'Metadata' });
    assert.deepEqual(constrains, { verb: true, apiGroup: true, resource: true, subresource: false, namespace: false });
    assert.deepEqual(pathVerbs, []);
  });

  const cases = [
    [
      'a list of alternatives',
      's:\n  objectRef.resource: nodes\n  verb: [get, list]\ncondition: s',
      ['get nodes', 'list nodes', 'get nodes/proxy', 'get nodes/status'],
    ],
    [
      'no subresource',
      's:\n  objectRef.resource: nodes\n  objectRef.subresource: null\n  verb: get\ncondition: s',
      ['get nodes'],
    ],
    [
      'an absent subresource by exists',
      's:\n  objectRef.resource: nodes\n  objectRef.subresource|exists: false\n  verb: get\ncondition: s',
      ['get nodes'],
    ],
    ['a mapped name', 's:\n  resource: pods\n  subresource: log\ncondition: s', ['get pods/log']],
    ['a prefix', 's:\n  objectRef.resource|startswith: cron\n  verb: create\ncondition: s', ['create batch/cronjobs']],
    ['a pattern', 's:\n  objectRef.resource: "c*jobs"\n  verb: create\ncondition: s', ['create batch/cronjobs']],
    [
      'a regular expression',
      's:\n  objectRef.resource|re: ^cron\n  verb: create\ncondition: s',
      ['create batch/cronjobs'],
    ],
    ['any case', 's:\n  objectRef.resource: CronJobs\n  verb: CREATE\ncondition: s', ['create batch/cronjobs']],
    [
      'an exclusion',
      's:\n  objectRef.apiGroup: batch\n  objectRef.resource: jobs\nf:\n  verb: [get, list, watch, patch, update]\ncondition: s and not f',
      ['create batch/jobs', 'delete batch/jobs', 'deletecollection batch/jobs'],
    ],
    [
      'neq',
      's:\n  objectRef.apiGroup: batch\n  objectRef.resource: cronjobs\n  objectRef.subresource: status\n  verb|neq: [get, patch]\ncondition: s',
      ['update batch/cronjobs/status'],
    ],
    [
      'a choice of two operations',
      'a:\n  verb: create\n  objectRef.resource: jobs\nb:\n  verb: delete\n  objectRef.resource: nodes\ncondition: a or b',
      ['delete nodes', 'delete nodes/proxy', 'create batch/jobs'],
    ],
    [
      'the core group',
      's:\n  objectRef.apiGroup: null\n  objectRef.resource: events\n  verb: delete\ncondition: s',
      ['delete events'],
    ],
    [
      'a namespace, which cluster-scoped objects have not',
      's:\n  objectRef.namespace: a\n  objectRef.resource: [nodes, endpoints]\n  verb: create\ncondition: s',
      ['create endpoints'],
    ],
    ['a contradiction', 's:\n  objectRef.resource: nodes\n  objectRef.resource|startswith: pod\ncondition: s', []],
    [
      'two parts of one name',
      's:\n  objectRef.resource|contains|all: [cron, jobs]\n  verb: create\ncondition: s',
      ['create batch/cronjobs'],
    ],
    [
      'a body that such requests have not',
      's:\n  objectRef.resource: nodes\n  verb: get\n  requestObject.a: b\ncondition: s',
      [],
    ],
    ['a field that no event has', 's:\n  objectRef.resource: nodes\n  foo: b\ncondition: s', []],
    [
      'a field that no event has, excluded',
      's:\n  objectRef.resource: nodes\n  verb: create\nf:\n  foo: b\ncondition: s and not f',
      ['create nodes', 'create nodes/proxy'],
    ],
  ] as const;
  for (const [what, detection, expected] of cases)
    it(`follow ${what}`, () => assert.deepEqual(operationsOf(detection), expected));

  it('say "any" where the rule leaves something open', () => {
    const textsOf = (detection: string): readonly string[] => eventCoverage(auditRule(detection)).patterns.map(texts);
    assert.deepEqual(textsOf('s:\n  objectRef.resource: secrets\ncondition: s'), ['any | any | secrets | any | any']);
    assert.deepEqual(textsOf('s:\n  objectRef.resource|startswith: cron\n  verb: get\ncondition: s'), [
      'get | any | cronjobs, cron* | any | any',
    ]);
    assert.deepEqual(textsOf('s:\n  verb: get\nf:\n  objectRef.resource: events\ncondition: s and not f'), [
      'get | any | any but events | any | any',
    ]);
    assert.deepEqual(
      textsOf('s:\n  apiGroup: argoproj.io\n  objectRef.resource: applications\n  verb: create\ncondition: s'),
      ['create | argoproj.io | applications | any | any'],
    );
    assert.deepEqual(textsOf('s:\n  responseStatus.code: 403\ncondition: s'), ['any | any | any | any | any']);
  });

  it('include requests for other paths where nothing of objectRef is demanded', () => {
    assert.deepEqual(eventCoverage(auditRule('s:\n  verb: [get, post]\ncondition: s')).pathVerbs, ['get', 'post']);
    assert.deepEqual(eventCoverage(auditRule('s:\n  objectRef.name: a\ncondition: s')).pathVerbs, []);
    assert.deepEqual(eventCoverage(auditRule('s:\n  objectRef: null\n  verb: put\ncondition: s')).pathVerbs, ['put']);
  });

  it('miss nothing: what matches an event is watched', () => {
    const names = {
      verb: ['get', 'create', 'patch'],
      resource: ['pods', 'jobs', 'widgets'],
      group: ['', 'batch', 'x.io'],
      under: ['', 'status', 'exec'],
    };
    const test = fc.oneof(
      field('verb', names.verb),
      field('objectRef.resource', names.resource),
      field('objectRef.apiGroup', names.group),
      field('objectRef.subresource', names.under),
      fc.constant('userAgent|contains: k'),
      fc.constant('requestObject.spec.a: b'),
    );
    const selection = fc.uniqueArray(test, { minLength: 1, maxLength: 3, selector: (text) => text.split(':')[0] });
    const conditions = ['a', 'a and b', 'a or b', 'a and not b', 'not a', 'not (a or b)', 'not a or b'];
    const event = fc.record({
      verb: fc.constantFrom(...names.verb),
      resource: fc.constantFrom(...names.resource),
      apiGroup: fc.constantFrom(...names.group),
      subresource: fc.constantFrom(...names.under),
      userAgent: fc.constantFrom('kubectl', 'curl'),
      body: fc.boolean(),
    });
    fc.assert(
      fc.property(selection, selection, fc.constantFrom(...conditions), event, (a, b, condition, of) => {
        const rule = auditRule(`a:\n  ${a.join('\n  ')}\nb:\n  ${b.join('\n  ')}\ncondition: ${condition}`);
        const { verb, resource, apiGroup, subresource, userAgent } = of;
        const hasBody = of.body && verb !== 'get' && subresource !== 'exec';
        const ref = Object.fromEntries(
          Object.entries({ resource, apiGroup, subresource }).filter(([, name]) => name !== ''),
        );
        const audited = {
          verb,
          objectRef: ref,
          userAgent,
          ...(hasBody ? { requestObject: { spec: { a: 'b' } } } : {}),
        };
        if (evaluate(rule.plan, audited) !== 'match') return;
        const { patterns } = eventCoverage(rule);
        assert.ok(patterns.some((pattern) => includes(pattern, { verb, resource, apiGroup, subresource })));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a rule that tells many requests apart', () => {
  const many = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');
  const rules = [
    ['thousands of tests', `s:\n${many(4000, (i) => `  a${i}: 1`)}\ncondition: s`],
    [
      'hundreds of names of every kind',
      `${many(30, (i) => `s${i}:\n  resource: r${i}\n  apiGroup: g${i}\n  namespace: n${i}`)}\ncondition: 1 of s*`,
    ],
    ['hundreds of bodies', `s:\n${many(100, (i) => `  requestObject.a${i}: 1`)}\ncondition: not s`],
  ] as const;
  for (const [what, detection] of rules) {
    it(`by ${what} is still said to watch everything that it may`, () => {
      const rule = auditRule(detection);
      const { patterns, levels } = eventCoverage(rule);
      assert.ok(patterns.length > 0);
      assert.notEqual(levels, undefined);
      assert.equal(observability(rule).status, 'Unknown');
    });
  }
});

describe('the audit level that a rule needs', () => {
  const levelsOf = (detection: string): object | undefined => eventCoverage(auditRule(detection)).levels;
  const cases = [
    ['who and what only', 's:\n  verb: create\n  user.username: a\ncondition: s', ['Metadata', 'Metadata', 'Metadata']],
    [
      'the request body of a create',
      's:\n  verb: create\n  objectRef.resource: pods\n  hostPath: "*"\ncondition: s',
      ['Request', 'Request', 'Request'],
    ],
    [
      'the object that a patch made',
      's:\n  verb: patch\n  objectRef.resource: deployments\n  hostPath: "*"\ncondition: s',
      ['RequestResponse', 'RequestResponse', 'RequestResponse'],
    ],
    [
      'a body by two verbs',
      's:\n  verb: [create, patch]\n  objectRef.resource: jobs\n  hostPath: "*"\ncondition: s',
      ['Request', 'RequestResponse', 'RequestResponse'],
    ],
    [
      'the response',
      's:\n  verb: get\n  objectRef.resource: jobs\n  responseObject.a: b\ncondition: s',
      ['RequestResponse', 'RequestResponse', 'RequestResponse'],
    ],
    [
      'a body in an exclusion',
      's:\n  verb: create\n  objectRef.resource: jobs\nf:\n  hostPath: "*"\ncondition: s and not f',
      ['Metadata', 'Metadata', 'Request'],
    ],
    [
      'a body in one of two branches',
      'a:\n  verb: create\n  objectRef.resource: jobs\n  hostPath: "*"\nb:\n  verb: delete\n  objectRef.resource: nodes\ncondition: a or b',
      ['Metadata', 'Request', 'Request'],
    ],
    [
      'the level itself',
      's:\n  level: RequestResponse\n  objectRef.resource: nodes\ncondition: s',
      ['RequestResponse', 'RequestResponse', 'RequestResponse'],
    ],
  ] as const;
  for (const [what, detection, [some, all, whole]] of cases)
    it(`is worked out for ${what}`, () => assert.deepEqual(levelsOf(detection), { some, all, whole }));
});

describe('the stages of a rule', () => {
  const stagesOf = (detection: string): readonly string[] => eventCoverage(auditRule(detection)).stages;
  const cases = [
    [
      'short requests',
      's:\n  objectRef.resource: nodes\n  verb: create\nf:\n  objectRef.subresource: proxy\ncondition: s and not f',
      ['ResponseComplete'],
    ],
    [
      'long-running requests',
      's:\n  objectRef.resource: pods\n  objectRef.subresource: exec\ncondition: s',
      ['ResponseStarted', 'ResponseComplete'],
    ],
    [
      'watches',
      's:\n  objectRef.resource: nodes\n  verb: watch\ncondition: s',
      ['ResponseStarted', 'ResponseComplete'],
    ],
    [
      'failed authentication',
      's:\n  responseStatus.code: 401\n  objectRef.resource: jobs\n  verb: create\ncondition: s',
      ['ResponseStarted', 'ResponseComplete'],
    ],
    [
      'a rule that asks for one',
      's:\n  stage: RequestReceived\n  objectRef.resource: nodes\ncondition: s',
      ['RequestReceived'],
    ],
  ] as const;
  for (const [what, detection, expected] of cases)
    it(`are those of ${what}`, () => assert.deepEqual(stagesOf(detection), expected));
});

function field(name: string, values: readonly string[]): fc.Arbitrary<string> {
  const value = fc.constantFrom(...values).map((text) => (text === '' ? 'null' : text));
  return fc.oneof(
    value.map((text) => `${name}: ${text}`),
    fc.constantFrom(...values).map((text) => `${name}|contains: "${text.slice(0, 2)}"`),
    fc.constantFrom('exists: true', 'exists: false').map((text) => `${name}|${text}`),
  );
}

function texts({ verbs, apiGroups, resources, subresources, namespaces }: RequestPattern): string {
  return [verbs, apiGroups, resources, subresources, namespaces].map((set) => formatNameSet(set, 'none')).join(' | ');
}

interface Names {
  readonly verb: string;
  readonly resource: string;
  readonly apiGroup: string;
  readonly subresource: string;
}

/** Whether a pattern includes a request, its unnamed part counted as including everything. */
function includes(pattern: RequestPattern, { verb, resource, apiGroup, subresource }: Names): boolean {
  return (
    hasName(pattern.verbs, verb) &&
    (hasName(pattern.apiGroups, apiGroup) || pattern.apiGroups.patterns.length > 0) &&
    (hasName(pattern.resources, resource) || pattern.resources.patterns.length > 0) &&
    (hasName(pattern.subresources, subresource) || pattern.subresources.patterns.length > 0)
  );
}
