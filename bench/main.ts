// Measures matching against JSON.parse of every line, in one run: `npm run bench`. With --write, into bench/RESULTS.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { ruleSets } from './configurations.ts';
import type { Figures } from './measure.ts';

const EVENTS = 100_000;
const RULES = 5000;
const LIST = 400;
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sigma-operator/bench');

interface Row {
  readonly title: string;
  readonly figures: Figures;
  readonly baseline: Figures;
}

const files = await inputs();
const rows: Row[] = [];
measureAll('lines', files.compact, Object.keys(ruleSets(files.rules)), 'compact lines');
measureAll('lines', files.spaced, ['public16'], 'lines that were serialised again');
measureAll('lists', files.lists, ['public16'], `EventLists of ${LIST}`);
const text = report(rows);
console.log(text);
if (process.argv.includes('--write')) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), `${text}\n`);

/** Each configuration between two measurements of JSON.parse alone: the machine's speed drifts. */
function measureAll(shape: string, file: string, configurations: readonly string[], what: string): void {
  for (const configuration of configurations) {
    const before = measure('parse', shape, file);
    const figures = measure(configuration, shape, file);
    const after = measure('parse', shape, file);
    const baseline = before.seconds < after.seconds ? before : after;
    const title = `${ruleSets(files.rules)[configuration]?.title ?? configuration}, ${what}`;
    rows.push({ title, figures, baseline });
    console.error(`${title}: ${ratio(figures, baseline)} of JSON.parse alone`);
  }
}

function measure(configuration: string, shape: string, file: string): Figures {
  const program = join(import.meta.dirname, 'measure.ts');
  const child = spawnSync(process.execPath, [program, configuration, shape, file, files.rules], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`${configuration} ended with ${child.status}`);
  const figures: Figures = JSON.parse(child.stdout);
  return figures;
}

/** Makes the files to measure with, once: outside the repository, they are large. */
async function inputs(): Promise<{ compact: string; spaced: string; lists: string; rules: string }> {
  mkdirSync(cache, { recursive: true });
  const [compact, spaced, lists, rules] = ['events.jsonl', 'spaced.jsonl', 'lists.jsonl', 'rules'].map((name) =>
    join(cache, name),
  ) as [string, string, string, string];
  const generate = (program: string, ...args: string[]): unknown =>
    execFileSync(process.execPath, [join(import.meta.dirname, 'generators', program), ...args], { stdio: 'ignore' });
  if (!existsSync(compact)) generate('gen-events.mjs', '--count', String(EVENTS), '--seed', '42', '--out', compact);
  if (!existsSync(rules)) generate('gen-rules.mjs', '--count', String(RULES), '--seed', '7', '--out', rules);
  if (!existsSync(spaced) || !existsSync(lists)) {
    const lines = readFileSync(compact, 'utf8').trimEnd().split('\n');
    await writeLines(spaced, lines, (line) => JSON.stringify(JSON.parse(line), null, 1).replace(/\n */g, ' '));
    const chunks = Array.from({ length: Math.ceil(lines.length / LIST) }, (_, at) =>
      lines.slice(at * LIST, (at + 1) * LIST),
    );
    await writeLines(
      lists,
      chunks,
      (chunk) => `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${chunk.join(',')}]}`,
    );
  }
  return { compact, spaced, lists, rules };
}

async function writeLines<T>(path: string, values: readonly T[], lineOf: (value: T) => string): Promise<void> {
  const stream = createWriteStream(path);
  for (const value of values) {
    if (!stream.write(`${lineOf(value)}\n`))
      await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  await new Promise<void>((resolve) => {
    stream.end(() => resolve());
  });
}

function report(all: readonly Row[]): string {
  const lines = all.map(({ title, figures, baseline }) => {
    const { events, bytes, seconds, rules, compileSeconds, recompileSeconds, matchingLines, peakMegabytes } = figures;
    return `| ${title} | ${rules} | ${number(events / seconds)} | ${number(bytes / seconds / 1e6)} | ${ratio(figures, baseline)} | ${number(matchingLines)} | ${compileSeconds.toFixed(2)} | ${(recompileSeconds * 1000).toFixed(1)} | ${number(peakMegabytes)} |`;
  });
  const [first] = all;
  const parse = first === undefined ? 0 : first.baseline.events / first.baseline.seconds;
  return `# Results

Written by \`npm run bench -- --write\` with Node ${process.versions.node} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, one core, on a machine that others
use at the same time: read the ratios. ${number(EVENTS)} events (seed 42, 134.7 MB), in memory. JSON.parse of every line alone made
${number(parse)} events/s; the ratio is to JSON.parse of the same input, measured before and after each row in the same run, the better of the two.
A log that is larger than memory does not change them: reading is not the cost. The peak includes the 135 MB of the input.

| rules and input | rules run | events/s | MB/s | × JSON.parse | matching lines | compile, s | one changed, ms | peak RSS, MB |
|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}

function ratio(figures: Figures, baseline: Figures): string {
  return (baseline.seconds / figures.seconds).toFixed(2);
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}
