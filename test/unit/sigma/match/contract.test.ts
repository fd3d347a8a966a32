import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeAuditLine } from '../../../../src/audit/index.ts';
import { compiled } from '../support/compiled.ts';
import { describeEngine } from '../support/engine-contract.ts';
import { auditEvent, goJson, rewriting } from './support/arbitrary-events.ts';
import { auditRule } from './support/arbitrary-rules.ts';
import { type LoggedEvent, MATCHING_ENGINES, type NamedRule } from './support/matching-engines.ts';

const DATA = new URL('../../../data/', import.meta.url);
const [interpreter] = MATCHING_ENGINES;
assert(interpreter !== undefined);

function logged(line: string, bodiesUnknown = false): LoggedEvent {
  const event: object = JSON.parse(line);
  return { line: Buffer.from(line), event, bodiesUnknown };
}

for (const engine of MATCHING_ENGINES.slice(1)) {
  describeEngine(engine.name, (rule, event, options) => {
    const verdicts = engine.start([{ id: 'r', compiled: rule }])({ ...logged(goJson(event)), ...options });
    return verdicts[0]?.[1] ?? 'no-match';
  });

  describe(`${engine.name}: as the interpreter`, function () {
    this.timeout(60_000);
    it('on the public rules and a log of a real API server', () => {
      const folder = new URL('sigma/kubernetes-rules/', DATA);
      const rules: readonly NamedRule[] = readdirSync(folder).map((id) => ({
        id,
        compiled: compiled(readFileSync(new URL(id, folder), 'utf8')),
      }));
      const lines = readFileSync(new URL('audit/kube-apiserver-1.37.jsonl', DATA), 'utf8').trim().split('\n');
      const [expected, actual] = [interpreter.start(rules), engine.start(rules)];
      for (const line of lines) assert.deepEqual(actual(logged(line)), expected(logged(line)));
    });

    it('on any rules and events, however the line is written', () => {
      const rules = fc.array(auditRule, { minLength: 1, maxLength: 12 });
      const events = fc.array(fc.tuple(auditEvent, rewriting, fc.boolean()), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(rules, events, (compiledRules, written) => {
          const named = compiledRules.map((rule, i) => ({ id: `${i}`, compiled: rule }));
          const [expected, actual] = [interpreter.start(named), engine.start(named)];
          for (const [event, write, cut] of written) {
            const annotations = event.annotations as Record<string, string> | undefined;
            const truncated = annotations?.['audit.k8s.io/truncated'] !== undefined && cut;
            const one = logged(write(event), truncated);
            assert.deepEqual(actual(one), expected(one), one.line.toString());
          }
        }),
        { numRuns: 200 },
      );
    });
  });
}

describe('a line screen', function () {
  this.timeout(60_000);
  it('lets through what stands behind a torn line', () => {
    const screened = MATCHING_ENGINES.find(({ name }) => name.startsWith('line screen'));
    assert(screened !== undefined);
    fc.assert(
      fc.property(
        fc.array(auditRule, { minLength: 1, maxLength: 6 }),
        auditEvent,
        auditEvent,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rules, torn, whole, share) => {
          const named = rules.map((rule, i) => ({ id: `${i}`, compiled: rule }));
          const first = Buffer.from(goJson(torn));
          const line = Buffer.concat([first.subarray(0, Math.floor(first.length * share)), Buffer.from(goJson(whole))]);
          const decoded = decodeAuditLine(line);
          if (decoded.kind !== 'event') return;
          const one = { line, event: decoded.event, bodiesUnknown: decoded.bodiesUnknown };
          assert.deepEqual(screened.start(named)(one), interpreter.start(named)(one), line.toString());
        },
      ),
      { numRuns: 300 },
    );
  });
});
