// Measures one configuration in a process of its own, and prints the figures as JSON: node bench/measure.ts <rules> <log> <folder of generated rules>
// <folder test/data/sigma>
import { statSync } from 'node:fs';
import { type ActiveRule, activeRule, RulesInForce } from '../src/alerts/index.ts';
import { type CompileOptions, compileRule, SharedParts } from '../src/sigma/index.ts';
import { ruleSets } from './configurations.ts';
import { countByInterpreter } from './count-by-interpreter.ts';
import { parseLines } from './parse-lines.ts';
import { type Scanned, scanLines } from './scan-lines.ts';

/** What one configuration took, in seconds of CPU time. */
export interface Figures extends Scanned {
  readonly bytes: number;
  /** Of the first time, with everything cold, and of the best. */
  readonly firstSeconds: number;
  readonly seconds: number;
  /** Of parsing each line alone, the best of as many times, in turns with the others. */
  readonly parseSeconds: number;
  readonly rules: number;
  readonly compileSeconds: number;
  readonly recompileSeconds: number;
  /** After reading the log twice, before anything else was done. */
  readonly peakMegabytes: number;
}

const ROUNDS = 15;
/** So many rules are few enough for the interpreter. */
const CHECKED = 16;
const MAX_RULE_BYTES = 512 * 1024;

const [configuration = '', log = '', generated = '', data = ''] = process.argv.slice(2);
const { result: rules, seconds: compileSeconds } = seconds(() => RulesInForce.of(activeRules()));
const first = seconds(() => scanLines(log, rules));
const second = seconds(() => scanLines(log, rules));
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
let [best, parse] = [Math.min(first.seconds, second.seconds), Number.POSITIVE_INFINITY];
for (let round = 0; round < ROUNDS; round++) {
  parse = Math.min(parse, seconds(() => parseLines(log)).seconds);
  best = Math.min(best, seconds(() => scanLines(log, rules)).seconds);
}
check(first.result);
const figures: Figures = {
  ...first.result,
  bytes: statSync(log).size,
  firstSeconds: first.seconds,
  seconds: best,
  parseSeconds: parse,
  rules: rules.rules.length,
  compileSeconds,
  recompileSeconds: recompile(),
  peakMegabytes,
};
process.stdout.write(JSON.stringify(figures));

/** As `sigma-operator scan` loads them: nobody asks for findings. */
function activeRules(): readonly ActiveRule[] {
  const rules: ActiveRule[] = [];
  const limits = { maxSourceBytes: MAX_RULE_BYTES };
  const options: CompileOptions = {
    limits,
    placeholders: () => ['placeholder'],
    lint: false,
    shared: new SharedParts(),
  };
  let index = 0;
  for (const text of ruleSets(generated, data)[configuration]?.texts() ?? []) {
    const result = compileRule(text, options);
    // Routing: rules for other products are not run on audit events.
    if (result.ok && result.rule.appliesToKubernetesAudit)
      rules.push(activeRule(`rule-${index}`, String(index), { kind: 'rule', rule: result.rule }, {}, []));
    index++;
  }
  return rules;
}

/** Of CPU time, by all threads of the process: other processes make it longer, but hardly. */
function seconds<T>(run: () => T): { readonly result: T; readonly seconds: number } {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

/** What was not parsed must not have matched. */
function check({ events, matching }: Scanned): void {
  if (rules.rules.length > CHECKED) return;
  const expected = countByInterpreter(log, rules.rules);
  if (expected.events !== events || expected.matching !== matching)
    throw new Error(`the interpreter finds ${JSON.stringify(expected)}, the scan ${matching} of ${events}`);
}

/** One rule of many is changed. */
function recompile(): number {
  const [changed, ...others] = rules.rules;
  if (changed === undefined) return 0;
  const times = Array.from({ length: 5 }, () =>
    seconds(() => RulesInForce.of([...others, { ...changed }], { before: rules })),
  );
  return times.map((one) => one.seconds).toSorted((a, b) => a - b)[2] ?? 0;
}
