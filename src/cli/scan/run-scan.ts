import type { Severity } from '../../alerts/index.ts';
import { CommandFailure } from '../failure.ts';
import { findLogs } from '../logs/log-files.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { failureText, problemText } from '../output/problems.ts';
import { ProgressBar } from '../output/progress.ts';
import type { Output, Terminal } from '../output/terminal.ts';
import { compileOptions } from '../rules/compile-options.ts';
import { loadRulesFor } from '../rules/load-rules.ts';
import type { LoadedRule } from '../rules/loaded.ts';
import { shippedFilters, shippedRules } from '../rules/shipped-rules.ts';
import { jsonReport, ndjsonReport } from './json-report.ts';
import { prettyReport } from './pretty-report.ts';
import type { ScanReport, ScanSummary } from './report.ts';
import { type ScannedLogs, scanLogs } from './scan-logs.ts';
import { type LoadedScanRule, type ScanRules, scanRules } from './scan-rules.ts';
import { summaryText } from './summary-text.ts';

export interface ScanOptions {
  /** Where none are given, the rules and filters that come with this program. */
  readonly rules: readonly string[];
  readonly logs: readonly string[];
  readonly format: 'pretty' | 'ndjson' | 'json';
  /** The least severity of a match that makes the exit status 1. */
  readonly failOn: Severity | 'never';
  readonly everyEvent: boolean;
  readonly anyLogsource: boolean;
  /** Evaluate under the field mapping for kubernetes/audit. */
  readonly mapping: boolean;
  readonly placeholders?: string | undefined;
  /** A broken rule or line makes the input bad. */
  readonly strict: boolean;
  readonly quiet: boolean;
}

/** Runs rules over audit logs and prints what matches. @param now a clock in ms. Throws a CommandFailure where there is nothing to do. */
export async function runScan(options: ScanOptions, terminal: Terminal, now: () => number): Promise<ExitStatus> {
  const start = now();
  const { out, err } = terminal;
  const logs = findLogs(options.logs);
  const shipped = [shippedRules(), shippedFilters()].filter((path) => path !== undefined);
  const paths = options.rules.length > 0 ? options.rules : shipped;
  if (paths.length === 0) throw new CommandFailure('NoRules', '', 'No rules were given.');
  const { rules, broken } = loadScanRules(paths, options, err);

  const report = reportOf(options, terminal);
  const bar = new ProgressBar(err, now);
  const sizes = logs.flatMap(({ parts }) => parts.map(({ size }) => size));
  const totalBytes = sizes.some((size) => size === undefined)
    ? undefined
    : sizes.reduce<number>((sum, size = 0) => sum + size, 0);
  let matches = 0;
  out.write(report.begin());
  const scanned = await scanLogs(logs, {
    stdin: terminal.stdin,
    rules,
    everyEvent: options.everyEvent,
    parseAll: options.strict,
    onFound: async (found) => {
      matches += found.length;
      if (out.interactive) bar.clear();
      out.write(found.map((one) => report.found(one)).join(''));
      await out.flush();
    },
    onProgress: (progress) => {
      if (!options.quiet) bar.update({ ...progress, totalBytes, matches });
    },
  });
  bar.clear();

  const summary = summaryOf(scanned, rules, broken, now() - start);
  out.write(report.end(summary));
  if (report.summaryApart && !options.quiet) err.write(summaryText(summary, err.style));
  const failures = [...scanned.failures, ...strictFailures(options, summary)];
  for (const failure of failures) err.write(failureText(failure, err.style));
  if (failures.length > 0) return EXIT.badInput;
  return options.failOn !== 'never' && scanned.tally.reaches(options.failOn) ? EXIT.findings : EXIT.clean;
}

/** Nothing else of what was loaded is kept while logs are read. */
function loadScanRules(
  paths: readonly string[],
  options: ScanOptions,
  err: Output,
): { readonly rules: ScanRules; readonly broken: number } {
  const loaded = loadRulesFor(neededOf, paths, { ...compileOptions(options), lint: false });
  for (const problem of loaded.problems) err.write(problemText(problem, err.style));
  if (loaded.rules.length + loaded.correlations.length === 0) throw new CommandFailure('NoRules', paths.join(', '));
  return {
    rules: scanRules(loaded, options.anyLogsource, options.everyEvent),
    broken: loaded.problems.filter(({ severity }) => severity === 'error').length,
  };
}

function neededOf({ name, file, compiled, choices, off }: LoadedRule): LoadedScanRule {
  return { name, file, compiled, choices, off };
}

function reportOf({ format }: ScanOptions, { out }: Terminal): ScanReport {
  switch (format) {
    case 'pretty':
      return prettyReport(out.style);
    case 'ndjson':
      return ndjsonReport();
    case 'json':
      return jsonReport();
    default:
      return format satisfies never;
  }
}

function summaryOf(
  scanned: ScannedLogs,
  { inForce, otherLogsource, off }: ScanRules,
  broken: number,
  milliseconds: number,
): ScanSummary {
  return {
    files: scanned.files,
    events: scanned.events,
    matches: scanned.tally.matches,
    byRule: scanned.tally.summaries(),
    rules: { run: inForce.rules.length, otherLogsource, off, broken },
    broken: scanned.broken,
    milliseconds: Math.round(milliseconds),
  };
}

function strictFailures({ strict }: ScanOptions, { rules, broken }: ScanSummary): readonly CommandFailure[] {
  if (!strict) return [];
  return [
    ...(rules.broken > 0 ? [new CommandFailure('BrokenRules', '')] : []),
    ...(broken.count > 0 ? [new CommandFailure('BrokenLines', '')] : []),
  ];
}
