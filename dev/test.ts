// All tests: checks, unit tests, end to end. Prints what it does, and `N passed, N failed` as its last line.
import { type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installChromium } from './browser/index.ts';
import { findOrBuildBinaries, progressPrinter } from './control-plane/index.ts';
import { findOrBuildPromtool } from './promtool/index.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const root = join(import.meta.dirname, '..');

const steps: readonly { readonly title: string; readonly run: () => Promise<Counts> }[] = [
  { title: 'Checks: types, lint, format, dead code, generated files', run: () => script('check') },
  { title: 'Unit tests', run: () => mocha('test:unit') },
  { title: 'End to end, on a real control plane and in a real browser', run: endToEnd },
];

let passed = 0;
let failed = 0;
for (const { title, run } of steps) {
  const start = performance.now();
  console.log(`\n=== ${title}`);
  const counts = await run();
  passed += counts.passed;
  failed += counts.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`=== ${title}: ${counts.failed === 0 ? 'ok' : `${counts.failed} FAILED`} (${seconds} s)`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Whatever takes minutes the first time comes before the tests, whose time is bounded. */
async function endToEnd(): Promise<Counts> {
  installChromium();
  await findOrBuildBinaries(progressPrinter(process.stderr));
  await findOrBuildPromtool(progressPrinter(process.stderr));
  return await mocha('test:e2e');
}

/** A script that succeeds or fails as a whole. */
async function script(name: string): Promise<Counts> {
  const code = await execute('npm', ['run', '--silent', name]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A mocha run: spec on the terminal, and its counts from the JSON report beside it. */
async function mocha(name: string): Promise<Counts> {
  const report = join(tmpdir(), `sigma-operator-${name.replace(':', '-')}-${process.pid}.json`);
  const reporter = join(root, 'dev/spec-and-counts-reporter.cjs');
  const code = await execute('npm', ['run', '--silent', name, '--', '--reporter', reporter], {
    env: { ...process.env, TEST_COUNTS_FILE: report },
  });
  try {
    const { passes, failures } = JSON.parse(readFileSync(report, 'utf8')) as { passes: number; failures: number };
    return { passed: passes, failed: code !== 0 && failures === 0 ? 1 : failures };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(report, { force: true });
  }
}

function execute(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
