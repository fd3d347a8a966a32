// Measures scanning against JSON.parse of every line, in one run: npm run bench. With --write, into bench/RESULTS.md, with what bench/webhook.ts says.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleSets } from './configurations.ts';
import { inputs, LIST } from './inputs.ts';
import type { Figures } from './measure.ts';
import { type Row, ratio, report } from './report.ts';

const WEBHOOK = [['--rate', '4200', '--seconds', '62'], ['--gzip', '--rate', '4200'], []];

const files = await inputs();
const sets = ruleSets(files.rules);
const rows = [
  ...Object.keys(sets).map((rules) => measure(rules, files.compact, 'lines of kube-apiserver')),
  measure('public16', files.spaced, 'lines that were serialised again'),
  measure('public16', files.lists, `EventLists of ${LIST}`),
];
const writes = process.argv.includes('--write');
const webhook = new Map(
  writes ? WEBHOOK.map((args) => [['node bench/webhook.ts', ...args].join(' '), run('webhook.ts', args)]) : [],
);
const text = report(rows, webhook);
console.log(text);
if (writes) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text);

function measure(rules: string, log: string, input: string): Row {
  const figures: Figures = JSON.parse(run('measure.ts', [rules, log, files.rules]));
  const title = `${sets[rules]?.title ?? rules}, ${input}`;
  console.error(`${title}: ${ratio(figures)} × JSON.parse`);
  return { title, figures };
}

function run(program: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync(process.execPath, [join(import.meta.dirname, program), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return stdout.trim();
}
