import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease } from '../../src/kube/index.ts';
import { assertCountsEqualRecount, assertTotalsEqualRecount } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { eventually } from './support/eventually.ts';
import { Load } from './support/load.ts';
import { type OperatorProcess, stateDirOf } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/sigma-operator/leases';
/** Seconds: a candidate sees the last renewal up to 4.4 s late, then waits for a Lease's duration, and looks again. */
const TAKEOVER = 4.4 + 15 + 4.4 + 2;

describe('under load, nothing is lost and nothing doubled', () => {
  let cluster: TestCluster;
  let load: Load;
  before(async () => {
    // Small files, so that the log is rotated and compressed in the midst of everything.
    const audit = { maxSize: 1, maxBackups: 1000, compress: true };
    cluster = await TestCluster.start({ controllerManager: false, audit });
  });
  after(() => cluster.stop());
  /** Resolves when so many more requests have been answered. */
  const moreRequests = async (count: number): Promise<void> => {
    const goal = load.answered + count;
    await eventually(() => assert.ok(load.answered >= goal, `${load.answered} of ${goal} requests`));
  };
  const endLoad = async (): Promise<void> => {
    await moreRequests(30);
    await load.stop();
    await assertCountsEqualRecount(cluster);
  };
  const holder = async (lease: string): Promise<string> => {
    const { spec } = await cluster.api.json<Lease>({ path: `${LEASES}/${lease}` });
    return spec?.holderIdentity ?? '';
  };

  describe('while one operator', () => {
    let operator: OperatorProcess;
    before(async () => {
      operator = await cluster.startOperator();
    });
    beforeEach(() => {
      load = new Load(cluster.api);
    });
    afterEach(() => load.stop());

    it('sees the API server restart', async () => {
      await moreRequests(50);
      await cluster.plane.restartApiServer();
      await endLoad();
      assert.equal(operator.process.exit, null);
    });

    it('sees the API server crash, and stay away for longer than it may hold its Leases', async () => {
      await moreRequests(50);
      await cluster.plane.stopApiServer({ signal: 'SIGKILL' });
      await eventually(async () => {
        const held = await operator.metric('sigma_operator_lease_held');
        assert.equal(held, 0, 'it must not think for ever that it holds them');
      });
      await cluster.plane.startApiServer();
      await eventually(async () => assert.equal(await operator.metric('sigma_operator_lease_held'), 2));
      await endLoad();
      assert.equal(operator.process.exit, null);
    });

    it('waits for an etcd that hangs', async () => {
      await moreRequests(50);
      await cluster.plane.pauseEtcd();
      await sleep(4000);
      await cluster.plane.resumeEtcd();
      await endLoad();
      assert.equal(operator.process.exit, null);
    });

    it('is told to stop: it finishes, gives its Leases up, exits with 0, and the next one goes on at once', async () => {
      await moreRequests(50);
      const asked = performance.now();
      assert.equal(await operator.stop(), 0);
      assert.ok(performance.now() - asked < 25_000, 'the process was not killed by its own deadline');
      assert.equal(await holder('node-node'), '');
      assert.equal(await holder('leader'), '');
      assert.equal((await cluster.api.send({ path: `${LEASES}/replica-replica` })).code, 404);
      await moreRequests(50);
      operator = await cluster.startOperator();
      await endLoad();
    });

    it('is killed (SIGKILL) at random moments, with and without its local state', async () => {
      for (let round = 0; round < 8; round++) {
        await moreRequests(10);
        await sleep(Math.random() * 300);
        await operator.kill();
        // It is certainly dead: nobody needs to wait until its Leases expire.
        for (const lease of ['node-node', 'leader']) {
          const body = { spec: { holderIdentity: '' } };
          await cluster.api.json({ method: 'PATCH', path: `${LEASES}/${lease}`, body });
        }
        if (round % 2 === 1) rmSync(stateDirOf(cluster.plane, 'replica'), { recursive: true, force: true });
        operator = await cluster.launchOperator();
      }
      await operator.following();
      await endLoad();
    });

    it('and the totals in the rule’s status say the same', async () => {
      await load.stop();
      await assertTotalsEqualRecount(cluster);
    });

    after(async () => void (await operator?.stop()));
  });

  describe('while of two operators on one node', () => {
    let first: OperatorProcess;
    let second: OperatorProcess;
    before(async () => {
      first = await cluster.startOperator({ replica: 'first' });
      second = await cluster.launchOperator({ replica: 'second' });
    });
    beforeEach(() => {
      load = new Load(cluster.api);
    });
    afterEach(() => load.stop());

    const whenHeldBy = async (replica: string): Promise<void> => {
      const held = async (): Promise<void> => assert.ok((await holder('node-node')).startsWith(`${replica}_`));
      await eventually(held, TAKEOVER * 1000);
    };

    it('the one that reads freezes, the other takes over, and the first comes back', async () => {
      await moreRequests(50);
      await whenHeldBy('first');
      await first.process.signal('SIGSTOP');
      await whenHeldBy('second');
      await first.process.signal('SIGCONT');
      await second.following();
      await endLoad();
      await whenHeldBy('second');
    });

    it('the one that reads is killed, and the other takes over', async () => {
      await moreRequests(50);
      await second.kill();
      await whenHeldBy('first');
      await endLoad();
    });

    it('one comes back without its local state, and takes over when the other one stops', async () => {
      rmSync(stateDirOf(cluster.plane, 'second'), { recursive: true, force: true });
      second = await cluster.launchOperator({ replica: 'second' });
      await moreRequests(50);
      assert.equal(await first.stop(), 0);
      await whenHeldBy('second');
      await endLoad();
    });

    it('and the totals in the rule’s status say the same', async () => {
      await load.stop();
      await assertTotalsEqualRecount(cluster);
    });

    after(async () => void (await second?.stop()));
  });

  itWasDeniedNothing(() => cluster);
});
