import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type ExplainOptions, runExplain } from '../../../src/cli/explain/run-explain.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { type TestTerminal, testTerminal } from './terminal.ts';

describe('explain command', () => {
  const folder = testFolder();

  beforeEach(() => {
    folder.write({
      'rules/rule.yml': SECRETS_RULE,
      'rules/other.yml': SECRETS_RULE.replace('5f1e', '1111')
        .replace('Secret read', 'Secret read by whom')
        .replace('verb: get', 'verb: list'),
      'audit.log': lines(
        auditEvent(),
        auditEvent({ verb: 'list' }),
        auditEvent({ responseStatus: { code: 404 } }),
        auditEvent({ stage: 'RequestReceived' }),
      ),
      'one.json': JSON.stringify(auditEvent(), undefined, 2),
    });
  });

  async function explained(
    rule: string,
    event: string,
    options: Partial<ExplainOptions> = {},
    terminal: TestTerminal = testTerminal(),
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const at = (path: string): string => (path === '-' ? path : join(folder.path, path));
    const isFile = rule.endsWith('.yml');
    const status = await runExplain(
      {
        format: 'pretty',
        mapping: true,
        rules: [at('rules')],
        ...options,
        rule: isFile ? at(rule) : rule,
        event: at(event),
      },
      terminal,
    );
    assert.equal(status, 0);
    return { stdout: terminal.stdout(), stderr: terminal.stderr() };
  }

  for (const rule of [
    'rules/rule.yml',
    '5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d',
    '5F1E0C66-52B1-4A55-9D24-1A3C6D2F6B1D',
    'secret READ',
  ]) {
    it(`finds a rule by ${rule}`, async () => {
      const { stdout, stderr } = await explained(rule, 'one.json');
      assert.match(stdout, /^match: Secret read\n {2}✓ selection\n/);
      assert.match(stdout, /✓ verb is "get"; found "get"/);
      assert.match(stdout, /rule\.yml on .*one\.json:1\n$/);
      assert.equal(stderr, '');
    });
  }

  it('finds an event by its line', async () => {
    const { stdout, stderr } = await explained('rules/rule.yml', 'audit.log:2');
    assert.match(stdout, /^no-match: /);
    assert.match(stdout, /✗ verb is "get"; found "list"/);
    assert.equal(stderr, '');
  });

  it('takes the first event of a file, and says that there are more', async () => {
    const { stdout, stderr } = await explained('rules/rule.yml', 'audit.log');
    assert.match(stdout, /audit\.log:1\n$/);
    assert.match(stderr, /has more events/);
  });

  it('takes an event from standard input', async () => {
    const { stdout } = await explained('rules/rule.yml', '-', {}, testTerminal({ stdin: lines(auditEvent()) }));
    assert.match(stdout, / on -:1\n$/);
  });

  it('says what becomes of a match that raises no alert', async () => {
    assert.match((await explained('rules/rule.yml', 'audit.log:3')).stdout, /requests that failed are left out/);
    assert.match((await explained('rules/rule.yml', 'audit.log:4')).stdout, /RequestReceived is not shown/);
  });

  it('says that a rule is for another log source', async () => {
    folder.write({ 'windows.yml': SECRETS_RULE.replace('kubernetes', 'windows') });
    assert.match((await explained('windows.yml', 'one.json')).stdout, /another log source/);
  });

  it('takes filters into account', async () => {
    folder.write({
      'rules/filter.yml':
        'title: F\nlogsource: {product: kubernetes, service: audit}\nfilter:\n  rules: any\n  s: {user.username: alice}\n  condition: not s\n',
    });
    const { stdout } = await explained('rules/rule.yml', 'one.json');
    assert.match(stdout, /^no-match: /);
    assert.match(stdout, /user\.username is "alice"; found "alice"/);
  });

  it('prints JSON', async () => {
    const { stdout } = await explained('rules/rule.yml', 'audit.log:2', { format: 'json' });
    const record: {
      verdict: string;
      rule: { title: string; author: string };
      source: { line: number };
      event: { verb: string };
      root: { children: unknown[] };
    } = JSON.parse(stdout);
    assert.deepEqual(
      [
        record.verdict,
        record.rule.title,
        record.rule.author,
        record.source.line,
        record.event.verb,
        record.root.children.length,
      ],
      ['no-match', 'Secret read', 'Somebody', 2, 'list', 1],
    );
  });

  const failures: readonly [title: string, rule: string, event: string, code: string][] = [
    ['an unknown rule', 'Nothing', 'one.json', 'UnknownRule'],
    ['a line without an event', 'rules/rule.yml', 'audit.log:99', 'NoEvents'],
    ['a file that is not there', 'rules/rule.yml', 'nothing.json', 'PathNotFound'],
    ['a rule that is broken', 'broken.yml', 'one.json', 'BrokenRule'],
    ['a file with several rules', 'two.yml', 'one.json', 'AmbiguousRule'],
  ];
  for (const [title, rule, event, code] of failures) {
    it(`refuses ${title}`, async () => {
      folder.write({
        'broken.yml': SECRETS_RULE.replace('selection:', 'selektion:'),
        'two.yml': `${SECRETS_RULE}---\n${SECRETS_RULE}`,
      });
      await assert.rejects(explained(rule, event), { code });
    });
  }

  it('suggests rules whose titles have the words', async () => {
    await assert.rejects(explained('whom secret', 'one.json'), /Did you mean "Secret read by whom"\?/);
  });
});
