import { displayText, eventNote, hit } from '../../alerts/index.ts';
import { ORIGIN } from '../../audit/index.ts';
import type { Style } from '../output/style.ts';
import type { ScanMatch, ScanReport } from './report.ts';
import { summaryText } from './summary-text.ts';

const TAG_WIDTH = 'informational'.length;

/** Matches for people: the rule, one sentence on what was done, and where it is logged. */
export function prettyReport(style: Style): ScanReport {
  return {
    begin: () => '',
    match: (match) => matchText(match, style),
    end: (summary) => summaryText(summary, style),
    summaryApart: false,
  };
}

function matchText({ rule, file, line, item, event, undetermined }: ScanMatch, style: Style): string {
  const { severity, loaded } = rule;
  const { title } = loaded.compiled.document;
  const found = hit({ event, position: ORIGIN, bodiesUnknown: undetermined, line: 0 }, '', undetermined);
  const note = eventNote(title, found).slice(displayText(title, 200).length + 2);
  const indent = ' '.repeat(TAG_WIDTH + 2);
  const place = item === undefined ? `${file}:${line}` : `${file}:${line} (item ${item})`;
  const mark = undetermined ? ' Undetermined: the bodies are cut off in the log.' : '';
  return [
    `${style.severity(severity, severity.padEnd(TAG_WIDTH))}  ${style.bold(displayText(title, 200))}`,
    `${indent}${note}${style.yellow(mark)}`,
    `${indent}${style.dim(`${displayText(place, 500)}  ${found.time}`)}`,
    '',
  ].join('\n');
}
