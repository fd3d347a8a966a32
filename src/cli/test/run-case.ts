import type { Readable } from 'node:stream';
import { type AuditEvent, decodeAuditLine } from '../../audit/index.ts';
import { type CompiledRule, evaluate, explain, formatExplanation, type Verdict } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { logEvents } from '../logs/log-events.ts';
import { findLogs } from '../logs/log-files.ts';
import type { TestCase } from './test-case.ts';

/** What came of a test. */
export interface Outcome {
  readonly actual: TestCase['expected'];
  readonly explanation: string | undefined;
}

/** Shows a rule what a test says. Throws a CommandFailure for a log that cannot be read, or an event that is none. */
export async function runCase({ input, expected }: TestCase, rule: CompiledRule, stdin: Readable): Promise<Outcome> {
  if (input.kind === 'event') return runEvent(input.json, rule);
  const counts = { match: 0, undetermined: 0 };
  for (const log of findLogs([input.path])) {
    for await (const { events } of logEvents(log, { ...SILENT, stdin })) {
      for (const { event, bodiesUnknown } of events) {
        const verdict = verdictOf(rule, event, bodiesUnknown);
        if (verdict !== 'no-match') counts[verdict]++;
      }
    }
  }
  return { actual: outcomeOf(counts, expected), explanation: undefined };
}

const SILENT = {
  onSkipped: () => {},
  onFile: () => {},
  onBytes: () => {},
  onBroken: () => {},
  onFailure: (failure: CommandFailure) => {
    throw failure;
  },
};

function runEvent(json: string, rule: CompiledRule): Outcome {
  const decoded = decodeAuditLine(Buffer.from(json));
  if (decoded.kind !== 'event') throw new CommandFailure('NoEvents', '', 'The event is no audit event.');
  const { event, bodiesUnknown } = decoded;
  const verdict = verdictOf(rule, event, bodiesUnknown);
  return {
    actual: verdict === 'undetermined' ? verdict : verdict === 'match',
    explanation: formatExplanation(explain(rule, event, { bodiesUnknown })),
  };
}

/** As rules see events: without RequestReceived, unless they test the stage. */
function verdictOf(rule: CompiledRule, event: AuditEvent, bodiesUnknown: boolean): Verdict {
  if (event.stage === 'RequestReceived' && !rule.testedFields.includes('stage')) return 'no-match';
  return evaluate(rule.plan, event, { bodiesUnknown });
}

/** In the terms of what was expected. */
function outcomeOf(
  { match, undetermined }: { readonly match: number; readonly undetermined: number },
  expected: TestCase['expected'],
): TestCase['expected'] {
  if (typeof expected === 'number') return match + undetermined;
  if (match > 0) return true;
  return undetermined > 0 ? 'undetermined' : false;
}
