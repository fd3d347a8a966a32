import assert from 'node:assert/strict';
import { soak } from '../../dev/soak/soak.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { TestCluster } from './support/test-cluster.ts';

const CRONJOBS = 50;

const FORMS = [
  [true, 'raise no Alert with the shipped filter, which counts them; what others do is found'],
  [false, 'make one Alert for each namespace, resource, controller and operation without it, with exact counts'],
] as const;

for (const [filtered, title] of FORMS) {
  describe(`CronJobs that run every minute (a short form of npm run soak)`, () => {
    let cluster: TestCluster;
    before(async () => {
      cluster = await TestCluster.start();
      await cluster.startOperator();
    });
    after(() => cluster.stop());

    it(title, async () => {
      const kubectl: Parameters<typeof soak>[0]['kubectl'] = async (args, { as, ...rest } = {}) => {
        const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(as ?? '') ?? [];
        const token =
          namespace === undefined || name === undefined
            ? undefined
            : await cluster.plane.serviceAccountToken(namespace, name);
        const identity = token === undefined ? as : { token };
        return await cluster.plane.kubectl(args, { ...rest, ...(identity !== undefined && { as: identity }) });
      };
      const options = { minutes: 1, cronJobs: CRONJOBS, filtered, say: () => undefined };
      const { faults, requests, hidden } = await soak({ kubectl, auditLog: cluster.plane.auditLog }, options);
      assert.deepEqual(faults, []);
      const byControllers = filtered ? hidden : requests - 250;
      assert.ok(byControllers > 4 * CRONJOBS, `${byControllers} requests: the CronJobs did not run`);
    }).timeout(300_000);

    itWasDeniedNothing(() => cluster);
  });
}
