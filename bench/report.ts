import { cpus } from 'node:os';
import { EVENTS } from './inputs.ts';
import type { Figures } from './measure.ts';
import type { Start } from './start.ts';

/** A configuration, and what it took. */
export interface Row {
  readonly title: string;
  readonly figures: Figures;
}

/** The results in Markdown. @param webhook what bench/webhook.ts says, by how it was called. @param starts Node's own first */
export function report(rows: readonly Row[], webhook: ReadonlyMap<string, string>, starts: readonly Start[]): string {
  const [first] = rows;
  const alone = first === undefined ? 0 : first.figures.events / first.figures.parseSeconds;
  return `# Results

Written by \`npm run bench -- --write\` with Node ${process.versions.node} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, each row on one core, on a
machine that others use at the same time: times are CPU time of the process, and the ratios are what to read. What is measured, and how, is in [README.md](README.md). ${number(EVENTS)} events (seed 42).
Splitting the log and JSON.parse of every line alone made ${number(alone)} events/s.

| rules and input | rules run | events/s | MB/s | × JSON.parse | matching events | parsed | load and compile, s | one changed, ms | first pass, s | peak RSS, MB |
|---|---|---|---|---|---|---|---|---|---|---|
${rows.map(rowText).join('\n')}

| start until the first output | ms | × node -e 0 |
|---|---|---|
${starts.map(startText(starts[0])).join('\n')}
${[...webhook].map(([command, said]) => `\n\`${command}\`: ${said}\n`).join('')}`;
}

function rowText({ title, figures }: Row): string {
  const { events, bytes, seconds } = figures;
  const cells = [
    title,
    figures.rules,
    number(events / seconds),
    number(bytes / seconds / 1e6),
    ratio(figures),
    number(figures.matching),
    number(figures.parsed),
    figures.compileSeconds.toFixed(2),
    (figures.recompileSeconds * 1000).toFixed(1),
    figures.firstSeconds.toFixed(2),
    number(figures.peakMegabytes),
  ];
  return `| ${cells.join(' | ')} |`;
}

function startText(node: Start | undefined): (start: Start) => string {
  return ({ title, milliseconds }) =>
    `| ${title} | ${number(milliseconds)} | ${(milliseconds / (node?.milliseconds ?? 1)).toFixed(1)} |`;
}

/** How often the scan is done while every line is parsed once. */
export function ratio({ parseSeconds, seconds }: Figures): string {
  return (parseSeconds / seconds).toFixed(2);
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}
