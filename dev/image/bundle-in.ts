import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DIST = join(import.meta.dirname, '../../dist');

let built: Promise<void> | undefined;

/** Builds the bundle once in this process, and copies it to a folder of its own, as the image does: nothing else is beside it. */
export async function bundleIn(directory: string): Promise<string> {
  built ??= build();
  await built;
  const app = join(directory, 'app');
  mkdirSync(app, { recursive: true });
  cpSync(DIST, app, { recursive: true });
  return join(app, 'sigma-operator.mjs');
}

async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'bundle.ts')]);
}
