import { displayText } from '../../alerts/index.ts';
import { countOf, countText } from '../output/quantities.ts';
import type { Style } from '../output/style.ts';
import type { TestResult } from './test-case.ts';
import { failureSentence, type TestReport } from './test-report.ts';

/** Results by rule, what failed with the reason, and what it amounts to. */
export function prettyReport({ results, untested, problems }: TestReport, style: Style): string {
  const byRule = Map.groupBy(results, ({ rule }) => `${rule.file} ${rule.name}`);
  const lines: string[] = [];
  for (const group of byRule.values()) {
    const [first] = group;
    lines.push(
      style.bold(displayText(first?.rule.title ?? '', 200)),
      ...group.flatMap((one) => resultLines(one, style)),
      '',
    );
  }
  if (untested.length > 0) {
    lines.push(style.yellow(`${countOf(untested.length, 'rule')} without tests:`));
    lines.push(
      ...untested.map(({ title, file }) => `  ${displayText(title, 200)}  ${style.dim(displayText(file, 500))}`),
      '',
    );
  }
  const failed = results.filter(({ status }) => status === 'failed').length;
  const parts = [
    style.green(`${countText(results.length - failed)} passed`),
    failed > 0 ? style.red(`${countText(failed)} failed`) : '0 failed',
    ...(problems.length > 0 ? [style.red(countOf(problems.length, 'error'))] : []),
  ];
  lines.push(`${parts.join(', ')} in ${countOf(byRule.size, 'rule')}`);
  return `${lines.join('\n')}\n`;
}

function resultLines(result: TestResult, style: Style): readonly string[] {
  const { status, name, file, line, explanation } = result;
  const text = displayText(name, 500);
  if (status === 'passed') return [`  ${style.green('✓')} ${text}`];
  const why = explanation === undefined ? [] : explanation.split('\n').map((one) => `      ${style.dim(one)}`);
  return [
    `  ${style.red('✗')} ${text}  ${style.dim(`${displayText(file, 500)}:${line}`)}`,
    `    ${style.red(failureSentence(result))}`,
    ...why,
  ];
}
