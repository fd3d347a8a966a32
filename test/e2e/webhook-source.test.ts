import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Agent, request } from 'undici';
import { CRONJOBS_PATH, cronJob } from './support/batch-objects.ts';
import { ROOT } from './support/bundle.ts';
import { assertCountsEqualRecount } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { conditionOf, detectionRule, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { FakeKubelet, POD } from './support/fake-kubelet.ts';
import { Load } from './support/load.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { API_SERVER, Receiver, TOKEN } from './support/receiver.ts';
import { TestCluster } from './support/test-cluster.ts';

const RULES = join(ROOT, 'test/data/sigma/kubernetes-rules');
const UNAUTHORIZED = 'unauthorized';
const EXEC = 'exec';
const SLOW = 180_000;

/** The time of the last event that is in the log. */
function lastLogged(cluster: TestCluster): string {
  const lines = readFileSync(cluster.plane.auditLog, 'utf8').split('\n').slice(0, -1);
  const { stageTimestamp }: { stageTimestamp: string } = JSON.parse(lines.at(-1) ?? '{}');
  return stageTimestamp;
}

async function applyRule(cluster: TestCluster, name: string, file: string): Promise<void> {
  await cluster.apply(detectionRule(name, readFileSync(join(RULES, file), 'utf8')));
  await whenReady(cluster, name);
}

/** Counts of a rule's Alerts about what somebody did. */
async function countsOf(cluster: TestCluster, rule: string, actor: string): Promise<readonly number[]> {
  const alerts = await cluster.alerts(rule);
  return alerts.filter(({ finding }) => finding.actor === actor).map(({ status }) => status?.count ?? 0);
}

describe('a webhook that is the backup of the log files', function () {
  this.timeout(SLOW);
  let cluster: TestCluster;
  let agent: OperatorProcess;
  let receiver: Receiver;
  const startAgent = async (): Promise<void> => {
    agent = await cluster.startOperator({ node: API_SERVER, replica: 'agent' });
  };
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false, audit: { maxSize: 1 } });
    await startAgent();
    receiver = await Receiver.start(cluster, { backupFor: 'kube-apiserver' });
    await applyRule(cluster, UNAUTHORIZED, 'kubernetes_audit_unauthorized_unauthenticated_actions.yml');
    await applyRule(cluster, EXEC, 'kubernetes_audit_exec_into_container.yml');
  });
  after(() => cluster.stop());

  /** Everything that is logged by now was counted, by either of them; with what the Alerts say after that. */
  async function assertCountedOnce(directory = cluster.plane.auditDirectory): Promise<void> {
    await assertCountsEqualRecount(cluster, directory);
    await receiver.countedUpTo(lastLogged(cluster));
    await assertCountsEqualRecount(cluster, directory);
  }

  it('gets everything that is logged, and counts nothing of what the files had', async () => {
    const load = new Load(cluster.api);
    await eventually(() => assert.ok(load.answered > 100));
    await load.stop();
    await assertCountedOnce();
    const taken = await receiver.operator.metric('sigma_operator_webhook_events_total', { source: 'webhook' });
    assert.ok(taken > 100, String(taken));
    const alerts = await cluster.alerts();
    assert.ok(alerts.length > 0);
    const partitions = alerts.flatMap(({ status }) => status?.partitions?.map(({ name }) => name) ?? []);
    assert.deepEqual([...new Set(partitions)], [`kube-apiserver/${API_SERVER}`]);
  });

  it('counts a request without valid credentials once', async () => {
    for (let i = 0; i < 3; i++) {
      const { code } = await cluster.api.send({ path: '/api/v1/secrets', token: 'nobody-has-this' });
      assert.equal(code, 401);
    }
    await cluster.settled();
    await receiver.countedUpTo(lastLogged(cluster));
    assert.deepEqual(await countsOf(cluster, UNAUTHORIZED, '(unauthenticated)'), [3]);
  });

  it('alerts of an exec when it starts, and counts its end no more', async () => {
    const kubelet = await FakeKubelet.start(cluster);
    const session = await execInto(cluster, POD);
    await eventually(async () => assert.deepEqual(await countsOf(cluster, EXEC, 'admin'), [1]));
    session.destroy();
    await kubelet.stop();
    await eventually(() =>
      assert.match(readFileSync(cluster.plane.auditLog, 'utf8'), /"stage":"ResponseComplete".*pods\/busy\/exec/),
    );
    await cluster.settled();
    await receiver.countedUpTo(lastLogged(cluster));
    assert.deepEqual(await countsOf(cluster, EXEC, 'admin'), [1]);
  });

  it('counts what was removed from the files before they were read', async () => {
    const complete = join(cluster.plane.directory, 'complete');
    mkdirSync(complete);
    const backups = (): readonly string[] =>
      readdirSync(cluster.plane.auditDirectory).filter((name) => /^audit-.*\.log$/.test(name));
    const before = backups();
    const change = async (...names: string[]): Promise<void> => {
      for (const name of names)
        await cluster.api.send({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob(name) });
    };
    await cluster.settled();
    assert.equal(await agent.stop(), 0);
    for (const round of ['lost-1', 'lost-2']) {
      await change(`${round}-a`, `${round}-b`);
      const { length } = backups();
      for (let i = 0; backups().length === length; i++)
        await cluster.api.send({ path: `/healthz?padding=${'x'.repeat(7000)}${i}` });
    }
    for (const name of backups().filter((each) => !before.includes(each))) {
      copyFileSync(join(cluster.plane.auditDirectory, name), join(complete, name));
      rmSync(join(cluster.plane.auditDirectory, name));
    }
    await change('kept-a', 'kept-b');
    await startAgent();
    await change('later-a');
    await eventually(async () => {
      const source = await cluster.source('kube-apiserver');
      assert.equal(conditionOf(source, 'Complete'), 'False Gap');
    });
    // The marker's requests are logged as well: the copy of the log is made when nothing is under way.
    await cluster.settled();
    await receiver.countedUpTo(lastLogged(cluster));
    for (const name of readdirSync(cluster.plane.auditDirectory))
      copyFileSync(join(cluster.plane.auditDirectory, name), join(complete, name));
    await assertCountedOnce(complete);
    const filled = (await cluster.alerts()).filter(({ status }) =>
      status?.partitions?.some(({ name }) => name === 'webhook/receiver'),
    );
    const about = filled.map(({ finding }) => finding.targetRef.name);
    for (const name of ['lost-1-a', 'lost-1-b', 'lost-2-a', 'lost-2-b']) assert.ok(about.includes(name), about.join());
    for (const name of ['kept-a', 'kept-b', 'later-a']) assert.ok(!about.includes(name), about.join());
  });

  it('refuses what has no right to deliver, says how often, and tells nobody the secret', async () => {
    const secret = 'a-secret-that-nobody-may-see';
    const post = async (path: string, token: string): Promise<number> => await deliver(receiver, path, token);
    assert.equal(await post('/audit/webhook', secret), 401);
    assert.equal(await post('/audit/webhook', secret), 401);
    assert.equal(await post(`/audit/webhook?token=${secret}`, TOKEN), 400);
    assert.equal(await post('/audit/nowhere', secret), 404);
    const rejected = async (source: string, reason: string): Promise<number> =>
      await receiver.operator.metric('sigma_operator_webhook_rejected_total', { source, reason });
    await eventually(async () => {
      assert.equal(await rejected('webhook', 'unauthenticated'), 2);
      assert.equal(await rejected('webhook', 'query'), 1);
      assert.equal(await rejected('', 'unknown-path'), 1);
    });
    await eventually(async () => {
      const { status } = await cluster.source('webhook');
      assert.deepEqual(Object.keys(status?.partitions?.[0]?.rejected ?? {}).sort(), ['query', 'unauthenticated']);
    }, 60_000);
    const log = readFileSync(receiver.operator.process.logFile, 'utf8');
    assert.ok(!log.includes(secret) && !log.includes(TOKEN));
    assert.equal(log.match(/deliveries were refused/g)?.length, 3);
  });

  itWasDeniedNothing(() => cluster);
});

describe('a webhook alone', function () {
  this.timeout(SLOW);
  let cluster: TestCluster;
  let receiver: Receiver;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    await cluster.kubectl('delete auditsource kube-apiserver');
    receiver = await Receiver.start(cluster);
  });
  after(() => cluster.stop());

  it('raises Alerts, and says how it does', async () => {
    await cluster.apply(cronJob('nightly'), 'alice');
    await assertCountsEqualRecount(cluster);
    await eventually(async () => {
      const source = await cluster.source('webhook');
      assert.equal(conditionOf(source, 'Ready'), 'True Receiving');
      assert.equal(conditionOf(source, 'Complete'), 'True Complete');
      assert.equal(source.status?.partitions?.[0]?.node, 'receiver');
    });
  });

  it('loses nothing and doubles nothing when the receiver is killed, and killed again', async () => {
    const load = new Load(cluster.api);
    for (let kills = 0; kills < 2; kills++) {
      const { answered } = load;
      await eventually(() => assert.ok(load.answered > answered + 50));
      await receiver.operator.kill();
      await receiver.restart();
    }
    await load.stop();
    await receiver.countedUpTo(lastLogged(cluster));
    await assertCountsEqualRecount(cluster);
  });

  it('takes deliveries also while it cannot renew its Lease', async () => {
    await cluster.plane.pauseEtcd();
    try {
      await eventually(async () => {
        assert.equal(await receiver.operator.metric('sigma_operator_lease_held', { name: 'receiver' }), 0);
      }, 60_000);
      assert.equal(await deliver(receiver, '/audit/webhook', TOKEN), 200);
    } finally {
      await cluster.plane.resumeEtcd();
    }
    await cluster.apply(cronJob('after-the-pause'), 'alice');
    await receiver.countedUpTo(lastLogged(cluster));
    await assertCountsEqualRecount(cluster);
  });

  it('ends in order, and goes on', async () => {
    assert.equal(await receiver.operator.stop(), 0);
    await cluster.apply(cronJob('meanwhile'), 'alice');
    await receiver.restart();
    await receiver.countedUpTo(lastLogged(cluster));
    await assertCountsEqualRecount(cluster);
  });

  itWasDeniedNothing(() => cluster);
});

/** Delivers an empty list; resolves with the status code of the answer. */
async function deliver({ url }: Receiver, path: string, token: string): Promise<number> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const { statusCode, body } = await request(`${url}${path}`, {
    method: 'POST',
    dispatcher,
    headers: { authorization: `Bearer ${token}` },
    body: '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[]}',
  });
  await body.dump();
  await dispatcher.destroy();
  return statusCode;
}

/** Begins an exec, as kubectl did before WebSockets, and resolves when it runs. */
async function execInto(cluster: TestCluster, pod: string): Promise<Duplex> {
  const exec = httpsRequest(
    `${cluster.plane.server}/api/v1/namespaces/default/pods/${pod}/exec?command=id&stdout=true`,
    {
      method: 'POST',
      rejectUnauthorized: false,
      headers: {
        authorization: `Bearer ${cluster.plane.token('admin')}`,
        connection: 'Upgrade',
        upgrade: 'SPDY/3.1',
        'x-stream-protocol-version': 'v4.channel.k8s.io',
      },
    },
  );
  return await new Promise<Duplex>((resolve, reject) => {
    exec.on('upgrade', (_response, socket) => resolve(socket));
    exec.on('response', (response) => reject(new Error(`exec: ${response.statusCode}`)));
    exec.on('error', reject);
    exec.end();
  });
}
