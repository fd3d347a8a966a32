import { displayText } from '../../alerts/index.ts';
import { countText } from '../output/quantities.ts';
import type { Style } from '../output/style.ts';
import type { RuleSummary, ScanSummary } from './report.ts';

/** What a scan amounts to, for people: a table by rule, and the totals. */
export function summaryText(summary: ScanSummary, style: Style): string {
  const { byRule, matches, events, files, rules, milliseconds } = summary;
  const table =
    byRule.length === 0 ? [] : ['', style.bold('Summary by rule'), ...byRule.map((rule) => row(rule, style)), ''];
  const seconds = (milliseconds / 1000).toFixed(1);
  const totals = `${counted(matches, 'match', 'matches')} in ${counted(events, 'event')} of ${counted(files, 'file')} with ${counted(rules.run, 'rule')}, ${seconds} s`;
  return [...table, style.bold(totals), ...notes(summary, style), ''].join('\n');
}

function row({ rule, matches, undetermined, leftOut }: RuleSummary, style: Style): string {
  const { severity, document } = rule;
  const { title, id, author } = document;
  const by = author === undefined ? '' : `  by ${displayText(author, 120)}`;
  const extras = [
    undetermined > 0 ? `${undetermined} undetermined` : '',
    leftOut.outcome > 0 ? `${leftOut.outcome} left out by outcome` : '',
    leftOut.filter > 0 ? `${leftOut.filter} left out by filters` : '',
    leftOut.dryRun > 0 ? `${leftOut.dryRun} dry runs left out` : '',
  ].filter((extra) => extra !== '');
  const extra = extras.length === 0 ? '' : ` (${extras.join(', ')})`;
  const number = String(matches).padStart(8);
  return `${number}  ${style.severity(severity, severity.padEnd(13))}  ${displayText(title, 120)}${extra}  ${style.dim(`${displayText(id ?? '', 64)}${by}`)}`;
}

function notes({ rules, broken }: ScanSummary, style: Style): readonly string[] {
  const notes: string[] = [];
  if (rules.otherLogsource > 0)
    notes.push(
      `${counted(rules.otherLogsource, 'rule')} for other log sources did not run (--any-logsource runs them)`,
    );
  if (rules.off > 0) notes.push(`${counted(rules.off, 'rule')} with mode Off did not run`);
  if (rules.broken > 0)
    notes.push(style.yellow(`${counted(rules.broken, 'error')} in rules, which did not run (see above)`));
  if (broken.count > 0) {
    const first = broken.first.map(({ file, line, reason }) => `${displayText(file, 200)}:${line} (${reason})`);
    const more = broken.count > first.length ? ', …' : '';
    notes.push(style.yellow(`${counted(broken.count, 'line')} no audit event: ${first.join(', ')}${more}`));
  }
  return notes;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
