// Runs a command with the project's dependencies installed: `npm ci` first, if node_modules is absent or older than
// the lockfile. Plain JavaScript without imports of ours, because it runs before anything is installed, on any Node >= 20.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const marker = join(modules, '.installed-from');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  // npm ci would empty what a link leads to, under whoever else uses it.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    console.error(
      'node_modules is a link, and what it leads to is not of this package-lock.json: run npm ci there, or remove the link.',
    );
    process.exit(1);
  }
  console.error('Installing dependencies with npm ci (about half a minute, once) …');
  const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (npm.status !== 0) {
    console.error('npm ci failed. It needs a package registry; see the lines above.');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(marker, wanted);
}

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) },
});
// The terminal sends Ctrl-C to the whole process group: the child decides when to end, we wait for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
