import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type LintOptions, runLint } from '../../../src/cli/lint/run-lint.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const RULE = `title: Deployment deleted
id: 0c9b3bda-41a6-4442-9345-356ae86343dc
logsource:
    product: kubernetes
    service: audit
tags: # of ATT&CK
    - attack.impact
    - attack.impact # again
detection:
    selection:
        verb:
            - 'delete' # by name
            - replace
            - update
        objectRef.resource: deployments

        objectRef.apiGroup: ''   # core
    condition: selection
level: low
`;

const FIXED = `title: Deployment deleted
id: 0c9b3bda-41a6-4442-9345-356ae86343dc
logsource:
    product: kubernetes
    service: audit
tags: # of ATT&CK
    - attack.impact
detection:
    selection:
        verb:
            - 'delete' # by name
            - update
            - deletecollection
        objectRef.resource: deployments

        objectRef.apiGroup: null   # core
    condition: selection
level: low
`;

const HEAD = `# Who: the platform team
apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata: { name: deployment-deleted }   # flow
spec:
  mode: Enforce
  sigma: |
`;

function manifest(rule: string): string {
  return `${HEAD}${rule.replaceAll(/^(?=.)/gm, '    ')}  severity: high\n`;
}

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: string;
  readonly code: string;
  readonly docs: string;
  readonly fixable: boolean;
}

describe('lint command', () => {
  const folder = testFolder();

  function lint(options: Partial<LintOptions> = {}): { readonly status: number; readonly stdout: string } {
    const terminal = testTerminal();
    const paths = (options.paths ?? ['.']).map((path) => join(folder.path, path));
    const status = runLint({ format: 'json', fix: false, failOn: 'warning', ...options, paths }, terminal);
    return { status, stdout: terminal.stdout() };
  }

  function findings(stdout: string): readonly string[] {
    const report: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
    return report.findings.map(
      ({ file, line, column, severity, code, fixable }) =>
        `${relative(folder.path, file)}:${line}:${column} ${severity} ${code}${fixable ? ' (fixable)' : ''}`,
    );
  }

  function read(name: string): string {
    return readFileSync(join(folder.path, name), 'utf8');
  }

  it('places findings in files and in manifests', () => {
    folder.write({ 'rule.yml': RULE, 'manifest.yaml': manifest(RULE.replace('0c9b', '1111')) });
    const { status, stdout } = lint();
    assert.equal(status, 1);
    assert.deepEqual(findings(stdout), [
      'manifest.yaml:15:11 information DuplicateTag (fixable)',
      'manifest.yaml:18:13 warning DeleteWithoutDeletecollection (fixable)',
      'manifest.yaml:20:19 warning UnknownVerb (fixable)',
      'manifest.yaml:24:34 warning EmptyTextForAbsent (fixable)',
      'rule.yml:8:7 information DuplicateTag (fixable)',
      'rule.yml:11:9 warning DeleteWithoutDeletecollection (fixable)',
      'rule.yml:13:15 warning UnknownVerb (fixable)',
      'rule.yml:17:30 warning EmptyTextForAbsent (fixable)',
    ]);
  });

  it('fixes what is safe to fix, in files and in manifests, and leaves every other byte', () => {
    folder.write({ 'rule.yml': RULE, 'manifest.yaml': manifest(RULE.replace('0c9b', '1111')) });
    const { status, stdout } = lint({ fix: true });
    assert.deepEqual([status, findings(stdout)], [0, []]);
    assert.equal(read('rule.yml'), FIXED);
    assert.equal(read('manifest.yaml'), manifest(FIXED.replace('0c9b', '1111')));
    assert.deepEqual(JSON.parse(stdout).summary, {
      files: 2,
      rules: 2,
      errors: 0,
      warnings: 0,
      information: 0,
      fixable: 0,
      fixed: 8,
    });
    lint({ fix: true });
    assert.equal(read('rule.yml'), FIXED);
  });

  it('keeps the line ends of a file', () => {
    folder.write({ 'rule.yml': RULE.replaceAll('\n', '\r\n') });
    lint({ fix: true });
    assert.equal(read('rule.yml'), FIXED.replaceAll('\n', '\r\n'));
  });

  it('does not edit what is not written out in a file as it is', () => {
    const quoted = `${HEAD.replace(' |\n', ' ')}${JSON.stringify(RULE)}\n`;
    folder.write({ 'manifest.yaml': quoted });
    const { stdout } = lint({ fix: true });
    assert.equal(read('manifest.yaml'), quoted);
    assert(findings(stdout).every((finding) => finding.startsWith('manifest.yaml:7:') && !finding.includes('fixable')));
  });

  it('says what is broken, and goes on', () => {
    folder.write({ 'broken.yml': RULE.replace('condition: selection', 'condition: selektion'), 'rule.yml': FIXED });
    const { status, stdout } = lint();
    assert.equal(status, 1);
    assert.deepEqual(findings(stdout), ['broken.yml:18:16 error UnknownIdentifier']);
    assert.match(stdout, /"docs": "docs\/reference\/errors\.md#unknownidentifier"/);
  });

  it('finds ids that two rules share', () => {
    folder.write({ 'a.yml': FIXED, 'b.yml': FIXED });
    assert.deepEqual(findings(lint().stdout), ['b.yml:2:5 warning DuplicateId']);
  });

  const statuses = [
    ['information', 1],
    ['warning', 0],
    ['error', 0],
    ['never', 0],
  ] as const;
  for (const [failOn, expected] of statuses) {
    it(`ends with ${expected} for an information under --fail-on ${failOn}`, () => {
      folder.write({
        'rule.yml': FIXED.replace('    - attack.impact\n', '    - attack.impact\n    - attack.impact\n'),
      });
      assert.equal(lint({ failOn }).status, expected);
    });
  }

  it('prints for people the line with a caret, the remedy and the page', () => {
    folder.write({ 'rule.yml': RULE });
    const { stdout } = lint({ format: 'pretty' });
    assert(
      stdout.includes(
        [
          'rule.yml:13:15 warning UnknownVerb: No audit event has the verb "replace".',
          '  13 |             - replace',
          '     |               ^^^^^^^',
          '  It is logged as "update": use that. (--fix does it) docs/reference/findings.md#unknownverb',
        ].join('\n'),
      ),
      stdout,
    );
    assert.match(stdout, /\n0 errors, 3 warnings, 1 information in 1 rule of 1 file; --fix can fix 4\n$/);
  });

  it('has nothing to do without rules', () => {
    folder.write({ 'values.txt': 'x' });
    assert.throws(() => lint(), { code: 'NoRules' });
  });
});
