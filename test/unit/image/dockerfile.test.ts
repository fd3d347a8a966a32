import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** `[instruction, arguments]` of a Dockerfile, in order. */
function instructions(): readonly (readonly [string, string])[] {
  return read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line.trim()))
    .flatMap((match) => (match === null ? [] : ([[match[1] ?? '', match[2] ?? '']] as const)));
}

const all = (name: string): readonly string[] =>
  instructions().flatMap(([each, rest]) => (each === name ? [rest] : []));

describe('the image', () => {
  it('is built by nothing but npm ci and scripts of package.json, so that tests run the same', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const [install, ...runs] = all('RUN');
    assert.match(install ?? '', /^npm ci( --[a-z-]+)*$/);
    assert.deepEqual(runs, ['npm run build']);
    assert.ok(scripts['build']);
  });

  it('is copied from what is there and is not ignored', () => {
    const [everything, ...exceptions] = read('.dockerignore').trim().split('\n');
    assert.equal(everything, '*');
    const sources = all('COPY')
      .filter((rest) => !rest.startsWith('--from='))
      .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
    for (const source of sources) {
      assert.ok(existsSync(join(ROOT, source)), `${source} does not exist`);
      assert.ok(exceptions.includes(`!${source}`), `${source} is ignored`);
    }
    assert.deepEqual([...sources].sort(), exceptions.map((line) => line.slice(1)).sort());
  });

  it('is built on the Node of the toolchain, a long-term release, and runs as nobody', () => {
    const { devDependencies, engines }: { devDependencies: { node: string }; engines: { node: string } } = JSON.parse(
      read('package.json'),
    );
    const major = devDependencies.node.split('.')[0];
    for (const base of all('FROM')) assert.match(base, new RegExp(`^node:${major}-bookworm-slim( AS build)?$`));
    assert.equal(Number(major) % 2, 0);
    assert.match(engines.node, /^>=\d+\.\d+$/);
    assert.deepEqual(all('USER'), ['65532:65532']);
  });

  it('starts what the build makes, with nothing else beside it', function () {
    this.timeout(60_000);
    execFileSync(process.execPath, [join(ROOT, 'dev/image/bundle.ts')], { cwd: ROOT });
    const app = mkdtempSync(join(tmpdir(), 'sigma-operator-image-'));
    try {
      cpSync(join(ROOT, 'dist'), app, { recursive: true });
      const [program, file = ''] = JSON.parse(all('ENTRYPOINT')[0] ?? '[]');
      assert.equal(program, 'node');
      const bundle = join(app, file.replace('/app/', ''));
      const run = (args: readonly string[]): string =>
        execFileSync(process.execPath, [bundle, ...args], { cwd: app, env: {}, encoding: 'utf8' });
      const { version }: { version: string } = JSON.parse(read('package.json'));
      assert.equal(run(['--version']), `${version}\n`);
      const command: string[] = JSON.parse(all('CMD')[0] ?? '[]');
      assert.match(run([...command, '--help']), /^Usage: sigma-operator run/);
    } finally {
      rmSync(app, { recursive: true });
    }
  });
});
