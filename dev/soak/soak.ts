import { setTimeout as sleep } from 'node:timers/promises';
import { ALICE, APPS, busyCronJobs, GITOPS, INTRUDER, idleCronJobs, NAMESPACES, setUp } from './manifests.ts';
import type { SoakCluster, SoakOptions } from './soak-cluster.ts';
import { FILTER, whenRight } from './verdict.ts';

/** What a soak ended with. */
export interface SoakResult {
  /** What is wrong; nothing if all is right. */
  readonly faults: readonly string[];
  readonly alerts: number;
  readonly requests: number;
  /** Requests that the filter left out. */
  readonly hidden: number;
}

const IDLE = 200;

/**
 * Lets CronJobs run every minute for a while, and somebody do something among them. Then every Alert must count what the log
 * says, the controllers' Alerts must be few, or none if they are filtered, and the others there.
 */
export async function soak(cluster: SoakCluster, options: SoakOptions): Promise<SoakResult> {
  const { minutes, cronJobs, say } = options;
  const since = new Date();
  if (!options.filtered) await cluster.kubectl(['delete', 'detectionfilter', FILTER]);
  await cluster.kubectl(['create', '-f', '-'], { input: setUp() });
  say(`${cronJobs} CronJobs that run every minute in ${NAMESPACES.length} namespaces; ${IDLE} more that do not run`);
  await cluster.kubectl(['create', '-f', '-'], { input: busyCronJobs(cronJobs), as: GITOPS });
  await cluster.kubectl(['create', '-f', '-'], { input: idleCronJobs(IDLE), as: GITOPS });
  // Only from now on do all of them run.
  const end = nextFullMinute(new Date()) + (minutes - 1) * 60_000 + 40_000;
  await sleep((end - Date.now()) / 2);
  const patch = ['patch', 'cronjob', 'every-minute-0', '--namespace', NAMESPACES[0] ?? '', '--type=merge', '--patch'];
  await cluster.kubectl([...patch, '{"spec":{"suspend":true}}'], { as: ALICE });
  const intrusion = ['create', 'job', 'miner', '--image=none.invalid/miner', '--namespace', APPS];
  await cluster.kubectl(intrusion, { as: INTRUDER, allowFailure: true });
  say(`alice suspended one of them, and a ServiceAccount was denied a Job; ${minutes} minutes in all …`);
  await sleep(Math.max(0, end - Date.now()));
  return await whenRight(cluster, options, since);
}

function nextFullMinute(time: Date): number {
  return Math.ceil(time.getTime() / 60_000) * 60_000;
}
