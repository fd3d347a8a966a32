import assert from 'node:assert/strict';
import {
  type ActiveRule,
  activeRule,
  Detector,
  type OwnIdentity,
  type RuleChoices,
  RulesInForce,
} from '../../../src/alerts/index.ts';
import { type AuditEvent, type AuditRecord, StageGate } from '../../../src/audit/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditRecord } from './audit-records.ts';

const OWN: OwnIdentity = {
  username: 'system:serviceaccount:sigma-operator:sigma-operator',
  namespace: 'sigma-operator',
  placeholders: 'sigma-placeholders',
  lookUps: new Set(['cronjobs.batch']),
  hasExpired: () => false,
};
const END = { position: { generation: 1, offset: 1_000_000 }, time: undefined };

/** A rule with one selection. */
function rule(name: string, selection: string, choices: RuleChoices = {}): ActiveRule {
  const result = compileRule(
    `title: ${name}\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection: {${selection}}\n  condition: selection\n`,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return activeRule(name, 'aa', { kind: 'rule', rule: result.rule }, choices, []);
}

describe('the detector', () => {
  const detector = (): Detector => new Detector({ cluster: 'test', own: OWN, stages: new StageGate() });
  const detect = (records: readonly AuditRecord[], rules: readonly ActiveRule[], by = detector()) =>
    by.detect(records, RulesInForce.of(rules), END);
  /** `rule operation outcome: offsets` of what was found. */
  const found = ({ alerts }: ReturnType<typeof detect>): readonly string[] =>
    [...alerts.values()].map(
      ({ rule: { name }, key, hits }) =>
        `${name} ${key.operation} ${key.outcome}: ${hits.map(({ position }) => position.offset).join()}`,
    );
  /** Records of different requests, at offsets 100, 200, … */
  const requests = (...changes: readonly Partial<AuditEvent>[]): readonly AuditRecord[] =>
    changes.map((change, n) => auditRecord((n + 1) * 100, { auditID: `id-${n}`, ...change }));
  const code = (value: number): Partial<AuditEvent> => ({ responseStatus: { code: value } });
  const any = rule('any', 'verb|exists: true');

  it('gathers the requests of one group, in the order of the log', () => {
    const detection = detect(requests({}, { verb: 'create' }, {}, { verb: 'update' }), [any]);
    assert.deepEqual(found(detection), ['any change Allowed: 100,300,400', 'any create Allowed: 200']);
    assert.deepEqual(detection.totals, {
      any: { matches: 4, lastMatch: '2026-11-24T05:48:24.739583Z', leftOut: { outcome: 0, dryRun: 0 } },
    });
  });

  it('runs every rule on every event, and names no rule that found nothing', () => {
    const rules = [rule('creates', 'verb: create'), rule('never', 'verb: escalate'), rule('patches', 'verb: patch')];
    const detection = detect(requests({}, { verb: 'create' }), rules);
    assert.deepEqual([...found(detection)].sort(), ['creates create Allowed: 200', 'patches change Allowed: 100']);
    assert.deepEqual(Object.keys(detection.totals).sort(), ['creates', 'patches']);
  });

  const dryRun = { requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly?dryRun=All' };
  const leftOut: readonly [
    title: string,
    selection: string,
    choices: RuleChoices,
    alerts: readonly string[],
    totals: readonly [matches: number, outcome: number, dryRun: number],
  ][] = [
    [
      'by default what failed, and dry runs',
      'verb: patch',
      {},
      ['x change Allowed: 100', 'x change Denied: 200'],
      [2, 1, 1],
    ],
    [
      'only dry runs where it tests the response',
      'responseStatus.code|gte: 100',
      {},
      ['x change Allowed: 100', 'x change Denied: 200', 'x change Failed: 300'],
      [3, 0, 1],
    ],
    ['what it does not ask for', 'verb: patch', { outcome: ['Failed'] }, ['x change Failed: 300'], [1, 3, 0]],
    [
      'no dry runs where it includes them',
      'verb: patch',
      { dryRun: 'Include' },
      ['x change Allowed: 100,400', 'x change Denied: 200'],
      [3, 1, 0],
    ],
  ];
  for (const [title, selection, choices, alerts, [matches, outcome, dryRuns]] of leftOut) {
    it(`leaves out, and counts, ${title}`, () => {
      const records = requests(code(200), code(403), code(404), { ...code(200), ...dryRun });
      const detection = detect(records, [rule('x', selection, choices)]);
      assert.deepEqual(found(detection), alerts);
      assert.equal(detection.totals['x']?.matches, matches);
      assert.deepEqual(detection.totals['x']?.leftOut, { outcome, dryRun: dryRuns });
    });
  }

  it('passes its own requests over, and counts them', () => {
    const user = { username: OWN.username };
    const lookUp = { user, verb: 'get' };
    const lease = {
      user,
      verb: 'update',
      objectRef: { resource: 'leases', apiGroup: 'coordination.k8s.io', namespace: 'sigma-operator', name: 'leader' },
    };
    const theft = { user, verb: 'get', objectRef: { resource: 'secrets', namespace: 'shop', name: 'token' } };
    const detection = detect(requests(lookUp, lease, theft), [any]);
    assert.equal(detection.ownRequests, 2);
    assert.deepEqual(found(detection), ['any read Allowed: 300']);
  });

  describe('counts a request once over its stages', () => {
    const exec = {
      verb: 'create',
      objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
    };
    const stages: readonly Partial<AuditEvent>[] = [
      { ...exec, auditID: 'one', stage: 'RequestReceived' },
      { ...exec, auditID: 'one', stage: 'ResponseStarted', responseStatus: { code: 101 } },
      { ...exec, auditID: 'one', stage: 'ResponseComplete', responseStatus: { code: 101 } },
    ];

    it('when it starts', () => {
      assert.deepEqual(found(detect(requests(...stages), [any])), ['any connect Allowed: 200']);
    });

    it('also where the stages are in different batches', () => {
      const one = detector();
      const batches = requests(...stages).map((record) => found(detect([record], [any], one)));
      assert.deepEqual(batches, [[], ['any connect Allowed: 200'], []]);
    });

    it('at each stage that the rule selects', () => {
      const ends = rule('ends', 'stage: ResponseComplete');
      assert.deepEqual(found(detect(requests(...stages), [ends])), ['ends connect Allowed: 300']);
    });
  });

  it('is not deceived by an Audit-ID that comes again', () => {
    const detection = detect(
      [100, 200, 300].map((offset) =>
        auditRecord(offset, {
          auditID: 'same',
          requestReceivedTimestamp: `2026-11-24T05:48:24.739${offset}Z`,
          stageTimestamp: `2026-11-24T05:48:24.740${offset}Z`,
        }),
      ),
      [any],
    );
    assert.deepEqual(found(detection), ['any change Allowed: 100,200,300']);
  });

  it('marks what may or may not match, because the bodies were cut off', () => {
    const bodies = rule('bodies', 'requestObject.spec.hostPID: true');
    const record = { ...auditRecord(100, { verb: 'create' }), bodiesUnknown: true };
    const [pending] = detect([record], [bodies]).alerts.values();
    assert.deepEqual(
      pending?.hits.map(({ undetermined }) => undetermined),
      [true],
    );
  });

  it('stamps the cluster on what it finds', () => {
    const [pending] = detect(requests({}), [any]).alerts.values();
    assert.equal(pending?.key.cluster, 'test');
  });
});
