import type { RulesInForce } from '../src/alerts/index.ts';
import { type AuditEvent, StageGate } from '../src/audit/index.ts';
import { EventReader, type FoundEvent } from '../src/cli/logs/event-reader.ts';
import { pieces } from './pieces.ts';

export interface Scanned {
  readonly events: number;
  /** Of them, those that were parsed. */
  readonly parsed: number;
  /** Events that a rule matches. */
  readonly matching: number;
}

/** What `sigma-operator scan` does with a log, up to the matches: reads, screens, parses what is left, matches, counts stages once. */
export function scanLines(path: string, rules: RulesInForce): Scanned {
  const gate = new StageGate();
  const reader = new EventReader({ screen: rules.screen(gate) });
  let [parsed, matching] = [0, 0];
  const take = (found: Iterable<FoundEvent>): void => {
    for (const { event, bodiesUnknown } of found) {
      parsed += 1;
      if (matches(rules, gate, event, bodiesUnknown)) matching += 1;
    }
  };
  for (const piece of pieces(path)) take([...reader.push(piece)]);
  take(reader.end());
  return { events: parsed + reader.skipped, parsed, matching };
}

function matches(rules: RulesInForce, gate: StageGate, event: AuditEvent, bodiesUnknown: boolean): boolean {
  gate.observe(event);
  const found = rules.match(event, bodiesUnknown);
  for (const { watched } of found) if (gate.admits(event, watched)) gate.count(event, watched);
  return found.length > 0;
}
