import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExpectedAlert, recount } from '../demo/recount.ts';
import { ALICE, APPS, GITOPS, INTRUDER, NAMESPACES } from './manifests.ts';
import type { SoakResult } from './soak.ts';
import type { SoakCluster, SoakOptions } from './soak-cluster.ts';

interface FoundAlert {
  readonly finding: {
    readonly actor: string;
    readonly impersonated?: string;
    readonly operation: string;
    readonly outcome: string;
    readonly targetRef: { readonly resource?: string; readonly namespace?: string; readonly name?: string };
  };
  readonly status?: { readonly count?: number; readonly objects?: Readonly<Record<string, number>> };
}

/** The filter that the base applies. */
export const FILTER = 'built-in-controllers';
/** Seconds for the operator to catch up, and for a moment in which nothing happens: the CronJobs run on meanwhile. */
const PATIENCE = 55;

/** Looks until everything is right, or patience ends. */
export async function whenRight(cluster: SoakCluster, options: SoakOptions, since: Date): Promise<SoakResult> {
  const end = Date.now() + PATIENCE * 1000;
  for (;;) {
    const result = await verdict(cluster, options, since);
    if (result.faults.length === 0 || Date.now() > end) return result;
    await sleep(1000);
  }
}

async function verdict(cluster: SoakCluster, { filtered }: SoakOptions, since: Date): Promise<SoakResult> {
  const { stdout } = await cluster.kubectl(['get', 'alerts', '--output=json']);
  const all = (JSON.parse(stdout) as { items: FoundAlert[] }).items;
  const found = all.filter(({ finding }) => isOurs(finding.targetRef.namespace));
  const log = recount(dirname(cluster.auditLog), { since, filtered });
  const expected = log.alerts.filter(({ namespace }) => isOurs(namespace));
  const hidden = filtered ? await hiddenBy(cluster) : 0;
  return {
    faults: [
      ...differences(found, expected),
      ...missing(found),
      ...(filtered ? uninvited(found) : []),
      ...(hidden === log.leftOut.filter ? [] : [`the filter says ${hidden}, the log ${log.leftOut.filter}`]),
    ],
    alerts: found.length,
    requests: expected.reduce((sum, { count }) => sum + count, 0),
    hidden,
  };
}

/** Requests that the filter says it left out. */
async function hiddenBy(cluster: SoakCluster): Promise<number> {
  const path = '--output=jsonpath={.status.suppressed}';
  return Number((await cluster.kubectl(['get', 'detectionfilter', FILTER, path])).stdout);
}

/** With the filter nobody has an Alert but those who did something by themselves. */
function uninvited(found: readonly FoundAlert[]): readonly string[] {
  const invited: ReadonlySet<string> = new Set([ALICE, INTRUDER, GITOPS]);
  const others = new Set(found.map(({ finding }) => finding.actor).filter((actor) => !invited.has(actor)));
  return [...others].map((actor) => `${actor} has an Alert, in spite of the filter`);
}

function isOurs(namespace: string | undefined): boolean {
  return namespace !== undefined && [...NAMESPACES, APPS].includes(namespace);
}

/** Every group is one Alert, and counts what the log says. */
function differences(found: readonly FoundAlert[], expected: readonly ExpectedAlert[]): readonly string[] {
  const seen = new Map<string, number>();
  const twice: string[] = [];
  for (const { finding, status } of found) {
    const key = keyOf({ ...finding, ...finding.targetRef });
    if (seen.has(key)) twice.push(`${key}: more than one Alert`);
    seen.set(key, status?.count ?? 0);
  }
  const counts = new Map(expected.map((each) => [keyOf(each), each.count]));
  const wrong = [...new Set([...seen.keys(), ...counts.keys()])]
    .filter((key) => seen.get(key) !== counts.get(key))
    .map((key) => `${key}: the Alert says ${seen.get(key) ?? 'nothing'}, the log ${counts.get(key) ?? 'nothing'}`);
  return [...twice, ...wrong];
}

/** What was done on purpose is found, and of the many CronJobs that were applied at once the Alert names as many as it may. */
function missing(found: readonly FoundAlert[]): readonly string[] {
  const faults: string[] = [];
  const by = (actor: string, outcome: string, operation: string) =>
    found.filter(
      ({ finding }) => finding.actor === actor && finding.outcome === outcome && finding.operation === operation,
    );
  if (by(ALICE, 'Allowed', 'change').length !== 1) faults.push("alice's change is not one Alert");
  if (by(INTRUDER, 'Denied', 'create').length !== 1) faults.push('the denied ServiceAccount is not one Alert');
  const applied = by(GITOPS, 'Allowed', 'create').filter(({ finding }) => finding.targetRef.namespace === APPS);
  const names = Object.keys(applied[0]?.status?.objects ?? {}).length;
  if (applied.length !== 1 || names !== 32) faults.push(`200 CronJobs are ${applied.length} Alerts that name ${names}`);
  return faults;
}

type Group = Pick<ExpectedAlert, 'actor' | 'operation' | 'outcome'> & {
  readonly resource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
};

/** Of a service account or a built-in controller: namespace, resource, actor and operation. */
function keyOf({ actor, operation, outcome, resource, namespace, name }: Group): string {
  return `${actor} ${operation} ${resource} ${namespace}/${name ?? '*'} ${outcome}`;
}
