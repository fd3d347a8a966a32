import assert from 'node:assert/strict';
import { alertWrites } from './support/api-metrics.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { conditionOf, detectionRule, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';

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
