import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

  it('explains and lints', () => {
    const explained = run(['explain', at('rule.yml'), at('audit.log')]);
    assert.equal(explained.status, 0);
    assert.match(explained.stdout, /^match: Secret read\n/);
    const linted = run(['lint', at('rule.yml')]);
    assert.deepEqual([linted.status, linted.stderr], [0, '']);
    assert.match(linted.stdout, /^0 errors, 0 warnings, 0 information in 1 rule of 1 file\n$/);
  });

  it('shows help with examples on standard output', () => {
    for (const command of ['scan', 'lint', 'explain']) {
      const { status, stdout, stderr } = run([command, '--help']);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /\nExamples:\n {2}sigma-operator /);
      assert.match(stdout, /\nExit status: 0 /);
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

  const commands: Readonly<Record<string, readonly string[]>> = {
    scan: ['scan', '--rules', 'rule.yml', 'audit.log'],
    lint: ['lint', 'rule.yml'],
    explain: ['explain', 'rule.yml', 'audit.log'],
  };
  for (const [name, args] of Object.entries(commands)) {
    it(`loads nothing of Kubernetes for ${name}`, () => {
      const loaded = loadedBy(args.map((arg) => (arg.includes('.') ? at(arg) : arg)));
      assert(loaded.some((url) => url.endsWith('/src/sigma/index.ts')));
      const unwanted = loaded.filter((url) =>
        /node_modules\/(?:@kubernetes|winston|undici|prom-client)\/|\/src\/(?:kube|controllers|catalog)\/|\/src\/operator\/(?!log-options)/.test(
          url,
        ),
      );
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
