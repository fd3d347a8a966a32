import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** What is measured is what users run: bundled as the image is. Types that Node strips as it loads would take 45 MB, and time, that nobody spends. */
export interface Bundles {
  /** measure.ts. */
  readonly measure: string;
  /** The command line. */
  readonly command: string;
}

/** Builds the program, for bin/ to find it, and the program that measures. @param directory for the latter */
export async function bundles(directory: string): Promise<Bundles> {
  await promisify(execFile)(process.execPath, [join(root, 'dev/image/bundle.ts')]);
  const measure = join(directory, 'measure.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/measure.ts'],
    outfile: measure,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  return { measure, command: join(root, 'dist/sigma-operator.mjs') };
}
