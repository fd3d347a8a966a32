import { visibleText } from '../pages/visible-text.ts';
import type { TestResult } from './test-case.ts';
import { failureSentence, type TestReport } from './test-report.ts';

/** Results as JUnit XML, one test suite for each rule; what could not be run is an error in a suite of its own. */
export function junitReport({ results, problems }: TestReport): string {
  const failed = results.filter(({ status }) => status === 'failed').length;
  const suites = [...Map.groupBy(results, ({ rule }) => `${rule.file} ${rule.name}`).values()].map(suite);
  const errors = problems.map(
    ({ file, line, code, message, remedy }) =>
      `    <testcase name=${attribute(`${file}:${line}`)} classname=${attribute(code)}>\n      <error type=${attribute(code)} message=${attribute(message)}>${text(remedy)}</error>\n    </testcase>\n`,
  );
  const broken =
    errors.length === 0
      ? ''
      : `  <testsuite name="cannot be run" tests="${errors.length}" failures="0" errors="${errors.length}">\n${errors.join('')}  </testsuite>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sigma-operator test" tests="${results.length + problems.length}" failures="${failed}" errors="${problems.length}">
${suites.join('')}${broken}</testsuites>
`;
}

function suite(results: readonly TestResult[]): string {
  const [first] = results;
  const failed = results.filter(({ status }) => status === 'failed').length;
  const cases = results.map(testCase).join('');
  return `  <testsuite name=${attribute(first?.rule.title ?? '')} file=${attribute(first?.rule.file ?? '')} tests="${results.length}" failures="${failed}" errors="0">\n${cases}  </testsuite>\n`;
}

function testCase(result: TestResult): string {
  const { name, rule, file, line, status, explanation = '' } = result;
  const head = `    <testcase name=${attribute(name)} classname=${attribute(rule.title)} file=${attribute(file)} line="${line}"`;
  if (status === 'passed') return `${head}/>\n`;
  const sentence = failureSentence(result);
  return `${head}>\n      <failure type="assertion" message=${attribute(sentence)}>${text(explanation)}</failure>\n    </testcase>\n`;
}

function attribute(value: string): string {
  return `"${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`;
}

/** XML 1.0 has no control characters, not even escaped ones. */
function text(value: string): string {
  return visibleText(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd');
}
