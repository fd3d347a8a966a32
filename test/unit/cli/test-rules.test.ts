import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runTest, type TestOptions } from '../../../src/cli/test/run-test.ts';
import type { TestReport } from '../../../src/cli/test/test-report.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const TESTS = `tests:
  - name: a person reads a secret
    event: { verb: get, objectRef: { resource: secrets }, user: { username: bob } }
    match: true
  - name: listing is another rule's business
    event: { verb: list, objectRef: { resource: secrets } }
    match: false
`;
const FILTER = `title: Not bob
logsource: { product: kubernetes, service: audit }
filter:
    rules: any
    bob: { user.username: bob }
    condition: not bob
`;

describe('test', () => {
  const folder = testFolder();

  interface Ran {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  async function run(paths: readonly string[], options: Partial<TestOptions> = {}): Promise<Ran> {
    const terminal = testTerminal();
    const at = paths.map((path) => join(folder.path, path));
    const status = await runTest({ format: 'pretty', requireTests: false, ...options, paths: at }, terminal);
    const short = (text: string): string => text.replaceAll(`${folder.path}/`, '');
    return { status, stdout: short(terminal.stdout()), stderr: short(terminal.stderr()) };
  }

  async function report(paths: readonly string[], options: Partial<TestOptions> = {}): Promise<TestReport> {
    return JSON.parse((await run(paths, { ...options, format: 'json' })).stdout);
  }

  it('runs the tests beside a rule', async () => {
    folder.write({ 'rules/secrets.yml': SECRETS_RULE, 'rules/secrets.test.yml': TESTS });
    const { status, stdout, stderr } = await run(['rules']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(
      stdout,
      `Secret read
  ✓ a person reads a secret
  ✓ listing is another rule's business

2 passed, 0 failed in 1 rule
`,
    );
    for (const path of ['rules/secrets.yml', 'rules/secrets.test.yml'])
      assert.deepEqual(await run([path]), { status, stdout, stderr });
  });

  it('says of a failed test why the rule matches or does not', async () => {
    folder.write({ 'secrets.yml': SECRETS_RULE, 'secrets.test.yml': TESTS.replace('match: true', 'match: false') });
    const { status, stdout } = await run(['.']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      / {2}✗ a person reads a secret {2}secrets\.test\.yml:2\n {4}The rule matches, and should not match\.\n {6}match: Secret read\n/,
    );
    assert.match(stdout, /1 passed, 1 failed in 1 rule\n$/);
  });

  it('writes JUnit for machines, whatever names say', async () => {
    folder.write({
      'secrets.yml': SECRETS_RULE.replace('Secret read', '"<Secret> & \\e\\u202e \\"read\\""'),
      'secrets.test.yml': TESTS.replace('match: true', 'match: false')
        .replace('listing is', '"<b> & \'c\'": x')
        .replace("name: \"<b> & 'c'\": x another rule's business", 'name: "<b> & \'c\'"'),
      'broken.yml': SECRETS_RULE,
      'broken.test.yml': 'tests: 1\n',
    });
    const { status, stdout } = await run(['.'], { format: 'junit' });
    assert.equal(status, 2);
    assert.match(
      stdout,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="sigma-operator test" tests="3" failures="1" errors="1">\n/,
    );
    assert.match(
      stdout,
      /<testsuite name="&lt;Secret&gt; &amp; \\u\{1b\}\\u\{202e\} &quot;read&quot;" file="secrets\.yml" tests="2" failures="1" errors="0">/,
    );
    assert.match(
      stdout,
      /<testcase name="&lt;b&gt; &amp; 'c'" classname="[^"]*" file="secrets\.test\.yml" line="5"\/>/,
    );
    assert.match(stdout, /<failure type="assertion" message="The rule matches, and should not match\.">match: /);
    assert.match(stdout, /<error type="InvalidTest" message="&quot;tests&quot; is not a list\.">/);
    assert.deepEqual(unclosed(stdout), []);
  });

  it('writes all of it as JSON', async () => {
    folder.write({ 'secrets.yml': SECRETS_RULE, 'secrets.test.yml': TESTS.replace('match: false', 'match: true') });
    const { results, untested, problems } = await report(['.']);
    assert.deepEqual([untested, problems], [[], []]);
    assert.deepEqual(
      results.map(({ name, line, status, expected, actual }) => [name, line, status, expected, actual]),
      [
        ['a person reads a secret', 2, 'passed', true, true],
        ["listing is another rule's business", 5, 'failed', true, false],
      ],
    );
    assert.match(results[1]?.explanation ?? '', /^no-match: Secret read\n/);
  });

  it('runs tests in an annotation of a DetectionRule', async () => {
    const indent = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
    folder.write({
      'rule.yaml': `apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata:
  name: secret-read
  annotations:
    detection.sigma-operator.dev/tests: |
${indent(TESTS, 6)}spec:
  sigma: |
${indent(SECRETS_RULE, 4)}`,
    });
    const { results } = await report(['rule.yaml']);
    assert.deepEqual(
      results.map(({ rule, line, status }) => [rule.name, line, status]),
      [
        ['secret-read', 8, 'passed'],
        ['secret-read', 11, 'passed'],
      ],
    );
  });

  it('runs logs, and counts in them', async () => {
    const log = lines(
      auditEvent(),
      auditEvent({ verb: 'list' }),
      auditEvent({ stage: 'RequestReceived' }),
      auditEvent(),
    );
    const test = (match: unknown): string => `{name: ${String(match)}, log: logs/a.log, match: ${String(match)}}`;
    folder.write({
      'secrets.yml': SECRETS_RULE,
      'logs/a.log': log,
      'secrets.test.yml': `tests: [${[true, 2, 3, false].map(test).join(', ')}]\n`,
    });
    const { status, stdout } = await run(['secrets.yml']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /✓ true\n {2}✓ 2\n {2}✗ 3 .*\n {4}The rule matches 2 events, and should match 3\.\n {2}✗ false /,
    );
  });

  it('finds the rule by a file, an id or a title, and applies filters', async () => {
    folder.write({ 'rules/secrets.yml': SECRETS_RULE, 'filters/bob.yml': FILTER });
    const rules = ['../rules/secrets.yml', '5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d', 'Secret read'];
    for (const rule of rules) {
      const filtered = TESTS.replace('match: true', 'match: false');
      folder.write({ 'tests/any.test.yml': `rule: ${rule}\nfilters: ../filters/bob.yml\n${filtered}` });
      const { status, stdout, stderr } = await run(['tests', 'rules']);
      assert.deepEqual([status, stderr], [0, ''], stdout);
    }
  });

  it('takes placeholders from a file', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE.replace('verb: get', 'user.username|expand: "%people%"'),
      'rule.test.yml': TESTS,
      'placeholders.yaml': 'people: [bob]\n',
    });
    const ran = await run(['rule.yml'], { placeholders: join(folder.path, 'placeholders.yaml') });
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  });

  it('says which rules have no tests, and fails for them where that is asked for', async () => {
    folder.write({
      'a.yml': SECRETS_RULE,
      'a.test.yml': TESTS,
      'b.yml': SECRETS_RULE.replace('Secret read', 'Untested'),
    });
    const { status, stdout } = await run(['.']);
    assert.equal(status, 0);
    assert.match(stdout, /\n1 rule without tests:\n {2}Untested {2}b\.yml\n\n2 passed/);
    assert.equal((await run(['.'], { requireTests: true })).status, 1);
  });

  it('says that there are none', async () => {
    folder.write({ 'a.yml': SECRETS_RULE });
    await assert.rejects(run(['.']), { code: 'NoTests' });
    await assert.rejects(run(['missing']), { code: 'PathNotFound' });
  });

  const broken: readonly { readonly tests: string; readonly says: RegExp }[] = [
    { tests: 'tests: [{event: {verb: get}}]\n', says: /:1:9: InvalidTest: A test has no "match"\./ },
    { tests: 'tests: [{match: true}]\n', says: /:1:9: .*either an "event" or a "log"/ },
    { tests: 'tests: [{event: {}, log: x, match: true}]\n', says: /either an "event" or a "log"/ },
    { tests: 'tests: [{event: {}, match: 3}]\n', says: /"match" is neither true, false nor undetermined\./ },
    { tests: 'tests: [{event: {}, match: true, mach: 1}]\n', says: /"mach" is none of name, event, log, match\./ },
    { tests: 'tests: [{log: none.log, match: true}]\n', says: /test 1: .*none\.log: There is no such file or folder/ },
    { tests: 'test: []\n', says: /"test" is none of rule, filters, tests\./ },
    { tests: 'rule: unknown\ntests: [{event: {}, match: true}]\n', says: /unknown: / },
    { tests: 'tests: [\n', says: /InvalidYaml/ },
    { tests: '- {event: {verb: get}, match: true}\n---\n- 1\n', says: /There is more than one document\./ },
  ];
  for (const { tests, says } of broken) {
    it(`ends with 2 for ${JSON.stringify(tests)}`, async () => {
      folder.write({ 'a.yml': SECRETS_RULE, 'a.test.yml': tests });
      const { status, stderr } = await run(['a.yml']);
      assert.equal(status, 2);
      assert.match(stderr, /^error a\.test\.yml:\d+:\d+: \w+: .*\n(?: {2}.*\n)+/);
      assert.match(stderr, says);
    });
  }
});

/** Names of elements that are not closed in their order. */
function unclosed(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, end, name = '', own] of xml.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (own === '/') continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}
