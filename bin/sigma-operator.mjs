#!/usr/bin/env node
// The command line in a checkout: the bundle in dist/ where it is newer than every source, which starts fastest, else the
// TypeScript sources as they are, which Node runs from 22.18 on. An older Node hands over to the one that npm ci brought along.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const bundle = join(root, 'dist/sigma-operator.mjs');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  // Compiled code is kept, and types are not stripped again each time.
  module.enableCompileCache?.(join(root, 'node_modules/.cache/sigma-operator'));
  if (bundleIsCurrent()) await import(bundle);
  else await import('../src/cli/main.ts');
} else {
  handOver(join(root, 'node_modules/node/bin/node'));
}

function bundleIsCurrent() {
  const built = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs;
  return built !== undefined && !hasNewer(join(root, 'src'), built);
}

/** A name without a dot is a folder's. */
function hasNewer(folder, time) {
  return readdirSync(folder).some((name) => {
    const path = `${folder}/${name}`;
    return name.includes('.') ? statSync(path).mtimeMs > time : hasNewer(path, time);
  });
}

function handOver(node) {
  if (process.env.SIGMA_OPERATOR_NODE === node || !existsSync(node)) {
    console.error(
      `sigma-operator needs Node 22.20 or newer, this is ${process.versions.node}. In a checkout: npm ci, then npx sigma-operator.`,
    );
    process.exit(2);
  }
  const { status, signal } = spawnSync(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, SIGMA_OPERATOR_NODE: node },
  });
  process.exit(signal === null ? (status ?? 2) : 128 + constants.signals[signal]);
}
