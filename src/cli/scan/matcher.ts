import type { AuditEvent } from '../../audit/index.ts';
import { evaluate } from '../../sigma/index.ts';
import type { ScanRule } from './scan-rules.ts';

/** What rules make of an event: those that match, and whether for sure. */
export type Matcher = (
  event: AuditEvent,
  bodiesUnknown: boolean,
) => readonly { readonly rule: ScanRule; readonly undetermined: boolean }[];

/** @param allStages rules see RequestReceived too, whether or not they test `stage`. */
export function createMatcher(rules: readonly ScanRule[], allStages: boolean): Matcher {
  return (event, bodiesUnknown) =>
    rules.flatMap((rule) => {
      if (!allStages && !rule.testsStage && event.stage === 'RequestReceived') return [];
      const verdict = evaluate(rule.compiled.plan, event, { bodiesUnknown });
      return verdict === 'no-match' ? [] : [{ rule, undetermined: verdict === 'undetermined' }];
    });
}
