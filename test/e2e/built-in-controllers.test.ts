import assert from 'node:assert/strict';
import { CRONJOBS_PATH, cronJob, job } from './support/batch-objects.ts';
import {
  assertCountsEqualRecount,
  assertTotalsEqualRecount,
  BUILT_IN_CONTROLLERS,
  SEED_RULE,
} from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';

/** Milliseconds: a CronJob runs at the next full minute. */
const NEXT_MINUTE = 90_000;

const MODES: readonly (readonly [title: string, flag: boolean, identity: (controller: string) => string])[] = [
  ['each with its own service account', true, (name) => `system:serviceaccount:kube-system:${name}`],
  ['all with one identity', false, () => 'system:kube-controller-manager'],
];

for (const [title, flag, identity] of MODES) {
  describe(`what built-in controllers do, ${title}`, () => {
    let cluster: TestCluster;
    before(async () => {
      cluster = await TestCluster.start({ controllerManagerFlags: [`--use-service-account-credentials=${flag}`] });
      if (!flag) {
        const all = ['--clusterrole=cluster-admin', '--user=system:kube-controller-manager'];
        await cluster.kubectl(['create', 'clusterrolebinding', 'controller-manager', ...all]);
      }
      await cluster.startOperator();
    });
    after(() => cluster.stop());

    it('raises no Alert, and is counted by the shipped filter: runs, statuses, ttl and garbage', async () => {
      const create = async (...objects: readonly object[]): Promise<void> => {
        for (const object of objects) await cluster.apply(object, 'alice');
      };
      await create(
        { ...cronJob('runs'), spec: { ...everyMinute(), suspend: false } },
        deadline('short', { ttlSecondsAfterFinished: 1 }),
        job('foreground', {}, false),
        job('orphan', {}, false),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner', namespace: 'default' } },
      );
      const owner = await cluster.api.json<{ metadata: { uid: string } }>({
        path: '/api/v1/namespaces/default/configmaps/owner',
      });
      const { uid } = owner.metadata;
      await create(
        cronJob('owned', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }] }),
      );
      await cluster.kubectl('delete configmap owner', 'alice');
      await cluster.kubectl('wait job foreground orphan --for=jsonpath={.status.active}=1');
      await cluster.kubectl('delete job foreground --cascade=foreground --wait=false', 'alice');
      await cluster.kubectl('delete job orphan --cascade=orphan --wait=false', 'alice');

      const expected = [
        ['cronjob-controller', 'create jobs.batch'],
        ['cronjob-controller', 'update cronjobs.batch/status'],
        ['job-controller', 'update jobs.batch/status'],
        ['ttl-after-finished-controller', 'delete jobs.batch'],
        ['generic-garbage-collector', 'patch jobs.batch'],
        ['generic-garbage-collector', 'delete cronjobs.batch'],
      ].map(([controller = '', does = '']) => `${identity(controller)} ${does}`);
      await eventually(async () => {
        const { status } = await cluster.filter(BUILT_IN_CONTROLLERS);
        const hidden = new Set(status?.hidden?.map(({ request }) => request));
        const missing = expected.filter((request) => !hidden.has(request));
        assert.deepEqual(missing, [], JSON.stringify([...hidden]));
      }, NEXT_MINUTE);
      await cluster.api.json({ method: 'DELETE', path: `${CRONJOBS_PATH}/runs`, as: 'alice' });

      await assertCountsEqualRecount(cluster);
      await assertTotalsEqualRecount(cluster);
      const actors = new Set((await cluster.alerts(SEED_RULE)).map(({ finding }) => finding.actor));
      assert.deepEqual([...actors], ['alice']);
    }).timeout(240_000);

    itWasDeniedNothing(() => cluster);
  });
}

function everyMinute(): object {
  const pod = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none.invalid/none' }] } };
  return { schedule: '* * * * *', jobTemplate: { spec: { template: pod } } };
}

/** A Job that fails after a second, as no node runs it. */
function deadline(name: string, spec: object): object {
  const running = job(name, {}, false) as { readonly spec: object };
  return { ...running, spec: { ...running.spec, activeDeadlineSeconds: 1, backoffLimit: 0, ...spec } };
}
