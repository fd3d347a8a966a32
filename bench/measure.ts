// Measures one configuration in a process of its own, and prints the figures as JSON.
import { readFileSync } from 'node:fs';
import { compileRule, LineScreen, RuleSet, type RuleSetEntry } from '../src/sigma/index.ts';
import { ruleSets } from './configurations.ts';

/** What one configuration took. */
export interface Figures {
  readonly events: number;
  readonly bytes: number;
  /** Of the best of the rounds. */
  readonly seconds: number;
  readonly rules: number;
  readonly compileSeconds: number;
  readonly recompileSeconds: number;
  readonly matchingLines: number;
  readonly peakMegabytes: number;
}

const ROUNDS = 3;

const [configuration = '', shape = 'lines', eventsFile = '', rulesFolder = ''] = process.argv.slice(2);
const start = performance.now();
const set = configuration === 'parse' ? undefined : RuleSet.of(entries());
const compileSeconds = (performance.now() - start) / 1000;
const log = readFileSync(eventsFile);
let matchingLines = 0;
let best = Number.POSITIVE_INFINITY;
let events = 0;
for (let round = 0; round < ROUNDS; round++) {
  const before = performance.now();
  ({ events, matchingLines } = run(log, set));
  best = Math.min(best, (performance.now() - before) / 1000);
}
const figures: Figures = {
  events,
  bytes: log.length,
  seconds: best,
  rules: set?.size ?? 0,
  compileSeconds,
  recompileSeconds: set === undefined ? 0 : recompile(set),
  matchingLines,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(figures));

function entries(): readonly RuleSetEntry[] {
  const texts = ruleSets(rulesFolder)[configuration]?.texts() ?? [];
  return texts.flatMap((text, index) => {
    const result = compileRule(text, { limits: { maxSourceBytes: 512 * 1024 }, placeholders: () => ['placeholder'] });
    // Routing: rules for other products are not run on audit events.
    return result.ok && result.rule.appliesToKubernetesAudit ? [{ id: String(index), plan: result.rule.plan }] : [];
  });
}

function run(buffer: Buffer, rules: RuleSet<RuleSetEntry> | undefined): { events: number; matchingLines: number } {
  if (shape === 'lists') return runLists(buffer, rules);
  const screen = rules === undefined ? undefined : new LineScreen(rules);
  let [count, matching] = [0, 0];
  for (let from = 0, end = buffer.indexOf(10); end >= 0; from = end + 1, end = buffer.indexOf(10, from)) {
    count += 1;
    const line = buffer.subarray(from, end);
    if (screen !== undefined && !screen.mayMatch(line)) continue;
    const event: object = JSON.parse(line.toString('utf8'));
    if (rules !== undefined && rules.match(event).length > 0) matching += 1;
  }
  return { events: count, matchingLines: matching };
}

/** EventLists, as the API server's webhook sends them: each line of the file is one. */
function runLists(buffer: Buffer, rules: RuleSet<RuleSetEntry> | undefined): { events: number; matchingLines: number } {
  let [count, matching] = [0, 0];
  for (let from = 0, end = buffer.indexOf(10); end >= 0; from = end + 1, end = buffer.indexOf(10, from)) {
    const list: { items: readonly object[] } = JSON.parse(buffer.toString('utf8', from, end));
    for (const event of list.items) {
      count += 1;
      if (rules !== undefined && rules.match(event).length > 0) matching += 1;
    }
  }
  return { events: count, matchingLines: matching };
}

/** One rule of many is changed. */
function recompile(rules: RuleSet<RuleSetEntry>): number {
  const [first] = rules.entries;
  if (first === undefined) return 0;
  const times = Array.from({ length: 5 }, () => {
    const before = performance.now();
    rules.with({ set: [{ ...first }] });
    return (performance.now() - before) / 1000;
  });
  return times.sort((a, b) => a - b)[2] ?? 0;
}
