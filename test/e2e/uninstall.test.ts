import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CRONJOBS_PATH, cronJob } from './support/batch-objects.ts';
import { ROOT } from './support/bundle.ts';
import { SEED_RULE } from './support/counts.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const OVERLAY = join(ROOT, 'manifests/overlays/control-plane');
/** Everything that the manifests bring has it. */
const LABEL = 'app.kubernetes.io/name=sigma-operator';

describe('uninstalling', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start();
    operator = await cluster.startOperator();
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('nightly') });
    await cluster.settled();
    assert.equal((await cluster.alerts(SEED_RULE)).length, 1);
  });
  after(() => cluster.stop());

  const labelled = async (): Promise<readonly string[]> => {
    const { stdout } = await cluster.kubectl('api-resources --verbs=list --output=name');
    const kinds = stdout.trim().split('\n').join(',');
    const found = await cluster.kubectlMayFail(['get', kinds, '--all-namespaces', '-l', LABEL, '--output=name']);
    return found.stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '');
  };

  it('takes away all that was installed, while the operator runs, and waits for nothing', async () => {
    const installed = await labelled();
    assert.ok(installed.length >= 10);
    for (const kind of ['auditsource', 'detectionfilter', 'detectionrule'])
      assert.ok(
        installed.some((name) => name.startsWith(`${kind}.detection.sigma-operator.dev/`)),
        kind,
      );
    await cluster.plane.kubectl(['delete', '-k', OVERLAY, '--ignore-not-found', '--timeout=60s']);
    assert.deepEqual(await labelled(), []);
    const { stdout } = await cluster.kubectl('get customresourcedefinitions --output=name');
    assert.doesNotMatch(stdout, /sigma-operator/);
    const leases = await cluster.kubectlMayFail('get leases --namespace=sigma-operator --output=name');
    assert.equal(leases.stdout, '');
  });

  it('leaves the operator’s Events, which the API server deletes by itself', async () => {
    const { stdout } = await cluster.kubectl('events --for=cronjob/nightly');
    assert.match(stdout, /alice created/);
  });

  it('makes no operator crash that still runs', async () => {
    assert.equal(operator.process.exit, null);
    assert.equal(await operator.stop(), 0);
  });
});
