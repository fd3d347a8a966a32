import type { ActiveRule } from '../src/alerts/index.ts';
import { EventReader, type FoundEvent } from '../src/cli/logs/event-reader.ts';
import { evaluate } from '../src/sigma/index.ts';
import { pieces } from './pieces.ts';
import type { Scanned } from './scan-lines.ts';

/** The same counts by evaluating every rule on every event, one by one: what the scan has to find. */
export function countByInterpreter(path: string, rules: readonly ActiveRule[]): Pick<Scanned, 'events' | 'matching'> {
  const plans = rules.flatMap(({ root }) => (root.kind === 'rule' ? [root.rule] : []));
  const reader = new EventReader();
  let [events, matching] = [0, 0];
  const take = (found: Iterable<FoundEvent>): void => {
    for (const { event, bodiesUnknown } of found) {
      events += 1;
      // A rule that does not ask for a stage sees none before the answer.
      const sees = ({ testedFields }: (typeof plans)[number]): boolean =>
        event.stage !== 'RequestReceived' || testedFields.includes('stage');
      if (plans.some((rule) => sees(rule) && evaluate(rule.plan, event, { bodiesUnknown }) !== 'no-match'))
        matching += 1;
    }
  };
  for (const piece of pieces(path)) take(reader.push(piece));
  take(reader.end());
  return { events, matching };
}
