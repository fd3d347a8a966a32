import type { AuditRecord } from '../audit/index.ts';
import { type CompiledRule, type ExplanationNode, explain } from '../sigma/index.ts';
import { displayText } from './display-text.ts';

const MAX_LINES = 16;
/** Bytes of what a predicate demands, and of what it found. */
const DEMAND = 200;
const FOUND = 160;

/**
 * The predicates by which a rule matched an event, with the event's values: `verb is one of "create", "delete"; found
 * "create"`. Values of bodies that may hold credentials are withheld (by `explain`).
 */
export function evidence(rule: CompiledRule, { event, bodiesUnknown }: AuditRecord): readonly string[] {
  return predicatesOf(explain(rule, event, { bodiesUnknown }).root)
    .slice(0, MAX_LINES)
    .map(({ text, found, truth }) => {
      const seen = found === undefined ? '' : `; found ${displayText(found, FOUND)}`;
      return `${displayText(text, DEMAND)}${truth === 'unknown' ? '; unknown, the body was cut off' : seen}`;
    });
}

/** What speaks for the match: not the branches that are false, and not what was ruled out. */
function predicatesOf(node: ExplanationNode): readonly ExplanationNode[] {
  if (node.truth === false || node.kind === 'not' || node.kind === 'constant') return [];
  if (node.kind === 'field' || node.kind === 'keyword') return [node];
  return node.children.flatMap(predicatesOf);
}
