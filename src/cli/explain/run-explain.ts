import { type ActiveRule, activeRule, displayText, disposition, isInEffect } from '../../alerts/index.ts';
import type { AuditEvent } from '../../audit/index.ts';
import { type Explanation, explain, formatExplanation } from '../../sigma/index.ts';
import { findEvent } from '../logs/find-event.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import { problemText } from '../output/problems.ts';
import type { Style } from '../output/style.ts';
import type { Terminal } from '../output/terminal.ts';
import { compileOptions } from '../rules/compile-options.ts';
import { findRule } from '../rules/find-rule.ts';
import type { LoadedRule } from '../rules/loaded.ts';
import { eventInShort } from '../scan/event-in-short.ts';
import { filtered } from '../scan/scan-rules.ts';

export interface ExplainOptions {
  readonly rule: string;
  readonly event: string;
  readonly rules: readonly string[];
  readonly format: 'pretty' | 'json';
  readonly mapping: boolean;
  readonly placeholders?: string | undefined;
}

/** Says why a rule matches an event or does not. Throws a CommandFailure. */
export async function runExplain(options: ExplainOptions, terminal: Terminal): Promise<ExitStatus> {
  const { out, err } = terminal;
  const { rule: found, loaded } = findRule(options.rule, options.rules, compileOptions(options));
  for (const problem of loaded.problems) err.write(problemText(problem, err.style));
  const { event, bodiesUnknown, file, line, item, more } = await findEvent(options.event, terminal.stdin);
  const inEffect = loaded.filters.filter((filter) => isInEffect(filter, event));
  const compiled = filtered(found.compiled, found.name, inEffect);
  const rule = activeRule(found.name, '', { kind: 'rule', rule: compiled }, found.choices, []);
  const explanation = explain(compiled, event, { bodiesUnknown });
  const notes = notesOn(found, rule, event, explanation);
  if (options.format === 'json') {
    const { id, title, author } = found.compiled.document;
    const record = {
      rule: { id: id ?? null, title, author, name: found.name, file: found.file, line: found.line },
      source: { file, line, item },
      event: eventInShort(event),
      notes,
      ...explanation,
    };
    out.write(`${safeJsonIndented(record)}\n`);
  } else {
    const lines = formatExplanation(explanation)
      .split('\n')
      .map((text) => coloured(text, out.style));
    const from = out.style.dim(`${displayText(found.file, 500)} on ${displayText(file, 500)}:${line}`);
    out.write(`${[...lines, ...notes.map((note) => out.style.yellow(note)), from].join('\n')}\n`);
  }
  if (more)
    err.write(
      `${displayText(file, 500)} has more events: this is the first. Choose another by its line, ${displayText(file, 500)}:LINE.\n`,
    );
  return EXIT.clean;
}

/** What becomes of the event beside the rule's verdict: semantics 1 and 7. */
function notesOn(
  { compiled, off }: LoadedRule,
  rule: ActiveRule,
  event: AuditEvent,
  { verdict }: Explanation,
): readonly string[] {
  const notes: string[] = [];
  if (!compiled.appliesToKubernetesAudit)
    notes.push('The rule is for another log source: the operator gives it no audit events.');
  if (verdict === 'no-match') return notes;
  if (off) notes.push('The DetectionRule has mode Off: it is not run.');
  if (event.stage === 'RequestReceived' && !compiled.testedFields.includes('stage'))
    notes.push(
      'RequestReceived is not shown to a rule that does not test "stage": it counts the request at a later stage.',
    );
  const become = disposition(rule, event);
  if (become === 'outcome')
    notes.push(
      'The match raises no alert: by default requests that failed are left out (spec.outcome of the DetectionRule).',
    );
  if (become === 'dryRun') notes.push('The match raises no alert: it is a dry run (spec.dryRun of the DetectionRule).');
  return notes;
}

function coloured(line: string, style: Style): string {
  if (/^ *✓/.test(line)) return style.green(line);
  if (/^ *✗/.test(line)) return style.red(line);
  return /^ *\?/.test(line) ? style.yellow(line) : style.bold(line);
}
