import { spawnSync } from 'node:child_process';
import { findChromium } from './find-chromium.ts';

const APT_GET = 'apt-get';
/** Without any font Chromium shows no text. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];

/** What to do where there is no browser. */
export const CHROMIUM_REMEDY =
  'Install Chromium (Debian: apt-get install chromium fonts-dejavu-core), or set CHROMIUM to the path of a Chromium or Chrome.';

/**
 * Where there is no Chromium, installs Debian's, if that can be done without asking anybody: as root, with apt-get. Everywhere else nothing is installed; the
 * tests that need a browser say what to do.
 */
export function installChromium(): void {
  if (findChromium() !== undefined || process.env['CHROMIUM'] || process.getuid?.() !== 0) return;
  if (spawnSync(APT_GET, ['--version']).status !== 0) return;
  console.log('Installing Chromium with apt-get, for the tests of the static site (about a minute, once) …');
  const done =
    aptGet('update', '--quiet=2') && aptGet('install', '--quiet=2', '--yes', '--no-install-recommends', ...PACKAGES);
  if (!done) console.log(`apt-get failed, see the lines above. ${CHROMIUM_REMEDY}`);
}

function aptGet(...args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(APT_GET, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}
