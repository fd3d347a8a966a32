/**
 * How late the main thread does what is due while a burst is matched, and what memory that takes: in the same thread, and
 * in a thread of its own.
 *
 *     npm run bench:threads -- [public16|generated1000|generated5000]
 *
 * `npm run bench` makes the inputs, once. Each form runs in a process of its own. Rules are compiled in the main thread as well,
 * which needs what is known of them, as the operator does.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { compileRoot } from '../src/controllers/detection-rule/compile-root.ts';
import { type DetectionEngine, LocalEngine, type RunnableRule, WorkerEngine } from '../src/engine/index.ts';
import { SharedParts } from '../src/sigma/index.ts';
import { ruleSets } from './configurations.ts';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sigma-operator/bench');
const [rules = 'public16', form] = process.argv.slice(2);

if (form === undefined) {
  for (const each of ['local', 'worker']) {
    const args = [import.meta.filename, rules, each];
    console.log(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim());
  }
} else await measure(form);

async function measure(where: string): Promise<void> {
  const expired = async (): Promise<readonly boolean[]> => [];
  const engine: DetectionEngine = where === 'worker' ? new WorkerEngine({ expired }) : new LocalEngine({ expired });
  const shared = new SharedParts();
  const compiled = texts().flatMap((sigma, index) => {
    const result = compileRoot(sigma, { name: `rule-${index}`, placeholders: () => ['placeholder'], shared });
    return result.ok && result.root.kind === 'rule' && result.root.rule.appliesToKubernetesAudit ? [result] : [];
  });
  const idle = megabytes();
  const runnable = compiled.map(({ text }): RunnableRule => {
    const hash = createHash('sha256').update(text.sigma).digest('hex');
    return { text, hash, choices: {}, attack: [], defaults: {} };
  });
  await engine.setRules({ set: runnable, remove: [] });
  const reader = engine.open({
    source: { kind: 'file', path: join(cache, 'events.jsonl'), startAt: 'Beginning' },
    resume: undefined,
    cluster: '',
    own: { username: 'operator', namespace: 'sigma-operator', placeholders: 'placeholders', lookUps: new Set() },
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  let [read, found] = [0, 0];
  for (let caughtUp = false; !caughtUp; ) {
    const batch = await reader.next();
    if (batch === undefined) break;
    read += batch.batch.counts.lines;
    found += batch.detection.alerts.length;
    // What the follower asks for after each batch with matches.
    await reader.state({ files: 32, requests: 500 });
    ({ caughtUp } = batch.batch);
  }
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
  console.log(
    `${where}: ${compiled.length} rules, ${read} events in ${seconds.toFixed(1)} s, ${found} Alerts; ` +
      `main thread late by p50 ${ms(delay.percentile(50))}, p99 ${ms(delay.percentile(99))}, most ${ms(delay.max)} ms; ` +
      `${idle} MB with the rules compiled, ${megabytes()} MB in the end, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`,
  );
  await engine.close();
}

function texts(): readonly string[] {
  return [...(ruleSets(join(cache, 'rules'))[rules]?.texts() ?? [])];
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1e6);
}
