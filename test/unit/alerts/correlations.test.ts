import assert from 'node:assert/strict';
import { activeRule, type CorrelationSnapshots, Detector, finding, RulesInForce } from '../../../src/alerts/index.ts';
import { StageGate } from '../../../src/audit/index.ts';
import { compileCollection } from '../../../src/sigma/index.ts';
import { auditRecord } from './audit-records.ts';

const SIGMA = `title: Many changes by one user
correlation:
    type: event_count
    rules: [changes]
    group-by: [user.username]
    timespan: 5m
    condition: {gte: 3}
level: high
---
title: A change
name: changes
logsource: {product: kubernetes, service: audit}
detection:
    selection: {verb: patch}
    condition: selection
`;

function rules(): RulesInForce {
  const result = compileCollection(SIGMA, { name: 'many' });
  assert.ok(result.ok && result.kind === 'correlation', JSON.stringify(result));
  return RulesInForce.of([activeRule('many', 'aa', { kind: 'correlation', correlation: result.correlation }, {}, [])]);
}

const OWN = {
  username: 'operator',
  namespace: 'sigma-operator',
  placeholders: 'p',
  lookUps: new Set<string>(),
  hasExpired: () => false,
};

function detector(correlations?: CorrelationSnapshots): Detector {
  return new Detector({ cluster: 'prod', own: OWN, stages: new StageGate(), correlations });
}

/** The record at an offset, which is also its second. */
function record(offset: number, username = 'alice', code = 200) {
  const time = new Date(Date.UTC(2026, 10, 24, 8, 0, offset)).toISOString().replace('Z', '000Z');
  return auditRecord(offset, {
    auditID: `id-${offset}`,
    user: { username },
    responseStatus: { code },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  });
}

function run(on: Detector, records: ReturnType<typeof record>[]) {
  const last = records.at(-1) ?? assert.fail();
  return on.detect(records, rules(), { position: last.position, time: last.event.stageTimestamp });
}

describe('correlations', () => {
  it('raise one Alert per group when their condition begins to hold, and none for the rules inside', () => {
    const { alerts, totals } = run(
      detector(),
      [1, 2, 3, 4].flatMap((at) => [record(at * 2), record(at * 2 + 1, 'bob')]),
    );
    const found = [...alerts.values()].map(({ rule, key, hits, evidence }) => ({
      actors: finding(rule, key).correlated,
      offsets: hits.map(({ position }) => position.offset),
      because: evidence[0],
    }));
    assert.deepEqual(found, [
      {
        actors: { 'user.username': 'alice' },
        offsets: [6],
        because: '3 × A change, between 2026-11-24T08:00:02.000Z and 2026-11-24T08:00:06.000Z',
      },
      {
        actors: { 'user.username': 'bob' },
        offsets: [7],
        because: '3 × A change, between 2026-11-24T08:00:03.000Z and 2026-11-24T08:00:07.000Z',
      },
    ]);
    assert.equal(totals['many']?.matches, 2);
  });

  it('tell once what they left out, also where they go on from a snapshot', () => {
    const first = detector();
    const nameless = (at: number) => auditRecord(at, { ...record(at).event, user: {} });
    const lost = { ungrouped: 1, valueless: 0, late: 0, evicted: 0 };
    assert.deepEqual(run(first, [record(1), nameless(2)]).correlationLosses, { many: lost });
    assert.deepEqual(run(first, [record(3)]).correlationLosses, {});
    const restored = detector(first.correlations());
    assert.deepEqual(run(restored, [record(4), nameless(5)]).correlationLosses, { many: lost });
  });

  it('have a finding that needs no actor, operation or target', () => {
    const [pending] = run(detector(), [record(1), record(2), record(3)]).alerts.values();
    assert.ok(pending !== undefined);
    const { actor, operation, outcome, summary, severity, rule, cluster } = finding(pending.rule, pending.key);
    assert.deepEqual([actor, operation, outcome, severity, cluster], ['(any)', 'any', 'Any', 'high', 'prod']);
    assert.match(summary, /user\.username alice/);
    assert.equal(rule.title, 'Many changes by one user');
  });

  it('take in only what would raise an Alert: failed requests change nothing', () => {
    assert.equal(run(detector(), [record(1), record(2, 'alice', 404), record(3)]).alerts.size, 0);
  });

  it('fire at the same positions wherever a snapshot was taken, and once', () => {
    const all = [1, 2, 3, 4, 5].map((at) => record(at));
    const whole = [...run(detector(), all).alerts.values()].flatMap(({ hits }) => hits.map(({ position }) => position));
    for (let cut = 1; cut < all.length; cut++) {
      const before = detector();
      const first = [...run(before, all.slice(0, cut)).alerts.values()];
      const after = detector(JSON.parse(JSON.stringify(before.correlations())));
      const second = [...run(after, all.slice(cut)).alerts.values()];
      const positions = [...first, ...second].flatMap(({ hits }) => hits.map(({ position }) => position));
      assert.deepEqual(positions, whole, `cut at ${cut}`);
    }
  });
});
