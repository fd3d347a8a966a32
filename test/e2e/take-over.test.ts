import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { detectionRule, whenReady } from './support/detection-rule.ts';
import { stateDirOf } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const SIGMA = `title: Many secrets read by one user
correlation:
    type: event_count
    rules: [secret-read]
    group-by: [user.username]
    timespan: 10m
    condition: {gte: 3}
---
title: A secret was read
name: secret-read
logsource: {product: kubernetes, service: audit}
detection:
    selection: {verb: get, objectRef.resource: secrets, objectRef.namespace: default}
    condition: selection
`;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/sigma-operator/leases';

describe('an operator that takes over without the disk of the one before', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false, audit: { maxSize: 1, compress: true } });
  });
  after(() => cluster.stop());

  const read = async (user: string, times: number): Promise<void> => {
    for (let n = 0; n < times; n++)
      await cluster.api.send({ path: `/api/v1/namespaces/default/secrets/any-${n}`, as: user });
  };
  const counts = async (): Promise<readonly string[]> => {
    await cluster.settled();
    const alerts = await cluster.alerts('many-secrets');
    return alerts.map(({ finding, status }) => `${finding.correlated?.['user.username']} ${status?.count}`).sort();
  };

  it('goes on with what correlations remember, as the retained log tells it, and fires nothing twice', async () => {
    const first = await cluster.startOperator({ replica: 'first' });
    await cluster.apply(detectionRule('many-secrets', SIGMA, { outcome: ['Allowed', 'Denied', 'Failed'] }));
    await whenReady(cluster, 'many-secrets');
    await read('alice', 2);
    await read('bob', 3);
    assert.deepEqual(await counts(), ['bob 1']);
    assert.equal(await first.stop(), 0);
    rmSync(stateDirOf(cluster.plane, 'first'), { recursive: true });

    const second = await cluster.startOperator({ replica: 'second' });
    await read('alice', 1);
    await read('bob', 3);
    assert.deepEqual(await counts(), ['alice 1', 'bob 1']);
    const looks = second.logs.filter(({ message }) => message === 'read again what correlations remember');
    assert.equal(looks.length, 1);
    const lease = await cluster.api.json<{ readonly metadata: { readonly annotations: Record<string, string> } }>({
      path: `${LEASES}/node-node`,
    });
    assert.doesNotMatch(JSON.stringify(lease.metadata.annotations), /correlations/);
  });
});
