// Breaks everything that can break around the operator, on a real control plane under load, and then compares what the Alerts
// count with what the log says, to the last request.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DISTURBANCES, type DisturbanceName } from './disturbances.ts';
import { reportText, summaryText } from './report.ts';
import { torture } from './torture.ts';

const USAGE = `Usage: npm run torture [-- OPTIONS]

Kills, restarts, freezes and deletes at random, under load, on a control plane of its own. Ends with 0 and "lost 0, doubled 0"
if the Alerts count exactly what the audit log says, and with 1 and the differences if not.

  --minutes N       how long (default 10)
  --replicas N      of the operator, on the same node: all but one stand by (default 2)
  --seed N          of what is done and when; by default by chance
  --only NAMES      of what is done, with commas between: ${Object.keys(DISTURBANCES).join(', ')}
  --report FILE     write what came of it as Markdown
  --keep DIRECTORY  where logs, state files and the operator's own logs go if something is wrong
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    replicas: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    only: { type: 'string' },
    report: { type: 'string' },
    keep: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const disturbances = values.only?.split(',').filter((name): name is DisturbanceName => name in DISTURBANCES);
const [minutes, replicas, seed] = [Number(values.minutes), Number(values.replicas), Number(values.seed)];

if (values.help === true) process.stdout.write(USAGE);
else if (!(minutes > 0) || !(replicas >= 1) || !Number.isSafeInteger(seed) || disturbances?.length === 0) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else process.exitCode = await main();

async function main(): Promise<number> {
  console.log(`Seed ${seed}, ${minutes} minutes.`);
  const say = (text: string): void => console.log(text);
  const result = await torture({ minutes, replicas, seed, disturbances, keep: values.keep, say });
  if (values.report !== undefined) writeFileSync(values.report, reportText(result));
  console.log(summaryText(result));
  const isRight = result.verdict.differences.length === 0 && result.faults.length === 0;
  return isRight ? 0 : 1;
}
