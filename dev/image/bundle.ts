// Bundles the command line into dist/, or the folder that is given: its entry file, that of the engine's thread, and the chunks
// that they load when they are needed.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import packageJson from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const outdir = resolve(process.argv[2] ?? join(root, 'dist'));

rmSync(outdir, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { 'sigma-operator': 'src/cli/main.ts', 'engine-worker': 'src/engine/worker.ts' },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  legalComments: 'linked',
  metafile: true,
  // CommonJS dependencies call require(); ES modules have none.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  define: { 'process.env.SIGMA_OPERATOR_VERSION': JSON.stringify(packageJson.version) },
});
const bytes = Object.entries(result.metafile.outputs)
  .filter(([file]) => file.endsWith('.mjs'))
  .reduce((sum, [, output]) => sum + output.bytes, 0);
console.log(`${join(outdir, 'sigma-operator.mjs')} and its chunks: ${(bytes / 1e6).toFixed(2)} MB`);
