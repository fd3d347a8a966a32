import assert from 'node:assert/strict';
import {
  type AuditEvent,
  type AuditStage,
  StageGate,
  type StageGateOptions,
  type StageRule,
} from '../../../src/audit/index.ts';
import { auditEvent } from './events.ts';
import { timestamp } from './log-directory.ts';

const RULE: StageRule = { name: 'rule', testsStage: false };
const STAGE_RULE: StageRule = { name: 'stage-rule', testsStage: true };
const START = 1_795_499_304_000_000;
const MINUTE = 60_000_000;

/** A stage of the request with this number, which was received so many minutes after the start. */
function stage(stage: AuditStage, request: number, fields: Partial<AuditEvent> = {}): AuditEvent {
  const received = START + request * MINUTE;
  return auditEvent({
    stage,
    verb: 'watch',
    auditID: String(request),
    requestReceivedTimestamp: timestamp(received),
    stageTimestamp: timestamp(received + (stage === 'ResponseComplete' ? 10 * MINUTE : 0)),
    ...fields,
  });
}

/** What a rule that matches every event counts. */
function counted(gate: StageGate, rule: StageRule, ...events: AuditEvent[]): boolean[] {
  return events.map((event) => {
    gate.observe(event);
    return gate.admits(event, rule) && gate.count(event, rule);
  });
}

function restored(gate: StageGate, options: StageGateOptions = {}): StageGate {
  const restore: unknown = JSON.parse(JSON.stringify(gate.snapshot()));
  return new StageGate({ ...options, restore });
}

describe('stages of a request', () => {
  const exec: Partial<AuditEvent> = { verb: 'create', objectRef: { resource: 'pods', name: 'p', subresource: 'exec' } };
  const plain: Partial<AuditEvent> = { verb: 'create' };
  const failed: Partial<AuditEvent> = { user: {}, responseStatus: { code: 401 } };

  const cases: readonly [name: string, rule: StageRule, events: readonly AuditEvent[], expected: readonly boolean[]][] =
    [
      [
        'an ordinary request counts when it is complete',
        RULE,
        [stage('RequestReceived', 1, plain), stage('ResponseComplete', 1, plain)],
        [false, true],
      ],
      [
        'a request that panics counts',
        RULE,
        [stage('RequestReceived', 1, plain), stage('Panic', 1, plain)],
        [false, true],
      ],
      [
        'a watch counts when it starts, and not again',
        RULE,
        [stage('ResponseStarted', 1), stage('ResponseComplete', 1)],
        [true, false],
      ],
      [
        'an exec counts when it starts, and not again when it panics',
        RULE,
        [stage('ResponseStarted', 1, exec), stage('Panic', 1, exec)],
        [true, false],
      ],
      [
        'where starts are not logged, the end counts',
        RULE,
        [stage('ResponseComplete', 1), stage('ResponseComplete', 2)],
        [true, true],
      ],
      [
        'each request counts',
        RULE,
        [
          stage('ResponseStarted', 1),
          stage('ResponseStarted', 2),
          stage('ResponseComplete', 1),
          stage('ResponseComplete', 2),
        ],
        [true, true, false, false],
      ],
      [
        'a failed authentication counts, whatever the verb',
        RULE,
        [stage('ResponseStarted', 1, { ...plain, ...failed }), stage('ResponseStarted', 1, { ...plain, ...failed })],
        [true, true],
      ],
      [
        'a rule that tests the stage sees RequestReceived, and counts the request once',
        STAGE_RULE,
        [stage('RequestReceived', 1, plain), stage('ResponseComplete', 1, plain)],
        [true, false],
      ],
      [
        'requests that share an Audit-ID are two',
        RULE,
        [stage('ResponseStarted', 1), stage('ResponseStarted', 1, { requestURI: '/other' })],
        [true, true],
      ],
    ];
  for (const [name, rule, events, expected] of cases) {
    it(name, () => assert.deepEqual(counted(new StageGate(), rule, ...events), expected));
    it(`${name}, over a restart after every event`, () => {
      let gate = new StageGate();
      const found = events.map((event) => {
        const [answer] = counted(gate, rule, event);
        gate = restored(gate);
        return answer;
      });
      assert.deepEqual(found, expected);
    });
  }

  it('counts at the end where the rule did not match at the start', () => {
    const gate = new StageGate();
    gate.observe(stage('ResponseStarted', 1));
    gate.observe(stage('ResponseStarted', 2));
    assert.deepEqual(counted(gate, RULE, stage('ResponseComplete', 2)), [true]);
  });

  it('counts once what ends before it starts, where stages may be reordered, also over a restart', () => {
    const reordered = true;
    const events = [stage('ResponseStarted', 1), stage('ResponseComplete', 2), stage('ResponseStarted', 2)];
    assert.deepEqual(counted(new StageGate({ reordered }), RULE, ...events), [true, true, false]);
    const gate = new StageGate({ reordered });
    counted(gate, RULE, ...events.slice(0, 2));
    assert.deepEqual(counted(restored(gate, { reordered }), RULE, ...events.slice(2)), [false]);
  });

  it('remembers a limited number of requests that were counted at their end', () => {
    const gate = new StageGate({ reordered: true });
    for (let request = 0; request < 5000; request++) counted(gate, RULE, stage('ResponseComplete', request));
    const { ended } = gate.snapshot();
    assert.equal(ended?.requests.length, 4096);
    assert.equal(gate.snapshot(500).ended?.requests.length, 500);
    assert.equal(new StageGate().snapshot().ended, undefined);
  });

  it('asks each rule for itself', () => {
    const gate = new StageGate();
    const other = { ...RULE, name: 'other' };
    assert.deepEqual(counted(gate, RULE, stage('ResponseStarted', 1)), [true]);
    gate.observe(stage('ResponseComplete', 1));
    assert.equal(gate.count(stage('ResponseComplete', 1), other), true);
    assert.equal(gate.count(stage('ResponseComplete', 1), RULE), false);
  });

  it('forgets a request that has ended', () => {
    const gate = new StageGate();
    counted(gate, RULE, stage('ResponseStarted', 1), stage('ResponseComplete', 1));
    assert.deepEqual(gate.snapshot().ledger?.requests, []);
  });

  it('does not count the end of what started before the memory does, where starts are logged', () => {
    const lost = new StageGate();
    assert.deepEqual(
      counted(lost, RULE, stage('ResponseStarted', 5), stage('ResponseComplete', 1), stage('ResponseComplete', 6)),
      [true, false, true],
    );
  });

  it('counts it for a rule that tests the stage: it may select only the end', () => {
    assert.deepEqual(counted(new StageGate(), STAGE_RULE, stage('ResponseStarted', 5), stage('ResponseComplete', 1)), [
      true,
      true,
    ]);
  });

  it('does not take failed authentications for starts that are logged', () => {
    assert.deepEqual(
      counted(new StageGate(), RULE, stage('ResponseStarted', 5, failed), stage('ResponseComplete', 1)),
      [true, true],
    );
  });

  it('takes a 401 from behind a proxy for a start, which an end follows', () => {
    const proxied = { ...exec, responseStatus: { code: 401 } };
    assert.deepEqual(
      counted(new StageGate(), RULE, stage('ResponseStarted', 1, proxied), stage('ResponseComplete', 1, proxied)),
      [true, false],
    );
  });

  it('is bounded, counts what it forgets, and does not count it again', () => {
    let gate = new StageGate({ capacity: 10 });
    const starts = Array.from({ length: 30 }, (_, request) => stage('ResponseStarted', request));
    assert.ok(counted(gate, RULE, ...starts).every(Boolean));
    assert.equal(gate.evicted, 20);
    gate = restored(gate, { capacity: 10 });
    assert.equal(gate.evicted, 20);
    const ends = Array.from({ length: 30 }, (_, request) => stage('ResponseComplete', request));
    assert.ok(!counted(gate, RULE, ...ends).some(Boolean));
  });

  it('gives a snapshot that is as small as asked for, and knows what it lacks', () => {
    const gate = new StageGate();
    const requests = [0, 1, 2, 3, 4, 5];
    counted(gate, RULE, ...requests.map((request) => stage('ResponseStarted', request)));
    const small = new StageGate({ restore: gate.snapshot(2) });
    assert.equal(small.snapshot().ledger?.requests.length, 2);
    const ends = requests.map((request) => stage('ResponseComplete', request));
    assert.deepEqual(counted(small, RULE, ...ends, stage('ResponseComplete', 6)), [...requests.map(() => false), true]);
  });

  it('gives the same snapshot until something changes', () => {
    const gate = new StageGate();
    counted(gate, RULE, stage('ResponseStarted', 1));
    assert.equal(gate.snapshot().ledger, gate.snapshot().ledger);
  });

  for (const restore of [
    undefined,
    null,
    1,
    {},
    { startsLogged: 1 },
    { startsLogged: true, ledger: {} },
    { startsLogged: true, ledger: { requests: [[1]], horizon: 0, evicted: 0 } },
  ]) {
    it(`starts anew where it is given ${JSON.stringify(restore)}`, () => {
      assert.deepEqual(new StageGate({ restore }).snapshot(), { startsLogged: false });
    });
  }
});
