// Writes the generated files of the repository; with --check, only says which are stale, and exits 1 if any is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiReference } from './api-reference.ts';
import { apiTypes } from './api-types.ts';
import { attackTable } from './attack-table.ts';
import { builtInResources } from './built-in-resources.ts';
import { cliReference } from './cli-reference.ts';
import { conformanceReference } from './conformance-reference.ts';
import { diagnosticsReference } from './diagnostics-reference.ts';
import { lineReader } from './line-reader.ts';
import { metricsReference } from './metrics-reference.ts';

const root = join(import.meta.dirname, '../..');
const check = process.argv.includes('--check');

const files = [
  ...(await apiTypes(root)),
  apiReference(root),
  await metricsReference(),
  ...diagnosticsReference(),
  cliReference(),
  conformanceReference(root),
  attackTable(root),
  builtInResources(root),
  lineReader(root),
];
const stale = files.filter(({ path, text }) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
for (const { path, text } of stale) {
  if (check) console.error(`${path} is stale: run \`npm run generate\` and commit the result.`);
  else {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
if (check && stale.length > 0) process.exitCode = 1;
