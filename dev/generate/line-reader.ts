import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';

const SOURCE = 'src/sigma/scan/assembly/index.ts';
const OPTIONS = ['--optimizeLevel', '3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--use', 'abort='];

/** Characters of base64 in a line. */
const LINE = /.{1,116}/g;

/** The reader of an audit log's lines, compiled to WebAssembly. */
export function lineReader(root: string): GeneratedFile {
  const lines = compiled(root).toString('base64').match(LINE) ?? [];
  const text = `// Generated from ${SOURCE} by \`npm run generate\`. Do not edit.

/** A WebAssembly module, in base64. */
export const LINE_READER =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
  return { path: 'src/sigma/scan/line-reader.generated.ts', text };
}

/** By a process of its own: the compiler's types, if imported, would take the place of TypeScript's own. */
function compiled(root: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'line-reader-'));
  try {
    const output = join(folder, 'out.wasm');
    const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
    const args = [compiler, SOURCE, '--baseDir', root, '--outFile', output, ...OPTIONS];
    execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
