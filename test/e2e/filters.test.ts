import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { detectionFilter, filterText, whenFilter } from './support/detection-filter.ts';
import { conditionOf, detectionRule, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const FILTERS = '/apis/detection.sigma-operator.dev/v1alpha1/detectionfilters';
const CREATES = { 'objectRef.resource': 'configmaps', verb: 'create' };
const RULE = 'creates';
const BOB = filterText([RULE], { 'user.username': 'bob' });

describe('DetectionFilters', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    operator = await cluster.startOperator();
    await cluster.apply(detectionRule(RULE, CREATES));
    await whenReady(cluster, RULE);
  });
  after(() => cluster.stop());

  let made = 0;
  const create = async (by: string): Promise<void> => {
    const body = { metadata: { name: `made-${++made}` } };
    assert.equal((await cluster.api.send({ method: 'POST', path: CONFIG_MAPS, as: by, body })).code, 201);
  };
  /** How many requests of a user the rule's Alerts count. */
  const counted = async (actor: string): Promise<number> => {
    await cluster.settled();
    const alerts = (await cluster.alerts(RULE)).filter(({ finding }) => finding.actor === actor);
    return alerts.reduce((sum, { status }) => sum + (status?.count ?? 0), 0);
  };
  const hidden = async (): Promise<number> => (await cluster.filter('bob')).status?.suppressed ?? 0;

  it('leave out what they select, and say in their status what that was', async () => {
    await cluster.apply(detectionFilter('bob', BOB));
    const before = await whenFilter(cluster, 'bob', 'Ready', 'True Running');
    assert.equal(conditionOf(before, 'Effective'), 'False NeverMatched');
    assert.deepEqual(before.status?.rules, { count: 1, names: [RULE] });
    for (const by of ['alice', 'bob', 'bob']) await create(by);
    assert.deepEqual([await counted('alice'), await counted('bob')], [1, 0]);
    const { status } = await whenFilter(cluster, 'bob', 'Effective', 'True Suppressing');
    assert.equal(status?.suppressed, 2);
    assert.deepEqual(status.byRule, { [RULE]: 2 });
    const [row, ...others] = status.hidden ?? [];
    assert.deepEqual(others, []);
    assert.equal(row?.request, 'bob create configmaps');
    assert.equal(row.count, 2);
    assert.equal(row.last?.object, `configmaps default/made-${made}`);
    assert.equal(row.last.at, status.lastSuppressed);
    assert.equal(row.last.from, '127.0.0.1');
    await eventually(async () => {
      const rule = await cluster.rule(RULE);
      assert.deepEqual([rule.status?.matches, rule.status?.leftOut], [1, { outcome: 0, dryRun: 0, filter: 2 }]);
    });
    assert.equal(await operator.metric('sigma_operator_detection_suppressed_by_filter_total', { filter: 'bob' }), 2);
  });

  it('show their columns', async () => {
    const { stdout } = await cluster.kubectl('get dfilter bob -o wide');
    const [header = '', row = ''] = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
    assert.match(
      header,
      /^NAME \| TITLE \| OWNER \| READY \| EFFECTIVE \| RULES \| SUPPRESSED \| LAST SUPPRESSED \| EXPIRES \| EFFECT \| REASON \| AGE$/,
    );
    assert.match(
      row,
      /^bob \| A known thing \| the tests \| True \| Suppressing \| 1 \| 2 \| \d+s \| Remove \| known \| \d+s$/,
    );
  });

  it('count on after the operator was killed, each request once', async () => {
    await operator.kill();
    for (const by of ['bob', 'alice', 'bob']) await create(by);
    operator = await cluster.startOperator();
    await create('bob');
    assert.deepEqual([await counted('alice'), await counted('bob')], [2, 0]);
    await eventually(async () => assert.equal(await hidden(), 5));
  });

  it('change between two requests: each is either in an Alert or left out', async () => {
    const before = (await counted('bob')) + (await hidden());
    const other = filterText([RULE], { 'user.username': 'carol' });
    const writing = (async () => {
      for (let n = 0; n < 60; n++) await create('bob');
    })();
    for (const sigma of [other, BOB, other, BOB]) {
      await cluster.apply(detectionFilter('bob', sigma));
      await sleep(100);
    }
    await writing;
    await cluster.settled();
    await eventually(async () => assert.equal((await counted('bob')) + (await hidden()) - before, 60));
  });

  it('go on in their last accepted version when the newest is refused, also after a restart without local state', async () => {
    const { metadata } = await whenFilter(cluster, 'bob', 'Ready', 'True Running');
    await cluster.apply(detectionFilter('bob', BOB.replace('condition: not selection', 'condition: not selektion')));
    const refused = await whenFilter(cluster, 'bob', 'Stalled', 'True Refused');
    assert.equal(conditionOf(refused, 'Accepted'), 'False UnknownIdentifier');
    assert.equal(refused.status?.accepted?.generation, metadata.generation);
    const before = [await counted('bob'), await hidden()];
    await create('bob');
    assert.equal(await operator.stop(), 0);
    operator = await cluster.startOperator({ replica: 'restarted' });
    await create('bob');
    assert.equal(await counted('bob'), before[0]);
    await eventually(async () => assert.equal(await hidden(), (before[1] ?? 0) + 2));
  });

  it('that keep instead of removing are refused, unless they say so', async () => {
    const keeps = filterText([RULE], { 'user.username': 'alice' }, 'selection');
    await cluster.apply(detectionFilter('keep', keeps));
    const refused = await whenFilter(cluster, 'keep', 'Accepted', 'False UndeclaredEffect');
    const accepted = refused.status?.conditions?.find(({ type }) => type === 'Accepted');
    assert.match(accepted?.message ?? '', /it leaves out nothing/);
    assert.match(accepted?.message ?? '', /effect: KeepOnly/);
    await cluster.apply(detectionFilter('keep', keeps, { effect: 'KeepOnly' }));
    await whenFilter(cluster, 'keep', 'Ready', 'True Running');
    await cluster.kubectl('delete detectionfilter keep');
  });

  it('expire on time, and say so before and after', async () => {
    const expiresAt = new Date(Date.now() + 8000).toISOString().replace(/\.\d+Z$/, 'Z');
    await cluster.apply(detectionFilter('bob', BOB, { expiresAt }));
    await whenFilter(cluster, 'bob', 'Ready', 'True Running');
    await whenFilter(cluster, 'bob', 'ExpiresSoon', 'True ExpiresSoon');
    const before = await counted('bob');
    await create('bob');
    assert.equal(await counted('bob'), before);
    const expired = await whenFilter(cluster, 'bob', 'Expired', 'True Expired');
    assert.equal(conditionOf(expired, 'Effective'), 'False Expired');
    assert.ok(Date.now() >= Date.parse(expiresAt));
    await create('bob');
    assert.equal(await counted('bob'), before + 1);
  });

  it('leave out nothing once they are deleted', async () => {
    await cluster.apply(detectionFilter('bob', BOB));
    await whenFilter(cluster, 'bob', 'Ready', 'True Running');
    const before = await counted('bob');
    await create('bob');
    assert.equal(await counted('bob'), before);
    await cluster.kubectl('delete detectionfilter bob');
    await eventually(() =>
      assert.ok(operator.logs.some(({ message, filter }) => message === 'filter removed' && filter === 'bob')),
    );
    await create('bob');
    assert.equal(await counted('bob'), before + 1);
  });

  it('say when no rule goes by what they name', async () => {
    await cluster.apply(detectionFilter('astray', filterText(['nobody'], { 'user.username': 'bob' })));
    const filter = await whenFilter(cluster, 'astray', 'Effective', 'False NoRules');
    assert.deepEqual(filter.status?.rules, { count: 0, names: [], unknown: ['nobody'] });
    await cluster.apply(detectionRule('nobody', CREATES));
    await whenFilter(cluster, 'astray', 'Effective', 'False NeverMatched');
  });

  it('are written by those who have the role for that, and by no editor of rules', async () => {
    const roles = ['detections-viewer', 'detections-triager', 'detections-editor', 'detections-filter-editor'];
    const may: string[] = [];
    for (const role of roles) {
      const name = `${role}-of-filters`;
      await cluster.kubectl(['create', 'clusterrolebinding', name, `--clusterrole=${role}`, '--user=carol']);
      await eventually(async () => {
        const { stdout } = await cluster.kubectlMayFail('auth can-i list alerts.detection.sigma-operator.dev', 'carol');
        assert.equal(stdout.trim(), 'yes');
      });
      const { code } = await cluster.api.send({
        method: 'POST',
        path: `${FILTERS}?dryRun=All`,
        as: 'carol',
        body: detectionFilter('carols', BOB),
      });
      if (code === 201) may.push(role);
      await cluster.kubectl(['delete', 'clusterrolebinding', name]);
      await eventually(async () => {
        const { stdout } = await cluster.kubectlMayFail('auth can-i list alerts.detection.sigma-operator.dev', 'carol');
        assert.equal(stdout.trim(), 'no');
      });
    }
    assert.deepEqual(may, ['detections-filter-editor']);
  });

  itWasDeniedNothing(() => cluster);
});
