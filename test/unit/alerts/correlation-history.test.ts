import assert from 'node:assert/strict';
import fc from 'fast-check';
import { activeRule, CorrelationHistory, Detector, RulesInForce, reachOf } from '../../../src/alerts/index.ts';
import { type AuditRecord, StageGate } from '../../../src/audit/index.ts';
import { compileCollection } from '../../../src/sigma/index.ts';
import { auditRecord } from './audit-records.ts';

const BASES = ['patch', 'delete'].map(
  (verb) =>
    `title: ${verb}\nname: ${verb}\nlogsource: {product: kubernetes, service: audit}\ndetection:\n    selection: {verb: ${verb}}\n    condition: selection\n`,
);

function rulesOf(...bodies: readonly string[]): RulesInForce {
  return RulesInForce.of(
    bodies.map((body, index) => {
      const head = `title: Rule ${index}\ncorrelation:\n    rules: [patch, delete]\n    group-by: [user.username]\n`;
      const result = compileCollection([`${head}${body}`, ...BASES].join('\n---\n'), { name: `rule-${index}` });
      assert.ok(result.ok && result.kind === 'correlation', JSON.stringify(result));
      return activeRule(`rule-${index}`, 'aa', { kind: 'correlation', correlation: result.correlation }, {}, []);
    }),
  );
}

const RULES = rulesOf(
  '    type: event_count\n    timespan: 5m\n    condition: {gte: 3}\n',
  '    type: temporal\n    timespan: 10m\n    condition: patch and not delete\n',
  '    type: temporal_ordered\n    timespan: 2m\n',
);
const OWN = { username: 'operator', namespace: 'sigma-operator', placeholders: 'p', lookUps: new Set<string>() };

const LOG = fc
  .array(
    fc.record({
      verb: fc.constantFrom('patch', 'delete', 'get'),
      username: fc.constantFrom('alice', 'bob'),
      pause: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 120 }) }, fc.integer({ min: 0, max: 3000 })),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((list) => {
    let seconds = Date.UTC(2026, 10, 24) / 1000;
    return list.map(({ verb, username, pause }, index): AuditRecord => {
      seconds += pause;
      const time = new Date(seconds * 1000).toISOString().replace('Z', '000Z');
      const fields = { auditID: `id-${index}`, verb, user: { username } };
      return auditRecord(index, { ...fields, requestReceivedTimestamp: time, stageTimestamp: time });
    });
  });

function runOf(records: readonly AuditRecord[]) {
  const last = records.at(-1);
  return { position: last?.position ?? { generation: 1, offset: 0 }, time: last?.event.stageTimestamp };
}

function firings(detector: Detector, records: readonly AuditRecord[]): readonly string[] {
  return records.flatMap((record) =>
    [...detector.detect([record], RULES, runOf([record])).alerts.values()].flatMap(({ name, hits }) =>
      hits.map(({ position, time }) => `${name} at ${position.offset}, ${time}`),
    ),
  );
}

describe('what correlations remember of a log that was read before', () => {
  const detector = (): Detector =>
    new Detector({ cluster: '', own: { ...OWN, hasExpired: () => false }, stages: new StageGate() });

  it('makes them fire from there on as if they had never been interrupted', () => {
    let fired = 0;
    fc.assert(
      fc.property(LOG, fc.nat({ max: 60 }), (log, cut) => {
        const [before, after] = [log.slice(0, cut), log.slice(cut)];
        const whole = detector();
        firings(whole, before);
        const expected = firings(whole, after);
        fired += expected.length;

        const since = Date.parse(before.at(-1)?.event.stageTimestamp ?? '') - reachOf(RULES);
        const retained = before.filter(({ event }) => Date.parse(event.stageTimestamp ?? '') >= since);
        const history = new CorrelationHistory(RULES, { cluster: '', own: OWN });
        for (const record of retained) {
          const { position: end, time: lastEventTime } = runOf([record]);
          history.take({ records: [record], end, lastEventTime });
        }
        const resumed = detector();
        resumed.restoreCorrelations(JSON.parse(JSON.stringify(history.remembered())));
        assert.deepEqual(firings(resumed, after), expected);
      }),
      { numRuns: 500 },
    );
    assert.ok(fired > 100);
  });

  it('is nothing where nothing correlates', () => {
    assert.equal(reachOf(RulesInForce.of([])), 0);
    assert.ok(reachOf(RULES) >= 2 * 600_000);
  });

  it('needs of the log only what rules may match', () => {
    const history = new CorrelationHistory(RULES, { cluster: '', own: OWN });
    history.take({ records: [auditRecord(1)], end: { generation: 1, offset: 1 }, lastEventTime: undefined });
    const line = (verb: string): Buffer => Buffer.from(JSON.stringify(auditRecord(2, { verb }).event));
    assert.equal(history.decode(line('get')).kind, 'skipped');
    assert.equal(history.decode(line('patch')).kind, 'event');
  });
});
