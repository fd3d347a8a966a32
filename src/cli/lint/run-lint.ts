import { displayText } from '../../alerts/index.ts';
import type { Severity } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJsonIndented } from '../output/json.ts';
import { excerptAt } from '../output/problems.ts';
import type { Style } from '../output/style.ts';
import type { Terminal } from '../output/terminal.ts';
import { compileOptions } from '../rules/compile-options.ts';
import { loadRules } from '../rules/load-rules.ts';
import { type FileFinding, fileFindings } from './file-finding.ts';
import { fixFiles } from './fix-files.ts';

export interface LintOptions {
  readonly paths: readonly string[];
  readonly format: 'pretty' | 'json';
  readonly placeholders?: string | undefined;
  /** Apply the safe fixes. */
  readonly fix: boolean;
  readonly failOn: Severity | 'never';
}

interface LintSummary {
  readonly files: number;
  readonly rules: number;
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
  readonly fixable: number;
  readonly fixed: number;
}

const RANK: Readonly<Record<Severity, number>> = { information: 0, warning: 1, error: 2 };

/** Prints what is wrong with rules, or may be, and fixes it where that is asked for and safe. Throws a CommandFailure. */
export function runLint(options: LintOptions, terminal: Terminal): ExitStatus {
  const compile = compileOptions({ ...options, mapping: true });
  const load = (): ReturnType<typeof loadRules> => loadRules(options.paths, compile);
  const loaded = load();
  const { findings, fixed } = options.fix ? fixFiles(load) : { findings: fileFindings(loaded), fixed: 0 };
  const { rules, correlations, filters } = loaded;
  const count = rules.length + correlations.length + filters.length;
  if (count + findings.length === 0) throw new CommandFailure('NoRules', options.paths.join(', '));
  const summary = summaryOf(findings, loaded.files - loaded.ignored, count, fixed);
  const { out } = terminal;
  if (options.format === 'json') out.write(`${safeJsonIndented({ findings: findings.map(findingRecord), summary })}\n`);
  else
    out.write(
      [...findings.map((finding) => findingText(finding, out.style)), summaryText(summary, out.style)].join('\n'),
    );
  const least = options.failOn;
  const fails = least !== 'never' && findings.some(({ severity }) => RANK[severity] >= RANK[least]);
  return fails ? EXIT.findings : EXIT.clean;
}

function summaryOf(findings: readonly FileFinding[], files: number, rules: number, fixed: number): LintSummary {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  return {
    files,
    rules,
    errors: count('error'),
    warnings: count('warning'),
    information: count('information'),
    fixable,
    fixed,
  };
}

function findingRecord({ fix, ...finding }: FileFinding): object {
  return { ...finding, fixable: fix !== undefined };
}

function findingText(finding: FileFinding, style: Style): string {
  const { file, line, column, severity, code, message, remedy, docs, excerpt, fix } = finding;
  const place = style.bold(`${displayText(file, 500)}:${line}:${column}`);
  const fixable = fix === undefined ? '' : ' (--fix does it)';
  return [
    `${place} ${style.severity(severity, severity)} ${code}: ${displayText(message, 2000)}`,
    ...(excerpt === '' ? [] : excerptAt(excerpt, line).map((text) => `  ${style.dim(text)}`)),
    `  ${displayText(remedy, 2000)}${style.green(fixable)} ${style.dim(docs)}`,
    '',
  ].join('\n');
}

function summaryText(summary: LintSummary, style: Style): string {
  const { files, rules, errors, warnings, information, fixable, fixed } = summary;
  const parts = [
    style.red(`${errors} ${errors === 1 ? 'error' : 'errors'}`),
    style.yellow(`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`),
    `${information} information`,
  ];
  const fixes = [fixed > 0 ? `; ${fixed} fixed` : '', fixable > 0 ? `; --fix can fix ${fixable}` : ''].join('');
  return `${parts.join(', ')} in ${rules} ${rules === 1 ? 'rule' : 'rules'} of ${files} ${files === 1 ? 'file' : 'files'}${fixes}\n`;
}
