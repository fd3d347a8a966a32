import { displayText, eventNote, hit } from '../../alerts/index.ts';
import { ORIGIN } from '../../audit/index.ts';
import type { Style } from '../output/style.ts';
import type { EventPlace, ReportedRule, ScanFiring, ScanMatch, ScanReport } from './report.ts';
import { summaryText } from './summary-text.ts';

const TAG_WIDTH = 'informational'.length;
const INDENT = ' '.repeat(TAG_WIDTH + 2);
const UNDETERMINED = ' Undetermined: bodies are cut off in the log.';

/** Matches for people: the rule, one sentence on what was done, and where it is logged. */
export function prettyReport(style: Style): ScanReport {
  return {
    begin: () => '',
    found: (found) => (found.kind === 'match' ? matchText(found, style) : firingText(found, style)),
    end: (summary) => summaryText(summary, style),
    summaryApart: false,
  };
}

function matchText({ rule, place, event, undetermined }: ScanMatch, style: Style): string {
  const found = hit({ event, position: ORIGIN, bodiesUnknown: undetermined, line: 0 }, '', undetermined);
  const note = eventNote('', found).slice(': '.length);
  return block(
    rule,
    `${note}${undetermined ? style.yellow(UNDETERMINED) : ''}`,
    `${placeText(place)}  ${found.time}`,
    style,
  );
}

function firingText({ rule, firing }: ScanFiring, style: Style): string {
  const { groupBy, rules, value, from, to, samples, undetermined } = firing;
  const group = Object.entries(groupBy).map(([name, text]) => `${displayText(name, 80)} ${displayText(text, 120)}`);
  const counts = rules.map(({ title, count }) => `${count} × ${displayText(title, 120)}`);
  const amount = value === undefined ? '' : ` (${value})`;
  const what = `${group.length === 0 ? 'all' : group.join(', ')}: ${counts.join(', ')}${amount}`;
  const [first, last] = [samples[0], samples.at(-1)];
  const places = [first, last === first ? undefined : last].flatMap((one) =>
    one ? [placeText(one.sample.place)] : [],
  );
  const when = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
  return block(
    rule,
    `${what}${undetermined ? style.yellow(UNDETERMINED) : ''}`,
    `${places.join(' … ')}  ${when}`,
    style,
  );
}

function block({ severity, document }: ReportedRule, what: string, where: string, style: Style): string {
  return [
    `${style.severity(severity, severity.padEnd(TAG_WIDTH))}  ${style.bold(displayText(document.title, 200))}`,
    `${INDENT}${what}`,
    `${INDENT}${style.dim(displayText(where, 1000))}`,
    '',
  ].join('\n');
}

function placeText({ file, line, item }: EventPlace): string {
  return item === undefined ? `${file}:${line}` : `${file}:${line} (item ${item})`;
}
