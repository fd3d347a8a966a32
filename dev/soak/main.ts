// Lets CronJobs run every minute on a real control plane for a while, and checks that Alerts stay few and counts exact.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install } from '../demo/install.ts';
import { localCluster } from '../demo/local-cluster.ts';
import { Narrator } from '../demo/narrator.ts';
import { WHEN_FOLLOWING } from '../demo/operator-process.ts';
import { soak } from './soak.ts';

const USAGE = `Usage: npm run soak [-- OPTIONS] [MINUTES]

Runs CronJobs every minute for MINUTES (default 10) on a real control plane. Ends with 0 if every Alert counts what the audit
log says, what people did is found, and Kubernetes' own controllers have no Alert at all: the filter that the base applies
counts what they did.

  --cronjobs N      how many CronJobs run every minute (default 50)
  --unfiltered      without that filter: then controllers have one Alert for each namespace, resource and operation
`;

/** Of the operator: shown at the end. */
const MEASURES = [
  'sigma_operator_events_processed_total',
  'sigma_operator_alert_writes_total',
  'process_resident_memory_bytes',
  'process_cpu_seconds_total',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cronjobs: { type: 'string', default: '50' },
    unfiltered: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
const minutes = Number(positionals[0] ?? 10);
const cronJobs = Number(values.cronjobs);

if (values.help === true) process.stdout.write(USAGE);
else if (!(minutes >= 1) || !(cronJobs >= 1)) {
  console.error(USAGE);
  process.exitCode = 2;
} else process.exitCode = await main();

async function main(): Promise<number> {
  const narrator = new Narrator();
  const directory = mkdtempSync(join(tmpdir(), 'sigma-operator-soak-'));
  narrator.step('A real control plane, and the operator on it');
  const cluster = await localCluster((text) => narrator.good(text));
  try {
    await install(cluster, directory);
    const operator = await cluster.startOperator();
    narrator.good(`ready; probes and metrics at ${operator.url}`);
    await cluster.kubectl(WHEN_FOLLOWING.split(' '));
    narrator.step(`${cronJobs} CronJobs every minute, for ${minutes} minutes`);
    const say = (text: string) => narrator.say(text);
    const result = await soak(cluster, { minutes, cronJobs, filtered: !values.unfiltered, say });
    narrator.step('What came of it');
    const { stdout } = await cluster.kubectl(['get', 'alerts', '--sort-by=.status.count']);
    narrator.output(stdout);
    if (!values.unfiltered) narrator.output((await cluster.kubectl(['get', 'detectionfilters'])).stdout);
    narrator.output(await measures(operator.url));
    for (const fault of result.faults) narrator.bad(fault);
    if (result.faults.length > 0) return 1;
    const hidden = values.unfiltered ? '' : ` and the filter ${result.hidden} more`;
    narrator.good(`${result.alerts} Alerts count ${result.requests} requests${hidden}, and so does the audit log`);
    return 0;
  } finally {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measures(url: string): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => MEASURES.some((name) => line.startsWith(name)))
    .join('\n');
}
