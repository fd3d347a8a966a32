import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../src/cli/program.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'src/cli/main.ts');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  args: readonly string[],
  options: { readonly node?: readonly string[]; readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ended {
  const { node = [], input, env = {} } = options;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, MAIN, ...args], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/sigma-operator'), ...env },
  });
  return { status, stdout, stderr };
}

describe('the command line', function () {
  this.timeout(60_000);
  const folder = testFolder();

  beforeEach(() => {
    folder.write({
      'rule.yml': SECRETS_RULE,
      'audit.log': lines(auditEvent()),
      'other.log': lines(auditEvent({ verb: 'list' })),
    });
  });

  function at(path: string): string {
    return join(folder.path, path);
  }

  it('ends with 0 without matches, 1 with some, 2 for bad input and wrong arguments, and keeps the streams apart', () => {
    const clean = run(['scan', '--rules', at('rule.yml'), '-o', 'ndjson', at('other.log')]);
    assert.deepEqual([clean.status, clean.stdout], [0, '']);
    const found = run(['scan', '--rules', at('rule.yml'), '--format', 'ndjson', '-q', '-'], {
      input: lines(auditEvent()),
    });
    assert.deepEqual([found.status, found.stderr], [1, '']);
    const { rule, source }: { rule: { title: string }; source: { file: string; line: number } } = JSON.parse(
      found.stdout,
    );
    assert.deepEqual([rule.title, source], ['Secret read', { file: '-', line: 1 }]);
    const missing = run(['scan', '--rules', at('rule.yml'), at('nothing.log')]);
    assert.deepEqual([missing.status, missing.stdout], [2, '']);
    assert.match(
      missing.stderr,
      /^error PathNotFound: .*nothing\.log: There is no such file or folder\.\n {2}Check the path/,
    );
    const wrong = run(['scan', '--rules', at('rule.yml'), '--format', 'xml', at('audit.log')]);
    assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /Allowed choices are pretty, ndjson, json/);
  });

  it('refuses wrong defaults of Alerts before it runs', () => {
    for (const [flag, message] of [
      ['--alert-group-by=Actor,Colour', /some of Actor, Operation, Outcome, Resource, Namespace, Object/],
      ['--alert-events=All', /Allowed choices are Object, Rule, None/],
    ] as const) {
      const { status, stderr } = run(['run', flag]);
      assert.equal(status, 2);
      assert.match(stderr, message);
    }
  });

  it('explains and lints', () => {
    const explained = run(['explain', at('rule.yml'), at('audit.log')]);
    assert.equal(explained.status, 0);
    assert.match(explained.stdout, /^match: Secret read\n/);
    const linted = run(['lint', at('rule.yml')]);
    assert.deepEqual([linted.status, linted.stderr], [0, '']);
    assert.match(linted.stdout, /^0 errors, 0 warnings, 0 information in 1 rule of 1 file\n$/);
  });

  it('runs every offline command, without a cluster and with exit statuses as its help has them', () => {
    folder.write({
      'tests/rule.yml': SECRETS_RULE,
      'tests/rule.test.yml': 'tests: [{event: {verb: list}, match: false}]\n',
    });
    const all: Readonly<Record<string, readonly [status: number, stdout: RegExp]>> = {
      'catalog show Secret\u00a0read --rules @rule.yml': [0, /^Secret read\n/],
      'catalog list --rules @rule.yml': [0, /Secret read/],
      'catalog actions --rules @rule.yml': [0, /secrets +get/],
      'catalog indicators --rules @rule.yml': [0, /verb +eq/],
      'catalog attack --rules @rule.yml': [0, /^MITRE ATT&CK coverage\n/],
      'catalog build --rules @rule.yml --out @site': [0, /^$/],
      'coverage --rules @rule.yml': [0, /^MITRE ATT&CK coverage\n/],
      'coverage --rules @rule.yml --navigator -': [0, /^\{/],
      'policy --rules @rule.yml': [0, /^# Smallest audit policy .*\napiVersion: audit\.k8s\.io\/v1\n/],
      'policy check --rules @rule.yml --policy @policy.yaml': [1, /1 rule cannot fire/],
      'import @tests --out @imported': [0, /1 rule in .*: 1 created/],
      'test @tests': [0, /1 passed, 0 failed in 1 rule\n$/],
      'completion bash': [0, /^# bash completion/],
    };
    folder.write({ 'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n' });
    for (const [line, [status, stdout]] of Object.entries(all)) {
      const ended = run(argumentsOf(line));
      assert.equal(ended.status, status, `${line}\n${ended.stderr}`);
      assert.match(ended.stdout, stdout, line);
    }
  });

  /** Words of a line: `@` stands for the folder, a no-break space for a space. */
  function argumentsOf(line: string): readonly string[] {
    return line.split(' ').map((word) => (word.startsWith('@') ? at(word.slice(1)) : word).replaceAll('\u00a0', ' '));
  }

  const failures: readonly { readonly line: string; readonly code: string }[] = [
    { line: 'catalog show nothing --rules @rule.yml', code: 'UnknownRule' },
    { line: 'catalog list --rules @missing', code: 'PathNotFound' },
    { line: 'catalog actions --rules @empty', code: 'NoRules' },
    { line: 'catalog build --rules @rule.yml --out @', code: 'OccupiedFolder' },
    { line: 'catalog build --rules @rule.yml --out @site --policy @rule.yml', code: 'InvalidPolicy' },
    { line: 'coverage --rules @rule.yml --navigator @missing/layer.json', code: 'UnwritableOutput' },
    { line: 'policy --rules @windows.yml', code: 'NoRules' },
    { line: 'policy --rules @rule.yml --log @rule.yml', code: 'NoEvents' },
    { line: 'policy check --rules @rule.yml --policy @missing.yaml', code: 'PathNotFound' },
    { line: 'import @missing --out @out', code: 'PathNotFound' },
    { line: 'import @windows.yml --out @out', code: 'NoRules' },
    { line: 'test @empty', code: 'NoTests' },
    { line: 'catalog list --cluster --kubeconfig @missing', code: 'UnusableKubeconfig' },
    { line: 'catalog list --placeholders @missing --rules @rule.yml', code: 'PathNotFound' },
  ];
  for (const { line, code } of failures) {
    it(`says what is wrong, and what to do, on standard error: ${line}`, () => {
      folder.write({
        'empty/README': '',
        'windows.yml': SECRETS_RULE.replace('product: kubernetes', 'product: windows'),
      });
      const { status, stdout, stderr } = run(argumentsOf(line));
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, new RegExp(`^error ${code}: .+\\n {2}\\S.+\\n$`));
    });
  }

  const wrong = [
    '',
    'no-such-command',
    'catalog',
    'catalog list --sort up',
    'catalog show',
    'catalog build',
    'policy check',
    'import @rule.yml',
    'test',
    'completion tcsh',
    'catalog list --cluster --rules x',
    'catalog indicators --at-least many',
    'coverage --nonsense',
  ];
  for (const line of wrong) {
    it(`refuses wrong arguments with 2, and says where help is: ${line}`, () => {
      const { status, stdout, stderr } = run(line === '' ? [] : argumentsOf(line));
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /--help/);
    });
  }

  it('shows help on standard output', () => {
    const { status, stdout, stderr } = run(['catalog', 'show', '--help']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Usage: sigma-operator catalog show /);
  });

  it('has examples and exit statuses in the help of every command', () => {
    for (const command of leaves(createProgram())) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      assert.match(help, /\nExamples:\n {2}(?:sigma-operator|kubectl detections) /, command.name());
      if (command.name() !== 'run') assert.match(help, /\nExit status: 0 /, command.name());
    }
  });

  it('colours only for a terminal, or where it is told to', () => {
    const args = ['scan', '--rules', at('rule.yml'), at('audit.log')];
    assert(!run(args).stdout.includes('\u001b'));
    assert(run(args, { env: { FORCE_COLOR: '1' } }).stdout.includes('\u001b[31m'));
    assert(!run(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout.includes('\u001b'));
  });

  it('ends quietly when its reader goes', () => {
    const events = lines(...Array.from({ length: 20_000 }, (_, i) => auditEvent({ auditID: String(i) })));
    folder.write({ 'large.log': events });
    const command = `"${process.execPath}" "${MAIN}" scan --rules "${at('rule.yml')}" -o ndjson -q "${at('large.log')}" | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.equal(stdout.trimEnd().split('\n').length, 1);
    assert.equal(stderr, '');
  });

  /** The URLs of the modules that a run loads. */
  function loadedBy(args: readonly string[]): readonly string[] {
    const modules = at('modules');
    const preload = import.meta.resolve('./log-modules.ts');
    run(args, { node: ['--import', preload], env: { MODULES_FILE: modules } });
    return readFileSync(modules, 'utf8').trimEnd().split('\n');
  }

  /** Commands, and what of the rooms each may load beside `sigma`, `audit` and `alerts`. */
  const commands: Readonly<Record<string, { readonly line: string; readonly rooms?: readonly string[] }>> = {
    scan: { line: 'scan --rules @rule.yml @audit.log' },
    lint: { line: 'lint @rule.yml' },
    explain: { line: 'explain @rule.yml @audit.log' },
    test: { line: 'test @rule.yml' },
    import: { line: 'import @rules --out @out' },
    'catalog show': { line: 'catalog show @rule.yml', rooms: ['catalog'] },
    'catalog build': { line: 'catalog build --rules @rule.yml --out @site', rooms: ['catalog'] },
    coverage: { line: 'coverage --rules @rule.yml', rooms: ['catalog'] },
    policy: { line: 'policy --rules @rule.yml --log @audit.log', rooms: ['catalog'] },
    'policy check': { line: 'policy check --rules @rule.yml --policy @policy.yaml', rooms: ['catalog'] },
  };
  for (const [name, { line, rooms = [] }] of Object.entries(commands)) {
    it(`loads nothing of Kubernetes for ${name}`, () => {
      folder.write({
        'rules/rule.yml': SECRETS_RULE,
        'rule.test.yml': 'tests: [{event: {verb: list}, match: false}]\n',
        'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n',
      });
      const loaded = loadedBy(argumentsOf(line));
      assert(loaded.some((url) => url.endsWith('/src/sigma/index.ts')));
      const unwanted = loaded.filter((url) => {
        if (/node_modules\/(?:@kubernetes|winston|undici|prom-client)\//.test(url)) return true;
        const [, room = '', file = ''] = /\/src\/([^/]+)\/(.*)$/.exec(url) ?? [];
        const allowed = ['', 'cli', 'sigma', 'audit', 'alerts', ...rooms].includes(room);
        return !allowed && !(room === 'operator' && file === 'log-options.ts');
      });
      assert.deepEqual(unwanted, []);
    });
  }

  it('loads no room for help', () => {
    const rooms = loadedBy(['scan', '--help']).filter((url) => /\/src\/(?!cli\/)\w+\/index\.ts$/.test(url));
    assert.deepEqual(rooms, []);
  });

  it('hands over to the Node that npm ci brought, where it is started with one that is too old', function () {
    const old = '/usr/bin/node';
    const version = existsSync(old) ? spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout : 'v99';
    if (Number(/^v(\d+)/.exec(version)?.[1]) >= 22) return;
    const { status, stdout } = spawnSync(
      old,
      [join(ROOT, 'bin/sigma-operator.mjs'), 'scan', '--rules', at('rule.yml'), '-o', 'ndjson', '-q', at('audit.log')],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.match(stdout, /^\{"rule":/);
  });
});

/** The commands that do something: those without commands of their own, and `policy`. */
function leaves(command: Command): readonly Command[] {
  const own = command.commands.length === 0 || command.name() === 'policy' ? [command] : [];
  return [...own, ...command.commands.flatMap(leaves)];
}
