import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runScan, type ScanOptions } from '../../../src/cli/scan/run-scan.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { type TestTerminal, testTerminal } from './terminal.ts';

interface Found {
  readonly rule: {
    readonly id: string | null;
    readonly title: string;
    readonly level: string | null;
    readonly name: string;
    readonly severity: string;
  };
  readonly source: { readonly file: string; readonly line: number; readonly item?: number };
  readonly verdict: string;
  readonly event: Readonly<Record<string, unknown>>;
}

const DEFAULTS = {
  format: 'ndjson',
  failOn: 'informational',
  everyEvent: false,
  anyLogsource: false,
  mapping: true,
  strict: false,
  quiet: false,
} as const satisfies Partial<ScanOptions>;

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}

/** A DetectionRule with these lines in its spec. */
function manifest(spec: string, sigma = SECRETS_RULE, kind = 'DetectionRule'): string {
  return `apiVersion: detection.sigma-operator.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: secret-read}\nspec:\n${spec}  sigma: |\n${indented(sigma)}`;
}

describe('scan', () => {
  const folder = testFolder();

  async function scan(
    options: Partial<ScanOptions> = {},
    terminal: TestTerminal = testTerminal(),
  ): Promise<{
    readonly status: number;
    readonly found: readonly Found[];
    readonly stdout: string;
    readonly stderr: string;
  }> {
    const { rules = ['rule.yml'], logs = ['audit.log'] } = options;
    const at = (path: string): string => (path === '-' ? path : join(folder.path, path));
    const status = await runScan(
      { ...DEFAULTS, ...options, rules: rules.map(at), logs: logs.map(at) },
      terminal,
      () => 0,
    );
    const stdout = terminal.stdout();
    const isJsonLines = (options.format ?? 'ndjson') === 'ndjson';
    const found = isJsonLines
      ? stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line): Found => JSON.parse(line))
      : [];
    return { status, found, stdout, stderr: terminal.stderr() };
  }

  const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete'];

  it('prints each match with its rule, its place and the event in short', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE,
      'audit.log': lines(auditEvent({ verb: 'list' }), auditEvent({ requestObject: { data: 'secret' } })),
    });
    const { status, found, stdout } = await scan();
    assert.equal(status, 1);
    assert.deepEqual(found, [
      {
        rule: {
          id: '5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d',
          title: 'Secret read',
          level: 'high',
          severity: 'high',
          name: join(folder.path, 'rule.yml'),
          author: 'Somebody',
          tags: [],
          file: join(folder.path, 'rule.yml'),
        },
        source: { file: join(folder.path, 'audit.log'), line: 2 },
        verdict: 'match',
        outcome: 'Allowed',
        event: {
          auditID: '6e1b7ad3-bc83-4a5c-a8d8-7a1d9b8f7f10',
          stage: 'ResponseComplete',
          level: 'Metadata',
          requestReceivedTimestamp: '2026-11-24T05:48:24.739583Z',
          verb: 'get',
          user: { username: 'alice', groups: ['system:authenticated'] },
          sourceIPs: ['10.0.0.1'],
          userAgent: 'kubectl/v1.37.2',
          requestURI: '/api/v1/namespaces/default/secrets/db',
          objectRef: { resource: 'secrets', namespace: 'default', name: 'db' },
          responseStatus: { code: 200 },
          annotations: { 'authorization.k8s.io/decision': 'allow' },
        },
      },
    ]);
    assert(!stdout.includes('"data"'));
  });

  it('counts a request once, over rotated parts, compressed or not', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE,
      'logs/audit-2026-11-24T05-00-00.000.log.gz': gzipSync(
        lines(...stages.slice(0, 2).map((stage) => auditEvent({ stage, stageTimestamp: '2026-11-24T05:00:00Z' }))),
      ),
      'logs/audit.log': lines(auditEvent({ stageTimestamp: '2026-11-24T06:00:00Z' })),
    });
    const { found } = await scan({ logs: ['logs'] });
    assert.deepEqual(
      found.map(({ event: { stage } }) => stage),
      ['ResponseStarted'],
    );
  });

  it('reports every line at which a rule holds, if asked', async () => {
    const failed = auditEvent({ responseStatus: { code: 404 } });
    folder.write({
      'rule.yml': SECRETS_RULE,
      'audit.log': lines(...stages.map((stage) => auditEvent({ stage })), failed),
    });
    assert.equal((await scan()).found.length, 1);
    assert.deepEqual(
      (await scan({ everyEvent: true })).found.map(({ source }) => source.line),
      [1, 2, 3, 4],
    );
  });

  it('leaves out failed requests and dry runs, counts them, and takes them where the DetectionRule asks for them', async () => {
    const failed = auditEvent({ responseStatus: { code: 404 } });
    const dryRule = SECRETS_RULE.replace('verb: get', 'verb: create');
    const dry = auditEvent({ verb: 'create', requestURI: '/api/v1/namespaces/default/secrets?dryRun=All' });
    folder.write({
      'rule.yml': SECRETS_RULE,
      'dry.yml': dryRule,
      'all.yaml': manifest('  outcome: [Failed]\n  severity: low\n'),
      'dry.yaml': manifest('  dryRun: Include\n', dryRule),
      'audit.log': lines(failed, dry),
    });
    const left = await scan({ rules: ['rule.yml', 'dry.yml'] });
    assert.equal(left.status, 0);
    assert.deepEqual(left.found, []);
    assert.match(left.stderr, /1 left out by outcome/);
    assert.match(left.stderr, /1 dry runs left out/);
    const taken = await scan({ rules: ['all.yaml', 'dry.yaml'] });
    assert.deepEqual(
      taken.found.map(({ rule: { name, severity, level } }) => [name, severity, level]),
      [
        ['secret-read', 'low', 'high'],
        ['secret-read#2', 'high', 'high'],
      ],
    );
  });

  it('applies filters, and does not run what is Off', async () => {
    const filter =
      'title: F\nlogsource: {product: kubernetes, service: audit}\nfilter:\n  rules: any\n  s: {user.username: alice}\n  condition: not s\n';
    folder.write({
      'rule.yml': SECRETS_RULE,
      'filter.yml': filter,
      'off.yaml': manifest('  mode: "Off"\n'),
      'audit.log': lines(auditEvent(), auditEvent({ user: { username: 'bob' } })),
    });
    const { found, stderr } = await scan({ rules: ['rule.yml', 'filter.yml'] });
    assert.deepEqual(
      found.map(({ source }) => source.line),
      [2],
    );
    assert.match(stderr, /1 {2}high.*\(1 left out by filters\)/);
    const off = await scan({ rules: ['off.yaml'] });
    assert.deepEqual([off.status, off.found.length], [0, 0]);
    assert.match(off.stderr, /1 rule with mode Off did not run/);
  });

  it('runs, without rules given, those that the base applies, under its filter', async () => {
    const on = { objectRef: { apiGroup: 'batch', resource: 'jobs', namespace: 'shop', name: 'x' }, verb: 'create' };
    const controller = { user: { username: 'system:serviceaccount:kube-system:cronjob-controller' } };
    folder.write({ 'audit.log': lines(auditEvent(on), auditEvent({ ...on, ...controller })) });
    const { found, stderr } = await scan({ rules: [] });
    assert.deepEqual(
      found.map(({ source }) => source.line),
      [1],
    );
    assert.match(stderr, /1 left out by filters/);
  });

  it('lets filters expire by the time of the events', async () => {
    const filter = `title: F\nlogsource: {product: kubernetes, service: audit}\nfilter:\n  rules: any\n  s: {verb: '*'}\n  condition: not s\n`;
    const at = (requestReceivedTimestamp: string) => auditEvent({ requestReceivedTimestamp });
    folder.write({
      'rule.yml': SECRETS_RULE,
      'filter.yaml': manifest('  expiresAt: 2026-06-01T00:00:00Z\n', filter, 'DetectionFilter'),
      'audit.log': lines(at('2026-05-31T23:59:59.999999Z'), at('2026-06-01T00:00:00.000000Z')),
    });
    const { found } = await scan({ rules: ['rule.yml', 'filter.yaml'] });
    assert.deepEqual(
      found.map(({ source }) => source.line),
      [2],
    );
  });

  it('does not run rules for other log sources, unless asked', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE.replace('product: kubernetes', 'product: windows'),
      'audit.log': lines(auditEvent()),
    });
    const { status, stderr } = await scan();
    assert.equal(status, 0);
    assert.match(stderr, /1 rule for other log sources did not run/);
    assert.equal((await scan({ anyLogsource: true })).found.length, 1);
  });

  it('maps field names, unless told not to', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE.replace('objectRef.resource', 'resource'),
      'audit.log': lines(auditEvent()),
    });
    assert.equal((await scan()).found.length, 1);
    assert.equal((await scan({ mapping: false })).found.length, 0);
  });

  it('marks matches that bodies which are cut off may decide', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE.replace('verb: get', 'requestObject.x: y'),
      'audit.log': lines(auditEvent({ annotations: { 'audit.k8s.io/truncated': 'true' } })),
    });
    const { found, stderr } = await scan();
    assert.deepEqual(
      found.map(({ verdict }) => verdict),
      ['undetermined'],
    );
    assert.match(stderr, /\(1 undetermined\)/);
  });

  const statuses = [
    ['informational', 1],
    ['high', 1],
    ['critical', 0],
    ['never', 0],
  ] as const;
  for (const [failOn, expected] of statuses) {
    it(`ends with ${expected} for a match of level high under --fail-on ${failOn}`, async () => {
      folder.write({ 'rule.yml': SECRETS_RULE, 'audit.log': lines(auditEvent()) });
      assert.equal((await scan({ failOn })).status, expected);
    });
  }

  it('goes on without broken rules and lines, and refuses both under --strict', async () => {
    folder.write({
      'rule.yml': SECRETS_RULE,
      'broken.yml': SECRETS_RULE.replace('detection', 'detections'),
      'audit.log': `${lines(auditEvent())}{"kind":\n`,
    });
    const lenient = await scan({ rules: ['rule.yml', 'broken.yml'] });
    assert.deepEqual([lenient.status, lenient.found.length], [1, 1]);
    assert.match(lenient.stderr, /broken\.yml:1:1: MissingField/);
    assert.match(lenient.stderr, /1 line no audit event: .*audit\.log:2 \(unterminated|invalid-json\)/);
    const strict = await scan({ rules: ['rule.yml', 'broken.yml'], strict: true });
    assert.equal(strict.status, 2);
    assert.match(strict.stderr, /BrokenRules/);
    assert.match(strict.stderr, /BrokenLines/);
  });

  it('ends with 2 for what cannot be read, and reads the rest all the same', async () => {
    const whole = gzipSync(lines(...Array.from({ length: 5000 }, (_, i) => auditEvent({ auditID: `${i}` }))));
    folder.write({
      'rule.yml': SECRETS_RULE,
      'a.log': 'not json\n',
      'b.log.gz': whole.subarray(0, whole.length - 20),
      'c.log': lines(auditEvent()),
      'd.log': '',
    });
    const { status, found, stderr } = await scan({ logs: ['a.log', 'b.log.gz', 'c.log', 'd.log'] });
    assert.equal(status, 2);
    assert(found.some(({ source }) => source.file.endsWith('b.log.gz')));
    assert(found.some(({ source }) => source.file.endsWith('c.log')));
    assert.match(stderr, /NoEvents: .*a\.log/);
    assert.match(stderr, /DamagedFile: .*b\.log\.gz/);
    assert(!stderr.includes('d.log'));
  });

  it('has nothing to do without rules', async () => {
    folder.write({ 'x/values.yaml': 'a: b', 'audit.log': lines(auditEvent()) });
    await assert.rejects(scan({ rules: ['x'] }), { code: 'NoRules' });
  });

  it('runs the rules that come with the program where none are given', async () => {
    const cronJob = auditEvent({
      verb: 'create',
      objectRef: { resource: 'cronjobs', apiGroup: 'batch', namespace: 'a', name: 'b' },
    });
    folder.write({ 'audit.log': lines(cronJob) });
    assert.deepEqual(
      (await scan({ rules: [] })).found.map(({ rule }) => rule.name),
      ['kubernetes-audit-cronjob-modification'],
    );
  });

  for (const [name, text] of [
    ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  people: |\n    # admins\n    alice\n\n    bob\n'],
    ['a map', 'people: [alice, bob]\n'],
  ] as const) {
    it(`takes placeholders from ${name}`, async () => {
      folder.write({
        'rule.yml': SECRETS_RULE.replace('verb: get', "user.username|expand: '%people%'"),
        'people.yaml': text,
        'audit.log': lines(
          auditEvent(),
          auditEvent({ user: { username: 'carol' } }),
          auditEvent({ user: { username: 'bob' } }),
        ),
      });
      const { found } = await scan({ placeholders: join(folder.path, 'people.yaml') });
      assert.deepEqual(
        found.map(({ source }) => source.line),
        [1, 3],
      );
      const without = await scan().catch((error: unknown) => error);
      assert.equal(without instanceof Error && 'code' in without && without.code, 'NoRules');
    });
  }

  it('says what is wrong with a file of placeholders', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE, 'audit.log': '', 'list.yaml': '- a\n', 'broken.yaml': 'a: [\n' });
    for (const name of ['list.yaml', 'broken.yaml'])
      await assert.rejects(scan({ placeholders: join(folder.path, name) }), { code: 'InvalidPlaceholders' });
  });

  it('reads standard input, compressed or not', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE });
    for (const stdin of [lines(auditEvent()), gzipSync(lines(auditEvent()))]) {
      const { found } = await scan({ logs: ['-'] }, testTerminal({ stdin }));
      assert.deepEqual(
        found.map(({ source }) => source),
        [{ file: '-', line: 1 }],
      );
    }
  });

  it('prints one JSON object with matches and summary', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE, 'audit.log': lines(auditEvent(), auditEvent({ auditID: 'x' })) });
    const { stdout, stderr } = await scan({ format: 'json' });
    const report: {
      matches: unknown[];
      summary: { matches: number; events: number; byRule: { matches: number; rule: { author: string } }[] };
    } = JSON.parse(stdout);
    assert.deepEqual([report.matches.length, report.summary.matches, report.summary.events], [2, 2, 2]);
    assert.deepEqual([report.summary.byRule[0]?.matches, report.summary.byRule[0]?.rule.author], [2, 'Somebody']);
    assert.equal(stderr, '');
  });

  it('prints for people what was done, and a summary by rule with its author', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE, 'audit.log': lines(auditEvent()) });
    const { stdout } = await scan({ format: 'pretty' });
    assert.match(
      stdout,
      /^high {11}Secret read\n +alice read secrets default\/db from 10\.0\.0\.1 with kubectl\/v1\.37\.2\. Allowed \(200\)\.\n/,
    );
    assert.match(stdout, /audit\.log:1 {2}2026-11-24T05:48:24\.739583Z\n/);
    assert.match(stdout, /\n {7}1 {2}high {11}Secret read {2}5f1e0c66-\S+ {2}by Somebody\n/);
    assert.match(stdout, /\n1 match in 1 event of 1 file with 1 rule, 0\.0 s\n$/);
  });

  it('lets nothing hostile reach the terminal', async () => {
    const hostile = '\u001b[2J\u202eevil\u0007\u009b31m\u2028';
    const event = auditEvent({
      user: { username: hostile, groups: [hostile] },
      userAgent: hostile,
      auditID: hostile,
      requestURI: hostile,
      requestReceivedTimestamp: hostile,
      objectRef: { resource: 'secrets', name: hostile, namespace: hostile },
    });
    folder.write({
      'rule.yml': SECRETS_RULE.replace('Secret read', '"\\e[31m\\u202etitle"').replace('Somebody', '"\\e[31m"'),
      'audit.log': lines(event),
      'bad\u001b.log': 'x\n',
    });
    for (const format of ['pretty', 'json', 'ndjson'] as const) {
      const { stdout, stderr } = await scan({ format, logs: ['audit.log', 'bad\u001b.log'] });
      // oxlint-disable-next-line no-control-regex -- what must not be there
      assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    }
    const [found] = (await scan()).found;
    assert.equal(found?.event['auditID'], hostile);
  });

  it('draws progress for a person, and takes it away', async () => {
    folder.write({ 'rule.yml': SECRETS_RULE, 'audit.log': lines(auditEvent()), 'b.log': lines(auditEvent()) });
    const terminal = testTerminal({ interactive: true });
    let now = 0;
    const options = {
      ...DEFAULTS,
      rules: [join(folder.path, 'rule.yml')],
      logs: [join(folder.path, 'audit.log'), join(folder.path, 'b.log')],
    };
    await runScan(options, terminal, () => (now += 150));
    const drawn = terminal.stderr().split('\r');
    assert(drawn.some((line) => /█.* % .*events/.test(line)));
    assert(!terminal.stderr().slice(terminal.stderr().lastIndexOf('\r\u001b[2K')).includes('%'));
  });
});
