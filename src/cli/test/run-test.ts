import type { CompiledRule } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import { problemText } from '../output/problems.ts';
import type { Terminal } from '../output/terminal.ts';
import { compileOptions } from '../rules/compile-options.ts';
import { type LoadProblem, loadProblem } from '../rules/load-problem.ts';
import { filtered } from '../scan/scan-rules.ts';
import { findTests, type TestSuite } from './find-tests.ts';
import { junitReport } from './junit-report.ts';
import { prettyReport } from './pretty-report.ts';
import { reportedRule } from './reported-rule.ts';
import { runCase } from './run-case.ts';
import type { TestResult } from './test-case.ts';
import type { TestReport } from './test-report.ts';

export interface TestOptions {
  readonly paths: readonly string[];
  readonly format: 'pretty' | 'junit' | 'json';
  readonly requireTests: boolean;
  readonly placeholders?: string | undefined;
}

/** Runs tests of rules and prints what came of them. Throws a CommandFailure where there are none. */
export async function runTest(options: TestOptions, terminal: Terminal): Promise<ExitStatus> {
  const { out, err } = terminal;
  const found = findTests(options.paths, compileOptions({ ...options, mapping: true }));
  if (found.suites.length + found.problems.length === 0 && !options.requireTests)
    throw new CommandFailure('NoTests', options.paths.join(', '));
  const ran = [];
  for (const suite of found.suites) ran.push(await runSuite(suite, terminal));
  const report: TestReport = {
    results: ran.flatMap(({ results }) => results),
    untested: found.untested.map(reportedRule),
    problems: [...found.problems, ...ran.flatMap(({ problems }) => problems)],
  };
  for (const problem of report.problems) err.write(problemText(problem, err.style, 'error'));
  out.write(reportText(report, options.format, terminal));
  if (report.problems.length > 0) return EXIT.badInput;
  const failed = report.results.some(({ status }) => status === 'failed');
  return failed || (options.requireTests && report.untested.length > 0) ? EXIT.findings : EXIT.clean;
}

async function runSuite(
  suite: TestSuite,
  { stdin }: Terminal,
): Promise<{ readonly results: readonly TestResult[]; readonly problems: readonly LoadProblem[] }> {
  const { file, rule, filters, cases } = suite;
  const compiled: CompiledRule = filtered(rule.compiled, rule.name, filters);
  const results: TestResult[] = [];
  const problems: LoadProblem[] = [];
  for (const test of cases) {
    const { name, line, expected } = test;
    try {
      const { actual, explanation } = await runCase(test, compiled, stdin);
      const passed = actual === expected;
      results.push({
        rule: reportedRule(rule),
        file,
        line,
        name,
        status: passed ? 'passed' : 'failed',
        expected,
        actual,
        explanation: passed ? undefined : explanation,
      });
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      const message = [error.place, error.message].filter((part) => part !== '').join(': ');
      problems.push(loadProblem('InvalidTest', file, { line, column: 1 }, `${name}: ${message}`));
    }
  }
  return { results, problems };
}

function reportText(report: TestReport, format: TestOptions['format'], { out }: Terminal): string {
  switch (format) {
    case 'pretty':
      return prettyReport(report, out.style);
    case 'junit':
      return junitReport(report);
    case 'json':
      return `${safeJsonIndented({ ...report, problems: report.problems.map(problemRecord) })}\n`;
    default:
      return format satisfies never;
  }
}

function problemRecord({ file, line, column, code, message, remedy }: LoadProblem): object {
  return { file, line, column, code, message, remedy };
}
