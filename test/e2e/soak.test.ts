import assert from 'node:assert/strict';
import { soak } from '../../dev/soak/soak.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { TestCluster } from './support/test-cluster.ts';

const CRONJOBS = 50;

describe('CronJobs that run every minute (a short form of npm run soak)', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start();
    await cluster.startOperator();
  });
  after(() => cluster.stop());

  it('make one Alert for each namespace, resource, controller and operation, with exact counts, and hide nothing', async () => {
    const kubectl: Parameters<typeof soak>[0]['kubectl'] = async (args, { as, ...rest } = {}) => {
      const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(as ?? '') ?? [];
      const token =
        namespace === undefined || name === undefined
          ? undefined
          : await cluster.plane.serviceAccountToken(namespace, name);
      const identity = token === undefined ? as : { token };
      return await cluster.plane.kubectl(args, { ...rest, ...(identity !== undefined && { as: identity }) });
    };
    const options = { minutes: 1, cronJobs: CRONJOBS, filtered: false, say: () => undefined };
    const { faults, requests } = await soak({ kubectl, auditLog: cluster.plane.auditLog }, options);
    assert.deepEqual(faults, []);
    assert.ok(requests > 200 + 4 * CRONJOBS, `${requests} requests: the CronJobs did not run`);
  }).timeout(300_000);

  itWasDeniedNothing(() => cluster);
});
