import assert from 'node:assert/strict';
import fc from 'fast-check';
import { activeRule, type LogScreen, RulesInForce } from '../../../src/alerts/index.ts';
import { type AuditEvent, StageGate } from '../../../src/audit/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditEvent } from './audit-records.ts';

function rules(...selections: readonly string[]): RulesInForce {
  return RulesInForce.of(
    selections.map((selection, index) => {
      const result = compileRule(
        `title: Test\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection: {${selection}}\n  condition: selection\n`,
      );
      assert.ok(result.ok);
      return activeRule(`rule-${index}`, 'aa', { kind: 'rule', rule: result.rule }, {}, []);
    }),
  );
}

const line = (event: AuditEvent): Buffer => Buffer.from(JSON.stringify(event));
const DELETES = 'verb: delete';
const WATCH = { verb: 'watch' } as const;

/** A gate that has seen a first event, and these. */
function gateAfter(...events: readonly AuditEvent[]): StageGate {
  const gate = new StageGate();
  for (const event of [auditEvent(), ...events]) gate.observe(event);
  return gate;
}

describe('a line of an audit log', () => {
  it('need not be parsed where no rule can match it', () => {
    assert.equal(rules(DELETES).screen(gateAfter()).mayMatter(line(auditEvent())), false);
    assert.equal(rules(DELETES, 'verb: patch').screen(gateAfter()).mayMatter(line(auditEvent())), true);
  });

  it('is always parsed until the gate has begun: its time says how far memory reaches back', () => {
    const gate = new StageGate();
    assert.equal(rules(DELETES).screen(gate).mayMatter(line(auditEvent())), true);
    gate.observe(auditEvent());
    assert.equal(rules(DELETES).screen(gate).mayMatter(line(auditEvent())), false);
    const restored = new StageGate({ restore: gate.snapshot() });
    assert.equal(rules(DELETES).screen(restored).mayMatter(line(auditEvent())), false);
  });

  it('is parsed where it may show that starts are logged, until that is known', () => {
    const start = auditEvent({ ...WATCH, stage: 'ResponseStarted' });
    assert.equal(rules(DELETES).screen(gateAfter()).mayMatter(line(start)), true);
    assert.equal(rules(DELETES).screen(gateAfter(start)).mayMatter(line(start)), false);
  });

  it('is parsed where it ends a request that was counted', () => {
    const start = auditEvent({ ...WATCH, stage: 'ResponseStarted' });
    const gate = gateAfter(start);
    const end = line(auditEvent({ ...WATCH }));
    assert.equal(rules(DELETES).screen(gate).mayMatter(end), false);
    gate.count(start, { name: 'rule', testsStage: false });
    assert.equal(rules(DELETES).screen(gate).mayMatter(end), true);
    const later = auditEvent({ ...WATCH, requestReceivedTimestamp: '2026-11-24T05:48:24.739584Z' });
    assert.equal(rules(DELETES).screen(gate).mayMatter(line(later)), false);
  });

  it('is parsed where it ends a request that an earlier line may count, which was not observed yet', () => {
    const started = 'stage: ResponseStarted, verb: watch';
    const start = auditEvent({ ...WATCH, stage: 'ResponseStarted' });
    const gate = gateAfter(start);
    const inForce = rules(started);
    assert.equal(inForce.screen(gate).mayMatter(line(auditEvent({ ...WATCH }))), false);
    assert.equal(inForce.screen(gate).mayMatter(line(start)), true);
    assert.equal(inForce.screen(gate).mayMatter(line(auditEvent({ ...WATCH }))), true);
    gate.observe(start);
    assert.equal(inForce.screen(gate).mayMatter(line(auditEvent({ ...WATCH }))), false);
  });
});

/** Stages of a few requests, in the order of a log. */
const log = fc
  .array(
    fc.record({
      request: fc.nat(9),
      stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'),
      code: fc.constantFrom(200, 401, 403),
    }),
    { maxLength: 40 },
  )
  .map((stages) =>
    stages.map(({ request, stage, code }) =>
      auditEvent({
        auditID: String(request),
        stage,
        verb: request % 2 === 0 ? 'watch' : 'patch',
        ...(request % 3 === 0 ? { user: {} } : {}),
        ...(stage === 'RequestReceived' ? {} : { responseStatus: { code } }),
        // Two requests each were received at the same time.
        requestReceivedTimestamp: `2026-11-24T05:48:24.00000${request >> 1}Z`,
      }),
    ),
  );

/** Of the events of a piece of a log, those whose lines have to be parsed. */
function notPassedOver(screen: LogScreen, events: readonly AuditEvent[]): readonly AuditEvent[] {
  const lines = events.map((event) => Buffer.concat([line(event), Buffer.from('\n')]));
  const piece = Buffer.concat(lines);
  screen.begin(piece);
  const left: AuditEvent[] = [];
  let at = 0;
  for (let next = 0; next < events.length; next++) {
    const passed = screen.passOver(piece, at);
    next += passed.lines;
    const event = events[next];
    assert.equal(passed.stop, event === undefined ? 'rest' : 'event');
    if (event === undefined) break;
    left.push(event);
    at = passed.to + (lines[next]?.length ?? 0);
  }
  return left;
}

describe('a log of which only some lines are parsed', () => {
  it('counts what it counts when all are, and remembers the same requests, however far the reading is ahead', () => {
    const selections = [
      'verb: watch',
      'responseStatus.code: 403',
      'responseStatus.code: 200',
      'stage: RequestReceived',
      'stage: ResponseStarted, verb: watch',
      'stage: ResponseComplete',
    ];
    const chosen = fc.subarray(selections, { minLength: 1 });
    fc.assert(
      fc.property(
        chosen,
        log,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (chosenSelections, events, ahead, alone) => {
          const inForce = rules(...chosenSelections);
          const gates = { all: new StageGate(), some: new StageGate() };
          const screen = inForce.screen(gates.some);
          const count = (gate: StageGate, event: AuditEvent): readonly string[] => {
            gate.observe(event);
            return inForce
              .match(event, false)
              .filter(({ watched }) => gate.admits(event, watched) && gate.count(event, watched))
              .map(({ watched }) => watched.id);
          };
          for (let from = 0; from < events.length; from += ahead) {
            const batch = events.slice(from, from + ahead);
            const parsed = alone
              ? batch.filter((event) => screen.mayMatter(line(event)))
              : notPassedOver(screen, batch);
            assert.deepEqual(
              parsed.map((event) => count(gates.some, event)).filter((found) => found.length > 0),
              batch.map((event) => count(gates.all, event)).filter((found) => found.length > 0),
            );
          }
          assert.deepEqual(gates.some.snapshot(), gates.all.snapshot());
        },
      ),
      { numRuns: 500 },
    );
  });
});
