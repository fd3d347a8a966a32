import assert from 'node:assert/strict';
import fc from 'fast-check';
import { activeRule, Detector, RulesInForce } from '../../../src/alerts/index.ts';
import {
  type AuditEvent,
  type AuditRecord,
  bodiesUnknown,
  decodeAuditLine,
  StageGate,
} from '../../../src/audit/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditEvent, auditRecord } from './audit-records.ts';

const END = { position: { generation: 1, offset: 1 }, time: '2026-11-24T05:48:25.000000Z' };

function rules(selection: string): RulesInForce {
  const text = `title: Test\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  selection: {${selection}}\n  condition: selection\n`;
  const result = compileRule(text);
  assert.ok(result.ok);
  return RulesInForce.of([activeRule('test', 'aa', { kind: 'rule', rule: result.rule }, {}, [])]);
}

function detector(): Detector {
  const own = { username: '', namespace: '', placeholders: '', lookUps: new Set<string>(), hasExpired: () => false };
  return new Detector({ cluster: '', own, stages: new StageGate() });
}

function recordOf(offset: number, event: AuditEvent): AuditRecord {
  return { ...auditRecord(offset), event, bodiesUnknown: bodiesUnknown(event) };
}

/** A gate that has seen a first event: until then it asks for every line. */
function begun(): StageGate {
  const gate = new StageGate();
  gate.observe(auditEvent());
  return gate;
}

/** kube-apiserver writes the type first and the bodies before the times, and these keys in this order. */
function line(event: AuditEvent): Buffer {
  const { requestReceivedTimestamp, stageTimestamp, annotations, requestObject, responseObject, ...head } = event;
  const bodies = { requestObject, responseObject };
  return Buffer.from(JSON.stringify({ ...head, ...bodies, requestReceivedTimestamp, stageTimestamp, annotations }));
}

describe('what is observed of audit levels', () => {
  const NEVER = rules('verb: nothing-like-it');

  it('is the same of lines that are passed over and of events that are parsed', () => {
    const code = fc.option(fc.constantFrom(200, 201, 403, 404, 101), { nil: undefined });
    const objectRef = fc.option(
      fc.record(
        {
          resource: fc.constantFrom('pods', 'cronjobs', 'weird name'),
          namespace: fc.string(),
          name: fc.string(),
          apiGroup: fc.constantFrom('batch', 'a.example.com'),
          apiVersion: fc.constant('v1'),
          subresource: fc.constantFrom('exec', 'status'),
        },
        { requiredKeys: ['resource'] },
      ),
      { nil: undefined },
    );
    const event = fc.record({
      level: fc.constantFrom('Metadata', 'Request', 'RequestResponse'),
      verb: fc.constantFrom('get', 'create', 'patch'),
      objectRef,
      responseStatus: code.map((value) => (value === undefined ? undefined : { metadata: {}, code: value })),
      requestObject: fc.option(fc.constant({ kind: 'Pod' }), { nil: undefined }),
      annotations: fc.option(
        fc.constantFrom<Record<string, string>>(
          { 'authorization.k8s.io/decision': 'allow' },
          { 'audit.k8s.io/truncated': 'true' },
        ),
        { nil: undefined },
      ),
    });
    let passedOver = 0;
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (changes) => {
        const [read, parsed] = [detector(), detector()];
        const gate = begun();
        const kept: AuditEvent[] = [];
        for (const each of changes) {
          const bytes = line(auditEvent(each as Partial<AuditEvent>));
          if (!NEVER.screen(gate).mayMatter(bytes, read.passedOver)) passedOver += 1;
          else {
            const decoded = decodeAuditLine(bytes);
            if (decoded.kind === 'event') kept.push(decoded.event);
          }
        }
        read.detect(
          kept.map((event, index) => recordOf(index, event)),
          NEVER,
          END,
        );
        parsed.detect(
          changes.map((each, index) => recordOf(index, auditEvent(each as Partial<AuditEvent>))),
          NEVER,
          END,
        );
        assert.deepEqual(read.observed(), parsed.observed());
      }),
    );
    assert.ok(passedOver > 100, 'most lines are passed over');
  });

  it('is all of a small run of lines, and a part of a large one', () => {
    const one = detector();
    for (let index = 0; index < 1000; index++) {
      const objectRef = { resource: `resource${index}`, apiVersion: 'v1' };
      NEVER.screen(begun()).mayMatter(
        line(auditEvent({ objectRef, responseStatus: { metadata: {}, code: 200 } })),
        one.passedOver,
      );
    }
    one.detect([], NEVER, END);
    const seen = Object.keys(one.observed()?.current.resources ?? {});
    assert.deepEqual(
      seen.slice(0, 32),
      Array.from({ length: 32 }, (_, index) => `resource${index}`),
    );
    assert.equal(seen.length, 32 + Math.floor(999 / 64));
    NEVER.screen(begun()).mayMatter(
      line(auditEvent({ objectRef: { resource: 'later' }, responseStatus: { metadata: {}, code: 200 } })),
      one.passedOver,
    );
    one.detect([], NEVER, END);
    assert.ok('later' in (one.observed()?.current.resources ?? {}));
  });

  it('is remembered over restarts', () => {
    const one = detector();
    one.detect([auditRecord(1)], NEVER, END);
    const own = { username: '', namespace: '', placeholders: '', lookUps: new Set<string>(), hasExpired: () => false };
    const again = new Detector({ cluster: '', own, stages: new StageGate(), observed: one.observed() });
    assert.deepEqual(again.observed(), one.observed());
    assert.deepEqual(again.observed('joined')?.current.resources, { 'cronjobs.batch': { patch: 1 } });
  });
});
