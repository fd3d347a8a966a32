import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '../../src/api/alert.generated.ts';
import { alertWrites } from './support/api-metrics.ts';
import { SEED_RULE } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { conditionOf, detectionRule, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';
import { auditLine, WrittenLog } from './support/written-log.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const WRITES_PER_SECOND = 10;
const FLOOD = 1500;
const WORKERS = 6;

describe('a flood of distinct objects on a real API server', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    await cluster.startOperator({
      flags: ['--max-alerts-per-rule=20', `--alert-writes-per-second=${WRITES_PER_SECOND}`, '--look-up', 'none.none'],
    });
    const creates = { 'objectRef.resource': 'configmaps', verb: 'create', 'user.username': ['alice', 'bob'] };
    await cluster.apply(detectionRule('flood', creates, { alert: { events: 'None' } }));
    await whenReady(cluster, 'flood');
    await cluster.settled();
  });
  after(() => cluster.stop());

  const createConfigMap = async (name: string, as: string): Promise<unknown> =>
    await cluster.api.json({ method: 'POST', path: CONFIG_MAPS, as, body: { metadata: { name } } });

  it('makes a bounded number of Alerts and of writes a second, and loses nothing', async () => {
    const before = { writes: await alertWrites(cluster.api), at: performance.now() };
    const names = Array.from({ length: FLOOD }, (_, n) => `flood-${n}`)[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (const name of names) await createConfigMap(name, 'alice');
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    await createConfigMap('in-the-middle', 'bob');
    await eventually(async () => {
      const sum = (await cluster.alerts('flood')).reduce((total, { status }) => total + (status?.count ?? 0), 0);
      assert.equal(sum, FLOOD + 1);
    });
    const seconds = (performance.now() - before.at) / 1000;
    const writes = (await alertWrites(cluster.api)) - before.writes;
    const limit = WRITES_PER_SECOND * seconds + WRITES_PER_SECOND * 5;
    assert.ok(writes <= limit, `${writes} writes in ${seconds.toFixed(1)} s: more than ${limit.toFixed(0)}`);

    const alerts = await cluster.alerts('flood');
    const overflow = alerts.filter(({ finding }) => finding.overflow === true);
    assert.equal(alerts.length - overflow.length, 10 + 1, 'half of the room for alice, and one for bob');
    assert.deepEqual(
      overflow.map(({ finding, status }) => [finding.actor, finding.target, status?.actors]),
      [['(any)', '(overflow)', { alice: FLOOD - 10 }]],
    );
  });

  it('shows on the rule', async () => {
    const { name } = (await cluster.alerts('flood')).find(({ finding }) => finding.overflow === true)?.metadata ?? {};
    await eventually(async () => {
      const rule = await cluster.rule('flood');
      assert.equal(conditionOf(rule, 'WithinBudget'), 'False Overflowed');
      assert.ok(rule.status?.conditions?.some(({ message }) => message.includes(String(name))));
      assert.equal(rule.status?.alerts, 11);
    });
  });

  it('keeps the Alerts small', async () => {
    const sizes = (await cluster.alerts('flood')).map((alert) => Buffer.byteLength(JSON.stringify(alert)));
    assert.ok(Math.max(...sizes) < 4096, String(sizes));
  });

  it('is counted on in the same Alerts', async () => {
    const before = await cluster.alerts('flood');
    await createConfigMap('after-the-flood', 'alice');
    await cluster.settled();
    const after = await cluster.alerts('flood');
    assert.equal(after.length, before.length);
  });

  itWasDeniedNothing(() => cluster);
});

describe('a flood of 100,000 distinct objects in a minute, with the limits that are the default', () => {
  const OBJECTS = 100_000;
  const SECONDS = 60;
  const STEPS_PER_SECOND = 10;
  const DEFAULTS = { alertsOfAnActor: 250, writesPerSecond: 20, burstSeconds: 5 };
  let cluster: TestCluster;
  let log: WrittenLog;
  const samples: { readonly at: number; readonly writes: number }[] = [];
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    await cluster.startOperator();
    log = new WrittenLog(join(cluster.plane.directory, 'flood'));
    await cluster.apply({
      apiVersion: 'detection.sigma-operator.dev/v1alpha1',
      kind: 'AuditSource',
      metadata: { name: 'flood' },
      spec: { cluster: 'flood', file: { path: log.path }, startAt: 'Beginning' },
    });
  });
  after(() => cluster.stop());

  const floodAlerts = async (): Promise<readonly Alert[]> =>
    (await cluster.alerts(SEED_RULE)).filter(({ finding }) => finding.cluster === 'flood' || finding.overflow === true);
  const sample = async (): Promise<void> => {
    const writes = await alertWrites(cluster.api);
    samples.push({ at: performance.now() / 1000, writes });
  };
  /** Many API servers' worth: faster than the one of this test could log it, so it is written as it would. */
  const flood = async (): Promise<void> => {
    const start = performance.now();
    for (let step = 1, written = 0; step <= SECONDS * STEPS_PER_SECOND; step++) {
      const until = Math.round((OBJECTS * step) / (SECONDS * STEPS_PER_SECOND));
      log.append(Array.from({ length: until - written }, (_, n) => auditLine(`flood-${written + n}`)).join(''));
      written = until;
      if (step % STEPS_PER_SECOND === 0) await sample();
      await sleep(Math.max(0, start + (step * 1000) / STEPS_PER_SECOND - performance.now()));
    }
  };

  it('makes a bounded number of Alerts, and counts all of it', async () => {
    await sample();
    await flood();
    await eventually(async () => {
      await sample();
      const alerts = await floodAlerts();
      assert.equal(
        alerts.reduce((total, { status }) => total + (status?.count ?? 0), 0),
        OBJECTS,
      );
      assert.equal(alerts.length, DEFAULTS.alertsOfAnActor + 1);
    }, 90_000);
  }).timeout(240_000);

  it('writes no more a second than it may, by what the API server says of its requests', () => {
    const { writesPerSecond, burstSeconds } = DEFAULTS;
    for (const [from, first] of samples.entries()) {
      for (const last of samples.slice(from + 1)) {
        const seconds = last.at - first.at;
        // A sample is as of some moment in the last second.
        const limit = writesPerSecond * (seconds + 1 + burstSeconds);
        const writes = last.writes - first.writes;
        assert.ok(writes <= limit, `${writes} writes in ${seconds.toFixed(1)} s: more than ${limit.toFixed(0)}`);
      }
    }
    assert.ok(samples.length > SECONDS);
  });

  it('takes no more room in etcd than the documentation says', async () => {
    const alerts = await floodAlerts();
    const sizes = alerts.map((alert) => Buffer.byteLength(JSON.stringify(alert)));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    assert.ok(mean < 4096, `${mean} bytes an Alert`);
    assert.ok(Math.max(...sizes) < 72 * 1024);
  });

  itWasDeniedNothing(() => cluster);
});

describe('an Alert whose ttl has run out', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    await cluster.apply(
      detectionRule('short', { 'objectRef.resource': 'configmaps', verb: 'create' }, { alert: { ttl: '1m' } }),
    );
    const deletes = { 'objectRef.resource': 'alerts', verb: 'delete' };
    await cluster.apply(detectionRule('evidence-removed', deletes));
    await cluster.startOperator();
  });
  after(() => cluster.stop());

  it('is deleted by the leader, and nobody is alarmed; the same done by somebody else is evidence', async () => {
    for (const name of ['one', 'two']) {
      await cluster.api.json({ method: 'POST', path: CONFIG_MAPS, as: 'alice', body: { metadata: { name } } });
    }
    await cluster.settled();
    const [early] = await cluster.alerts('short');
    const path = `/apis/detection.sigma-operator.dev/v1alpha1/alerts/${early?.metadata.name}`;
    await cluster.api.json({ method: 'DELETE', path, token: cluster.operatorToken });
    await eventually(async () => assert.deepEqual(await cluster.alerts('short'), []), 120_000);
    await cluster.settled();
    const removals = await cluster.alerts('evidence-removed');
    assert.deepEqual(
      removals.map(({ finding, status }) => [finding.summary, status?.objects]),
      [
        [
          'system:serviceaccount:sigma-operator:sigma-operator deleted alerts.detection.sigma-operator.dev',
          { [`alerts.detection.sigma-operator.dev ${early?.metadata.name}`]: 1 },
        ],
      ],
    );
  }).timeout(200_000);

  itWasDeniedNothing(() => cluster);
});
