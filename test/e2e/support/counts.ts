import assert from 'node:assert/strict';
import { type ExpectedAlert, recount } from '../../../dev/demo/recount.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import { eventually } from './eventually.ts';
import type { TestCluster } from './test-cluster.ts';

/** The shipped rule. */
export const SEED_RULE = 'kubernetes-audit-cronjob-modification';

/** The shipped filter. */
export const BUILT_IN_CONTROLLERS = 'built-in-controllers';

/**
 * Fails unless the Alerts of the shipped rule are what the recount of the whole log says: nothing lost, nothing doubled.
 *
 * @param directory where all of the log is
 */
export async function assertCountsEqualRecount(
  cluster: TestCluster,
  directory = cluster.plane.auditDirectory,
): Promise<void> {
  await cluster.settled();
  // A request is answered before it is logged: the log may be a moment behind.
  await eventually(async () => {
    const { alerts } = recount(directory);
    assert.deepEqual(sorted((await cluster.alerts(SEED_RULE)).map(asCounted)), sorted(alerts));
  });
}

/** Fails unless the statuses of the shipped rule and filter agree with the recount, too. */
export async function assertTotalsEqualRecount(cluster: TestCluster): Promise<void> {
  await cluster.settled();
  await eventually(async () => {
    const { alerts, leftOut } = recount(cluster.plane.auditDirectory);
    const { status } = await cluster.rule(SEED_RULE);
    const matches = alerts.reduce((sum, { count }) => sum + count, 0);
    assert.deepEqual({ matches: status?.matches, leftOut: status?.leftOut }, { matches, leftOut });
    assert.equal((await cluster.filter(BUILT_IN_CONTROLLERS)).status?.suppressed, leftOut.filter);
  });
}

function asCounted({ finding, status }: Alert): ExpectedAlert {
  const { actor, impersonated, operation, outcome, targetRef: target } = finding;
  return {
    actor,
    impersonated,
    operation,
    outcome,
    resource: target.resource ?? '',
    namespace: target.namespace ?? '',
    name: target.name,
    count: status?.count ?? 0,
  };
}

function sorted(alerts: readonly ExpectedAlert[]): readonly ExpectedAlert[] {
  return [...alerts].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
