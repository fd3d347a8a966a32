import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runScan } from '../../../src/cli/scan/run-scan.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const CORRELATION = `title: Many secrets read
id: 7c1b1d4e-0d8e-4f5e-9f3a-3f1f9e2d7a11
correlation:
    type: event_count
    rules: [5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d]
    group-by: [user.username]
    timespan: 10m
    condition: { gte: 3 }
level: critical
`;

interface Found {
  readonly rule: { readonly title: string; readonly level: string; readonly name: string };
  readonly source: { readonly file: string; readonly line: number };
  readonly correlation?: {
    readonly groupBy: object;
    readonly rules: readonly object[];
    readonly events: readonly object[];
  };
}

function reads(user: string, ...minutes: readonly number[]): string {
  return lines(
    ...minutes.map((minute) => {
      const time = `2026-11-24T05:${String(minute).padStart(2, '0')}:00.000000Z`;
      return auditEvent({
        auditID: `${user}${minute}`,
        user: { username: user },
        requestReceivedTimestamp: time,
        stageTimestamp: time,
      });
    }),
  );
}

describe('scan with correlations', () => {
  const folder = testFolder();

  async function scan(
    rules: readonly string[],
    format: 'ndjson' | 'pretty' = 'ndjson',
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
    const terminal = testTerminal();
    const status = await runScan(
      {
        rules: rules.map((path) => join(folder.path, path)),
        logs: [folder.path],
        format,
        failOn: 'critical',
        everyEvent: false,
        anyLogsource: false,
        mapping: true,
        strict: false,
        quiet: false,
      },
      terminal,
      () => 0,
    );
    return { status, stdout: terminal.stdout(), stderr: terminal.stderr() };
  }

  function titles(stdout: string): readonly string[] {
    return stdout
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Found => JSON.parse(line))
      .map(({ rule, source }) => `${rule.title}@${source.line}`);
  }

  it('runs a correlation over the rules beside it, which are not found by themselves', async () => {
    folder.write({ 'c.yml': `${CORRELATION}---\n${SECRETS_RULE}`, 'audit.log': reads('alice', 1, 2, 20, 21, 22, 23) });
    const { status, stdout } = await scan(['c.yml']);
    assert.deepEqual(titles(stdout), ['Many secrets read@5']);
    assert.equal(status, 1);
    const found: Found = JSON.parse(stdout);
    assert.deepEqual(found.correlation?.groupBy, { 'user.username': 'alice' });
    assert.deepEqual(found.correlation?.rules, [{ title: 'Secret read', count: 3 }]);
    assert.equal(found.correlation?.events.length, 3);
    assert.deepEqual([found.rule.level, found.rule.name], ['critical', join(folder.path, 'c.yml')]);
  });

  it('runs a correlation over a rule of another file, which is found by itself, too', async () => {
    folder.write({ 'c.yml': CORRELATION, 'rule.yml': SECRETS_RULE, 'audit.log': reads('alice', 1, 2, 3) });
    const { stdout } = await scan(['c.yml', 'rule.yml']);
    assert.deepEqual(titles(stdout), ['Secret read@1', 'Secret read@2', 'Secret read@3', 'Many secrets read@3']);
  });

  it('takes the events of several logs in the order of their times', async () => {
    folder.write({
      'c.yml': `${CORRELATION}---\n${SECRETS_RULE}`,
      'a/audit.log': reads('alice', 1, 30) + reads('bob', 31),
      'b/audit.log': reads('alice', 5, 50),
      'c/audit.log': reads('alice', 9) + reads('bob', 10),
    });
    assert.deepEqual(titles((await scan(['c.yml'])).stdout), ['Many secrets read@1']);
  });

  it('is printed for people with its group and what led to it', async () => {
    folder.write({ 'c.yml': `${CORRELATION}---\n${SECRETS_RULE}`, 'audit.log': reads('al\u001bice', 1, 2, 3) });
    const { stdout } = await scan(['c.yml'], 'pretty');
    assert.match(stdout, /^critical {7}Many secrets read\n +user\.username al\\u\{1b\}ice: 3 × Secret read \(3\)\n/);
    assert.match(stdout, /audit\.log:1 … .*audit\.log:3 {2}2026-11-24T05:01:00\.000Z to 2026-11-24T05:03:00\.000Z\n/);
    assert.match(stdout, /\n {7}1 {2}critical {7}Many secrets read /);
  });

  it('is refused where what it refers to is missing', async () => {
    folder.write({
      'c.yml': CORRELATION,
      'rule.yml': SECRETS_RULE.replace('5f1e', '1111'),
      'audit.log': reads('alice', 1, 2, 3),
    });
    const { stdout, stderr } = await scan(['c.yml', 'rule.yml']);
    assert.equal(titles(stdout).length, 3);
    assert.match(stderr, /c\.yml:5:\d+: UnresolvedReference/);
  });
});
