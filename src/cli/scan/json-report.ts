import { outcome } from '../../audit/index.ts';
import { safeJson } from '../output/json.ts';
import { eventInShort } from './event-in-short.ts';
import type { RuleSummary, ScanMatch, ScanReport, ScanSummary } from './report.ts';
import type { ScanRule } from './scan-rules.ts';

/** One JSON object a line for each match. */
export function ndjsonReport(): ScanReport {
  return {
    begin: () => '',
    match: (match) => `${safeJson(matchRecord(match))}\n`,
    end: () => '',
    summaryApart: true,
  };
}

/** One JSON object: `matches`, as they come, then `summary`. */
export function jsonReport(): ScanReport {
  let first = true;
  return {
    begin: () => '{"matches":[',
    match: (match) => {
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + safeJson(matchRecord(match));
    },
    end: (summary) => `\n],"summary":${safeJson(summaryRecord(summary))}}\n`,
    summaryApart: false,
  };
}

function matchRecord({ rule, file, line, item, event, undetermined }: ScanMatch): object {
  return {
    rule: ruleRecord(rule),
    source: { file, line, item },
    verdict: undetermined ? 'undetermined' : 'match',
    outcome: outcome(event),
    event: eventInShort(event),
  };
}

function ruleRecord({ name, severity, loaded }: ScanRule): object {
  const { id, title, level, status, author, license, tags } = loaded.compiled.document;
  return {
    id: id ?? null,
    title,
    level: level ?? null,
    severity,
    name,
    status,
    author,
    license,
    tags,
    file: loaded.file,
  };
}

function summaryRecord({ byRule, ...summary }: ScanSummary): object {
  return { ...summary, byRule: byRule.map(ruleSummaryRecord) };
}

function ruleSummaryRecord({ rule, ...counts }: RuleSummary): object {
  return { rule: ruleRecord(rule), ...counts };
}
