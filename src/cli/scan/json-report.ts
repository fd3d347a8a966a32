import { outcome } from '../../audit/index.ts';
import { safeJson } from '../output/json.ts';
import { eventInShort } from './event-in-short.ts';
import type { ReportedRule, RuleSummary, ScanFiring, ScanMatch, ScanReport, ScanSummary } from './report.ts';

/** One JSON object a line for each match. */
export function ndjsonReport(): ScanReport {
  return {
    begin: () => '',
    found: (found) => `${safeJson(recordOf(found))}\n`,
    end: () => '',
    summaryApart: true,
  };
}

/** One JSON object: `matches`, as they come, then `summary`. */
export function jsonReport(): ScanReport {
  let first = true;
  return {
    begin: () => '{"matches":[',
    found: (found) => {
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + safeJson(recordOf(found));
    },
    end: (summary) => `\n],"summary":${safeJson(summaryRecord(summary))}}\n`,
    summaryApart: false,
  };
}

function recordOf(found: ScanMatch | ScanFiring): object {
  return found.kind === 'match' ? matchRecord(found) : firingRecord(found);
}

function matchRecord({ rule, place, event, undetermined }: ScanMatch): object {
  return {
    rule: ruleRecord(rule),
    source: place,
    verdict: verdictOf(undetermined),
    outcome: outcome(event),
    event: eventInShort(event),
  };
}

/** Its source and event are those of the last event that led to it. */
function firingRecord({ rule, firing }: ScanFiring): object {
  const { groupBy, from, to, value, rules, samples, undetermined } = firing;
  const last = samples.at(-1)?.sample;
  return {
    rule: ruleRecord(rule),
    source: last?.place,
    verdict: verdictOf(undetermined),
    correlation: {
      groupBy,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      value,
      rules: rules.map(({ title, count }) => ({ title, count })),
      events: samples.map(({ sample }) => sample.place),
    },
    event: last?.event,
  };
}

function verdictOf(undetermined: boolean): string {
  return undetermined ? 'undetermined' : 'match';
}

function ruleRecord({ name, severity, file, document }: ReportedRule): object {
  const { id, title, level, status, author, license, tags } = document;
  return { id: id ?? null, title, level: level ?? null, severity, name, status, author, license, tags, file };
}

function summaryRecord({ byRule, ...summary }: ScanSummary): object {
  return { ...summary, byRule: byRule.map(ruleSummaryRecord) };
}

function ruleSummaryRecord({ rule, ...counts }: RuleSummary): object {
  return { rule: ruleRecord(rule), ...counts };
}
