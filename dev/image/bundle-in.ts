import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Builds the bundle in a folder of its own, as in the image: nothing else is beside it. `dist/` is left alone, because others
 * may run from it, or build, at the same time.
 */
export async function bundleIn(directory: string): Promise<string> {
  const app = join(directory, 'app');
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'bundle.ts'), app]);
  return join(app, 'sigma-operator.mjs');
}
