import { dirname } from 'node:path';
import type { DemoCluster } from './demo-cluster.ts';
import { type ExpectedAlert, recount } from './recount.ts';

export interface Comparison {
  readonly alerts: number;
  readonly requests: number;
  /** Requests of built-in controllers, which the filter leaves out; in all namespaces. */
  readonly hidden: number;
  /** A line for each Alert that is missing, too much, or counts differently. */
  readonly differences: readonly string[];
}

interface AlertFields {
  readonly finding: {
    readonly actor: string;
    readonly impersonated?: string;
    readonly operation: string;
    readonly outcome: string;
    readonly targetRef: { readonly resource?: string; readonly namespace?: string; readonly name?: string };
  };
  readonly status?: { readonly count?: number };
}

/** Compares the Alerts of a namespace with what an independent count over the whole audit log says. */
export async function compare(cluster: DemoCluster, namespace: string, since: Date): Promise<Comparison> {
  const { stdout } = await cluster.kubectl(['get', 'alerts', '--output=json']);
  const { items } = JSON.parse(stdout) as { items: AlertFields[] };
  const seen = countsOf(
    items
      .filter(({ finding }) => finding.targetRef.namespace === namespace)
      .map(({ finding, status }) => ({ ...finding, ...finding.targetRef, count: status?.count ?? 0 })),
  );
  const log = recount(dirname(cluster.auditLog), { since });
  const expected = countsOf(log.alerts.filter((alert) => alert.namespace === namespace));
  const differences = [...new Set([...seen.keys(), ...expected.keys()])]
    .filter((key) => seen.get(key) !== expected.get(key))
    .map((key) => `${key}: the Alert says ${seen.get(key) ?? 'nothing'}, the log ${expected.get(key) ?? 'nothing'}`);
  const requests = [...expected.values()].reduce((sum, count) => sum + count, 0);
  return { alerts: expected.size, requests, hidden: log.leftOut.filter, differences };
}

type Counted = Pick<ExpectedAlert, 'actor' | 'operation' | 'outcome' | 'count'> & {
  readonly impersonated?: string | undefined;
  readonly resource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
};

function countsOf(alerts: readonly Counted[]): Map<string, number> {
  const key = ({ actor, impersonated, operation, outcome, resource, namespace, name }: Counted) =>
    `${actor}${impersonated === undefined ? '' : ` as ${impersonated}`} ${operation} ${resource} ${namespace}/${name ?? '*'} ${outcome}`;
  return new Map(alerts.map((alert) => [key(alert), alert.count]));
}
