// Measures scanning against JSON.parse of every line, in one run: npm run bench. With --write, into bench/RESULTS.md, with what bench/webhook.ts says.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundles } from './bundle.ts';
import { ruleSets } from './configurations.ts';
import { inputs, LIST } from './inputs.ts';
import type { Figures } from './measure.ts';
import { type Row, ratio, report } from './report.ts';
import { starts } from './start.ts';

const WEBHOOK = [['--rate', '4200', '--seconds', '62'], ['--gzip', '--rate', '4200'], []];

const files = await inputs();
const data = join(import.meta.dirname, '../test/data/sigma');
const sets = ruleSets(files.rules, data);
const directory = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(directory, { recursive: true }));
const { measure: measuring, command } = await bundles(directory);
const rows = [
  ...Object.keys(sets).map((rules) => measure(rules, files.compact, 'lines of kube-apiserver')),
  measure('public16', files.spaced, 'lines that were serialised again'),
  measure('public16', files.lists, `EventLists of ${LIST}`),
];
const writes = process.argv.includes('--write');
const webhook = new Map(
  writes
    ? WEBHOOK.map((args) => [
        ['node bench/webhook.ts', ...args].join(' '),
        run(join(import.meta.dirname, 'webhook.ts'), args),
      ])
    : [],
);
const text = report(rows, webhook, await starts(command));
console.log(text);
if (writes) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text);

function measure(rules: string, log: string, input: string): Row {
  const figures: Figures = JSON.parse(run(measuring, [rules, log, files.rules, data]));
  const title = `${sets[rules]?.title ?? rules}, ${input}`;
  console.error(`${title}: ${ratio(figures)} × JSON.parse`);
  return { title, figures };
}

function run(program: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return stdout.trim();
}
