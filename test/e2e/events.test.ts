import assert from 'node:assert/strict';
import type { Event } from '../../src/kube/index.ts';
import { CRONJOBS_PATH, cronJob, job } from './support/batch-objects.ts';
import { SEED_RULE } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { detectionRule, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { TestCluster } from './support/test-cluster.ts';

const CONTROLLER = 'detection.sigma-operator.dev/operator';

describe('Events about what was touched', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start();
    operator = await cluster.startOperator();
  });
  after(() => cluster.stop());

  /** The operator's Events in a namespace, about objects with a name. */
  const eventsAbout = async (name: string, namespace = 'default'): Promise<readonly Event[]> => {
    const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    const { items } = await cluster.api.json<{ readonly items: readonly Event[] }>({ path });
    return items.filter((event) => event.reportingController === CONTROLLER && event.regarding?.name === name);
  };
  /** Resolves with the only Event about an object, once it is there. */
  const onlyEventAbout = async (name: string, namespace?: string): Promise<Event> =>
    await eventually(async () => {
      const [event, ...others] = await eventsAbout(name, namespace);
      assert.ok(event, `no Event about ${name} yet`);
      assert.deepEqual(others, []);
      return event;
    });
  const uidOf = async (path: string): Promise<string> =>
    (await cluster.api.json<{ readonly metadata: { readonly uid: string } }>({ path })).metadata.uid;
  const patch = async (name: string, mark: string): Promise<unknown> =>
    await cluster.api.json({
      method: 'PATCH',
      path: `${CRONJOBS_PATH}/${name}`,
      as: 'alice',
      body: { metadata: { annotations: { mark } } },
    });

  it('are what kubectl describe and kubectl events show', async () => {
    await cluster.kubectl('create cronjob nightly --image=none.invalid/none --schedule=@yearly', 'alice');
    const text =
      /Warning\s+DetectionMatch\s+\S+\s+detection\.sigma-operator\.dev\/operator\s+Kubernetes CronJob\/Job Modification: alice created cronjobs\.batch default\/nightly from 127\.0\.0\.1 with kubectl\/v1\.\S+\. Allowed \(201\)\./;
    await eventually(async () =>
      assert.match((await cluster.kubectl('describe cronjob nightly', 'alice')).stdout, text),
    );
    const { stdout } = await cluster.kubectl('events --for=cronjob/nightly', 'alice');
    assert.match(
      stdout,
      /Warning +DetectionMatch +CronJob\/nightly +Kubernetes CronJob\/Job Modification: alice created/,
    );
  });

  it('carry the object’s uid, and are related to the Alert', async () => {
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('related') });
    const { metadata, ...event } = await onlyEventAbout('related');
    await cluster.settled();
    const [alert] = (await cluster.alerts(SEED_RULE)).filter(({ finding }) => finding.targetRef.name === 'related');
    assert.equal(metadata.namespace, 'default');
    assert.equal(event.type, 'Warning');
    assert.equal(event.reason, 'DetectionMatch');
    assert.equal(event.action, 'Create');
    assert.equal(event.reportingInstance, 'replica');
    assert.deepEqual(event.regarding, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      namespace: 'default',
      name: 'related',
      uid: await uidOf(`${CRONJOBS_PATH}/related`),
    });
    assert.deepEqual(event.related, {
      apiVersion: 'detection.sigma-operator.dev/v1alpha1',
      kind: 'Alert',
      name: alert?.metadata.name,
      uid: alert?.metadata.uid,
    });
  });

  it('about a deleted object carry the uid that it had', async () => {
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('gone') });
    const created = await onlyEventAbout('gone');
    await cluster.api.json({ method: 'DELETE', path: `${CRONJOBS_PATH}/gone`, as: 'alice' });
    const deleted = await eventually(async () => {
      const event = (await eventsAbout('gone')).find(({ action }) => action === 'Delete');
      return event ?? assert.fail('no Event yet');
    });
    assert.equal(deleted.regarding?.uid, created.regarding?.uid);
    assert.match(deleted.note ?? '', /alice deleted cronjobs\.batch default\/gone/);
  });

  it('are not written for a rule that wants none', async () => {
    const choices = { alert: { events: 'None' } };
    await cluster.apply(detectionRule('silent', { 'objectRef.resource': 'configmaps', verb: 'create' }, choices));
    await whenReady(cluster, 'silent');
    await cluster.kubectl('create configmap unmentioned', 'alice');
    await cluster.settled();
    assert.equal((await cluster.alerts('silent')).length, 1);
    // Events are written in order: this one would come after the other.
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('mentioned') });
    await onlyEventAbout('mentioned');
    assert.deepEqual(await eventsAbout('unmentioned'), []);
  });

  it('about cluster-scoped objects are in the namespace default', async () => {
    await cluster.apply(detectionRule('roles', { 'objectRef.resource': 'clusterroles', verb: 'create' }));
    await whenReady(cluster, 'roles');
    await cluster.kubectl('create clusterrole all-powerful --verb=* --resource=*');
    const event = await onlyEventAbout('all-powerful');
    assert.equal(event.metadata.namespace, 'default');
    assert.deepEqual(event.regarding, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      name: 'all-powerful',
    });
  });

  it('go to the Alert where the namespace is being deleted', async () => {
    const path = '/apis/batch/v1/namespaces/closing/cronjobs';
    const held = cronJob('held', { namespace: 'closing', finalizers: ['sigma-operator.dev/test'] });
    await cluster.kubectl('create namespace closing');
    await cluster.api.json({ method: 'POST', path, as: 'alice', body: held });
    await onlyEventAbout('held', 'closing');
    await cluster.kubectl('delete namespace closing --wait=false');
    await eventually(async () => {
      const { status } = await cluster.api.json<{ status: { phase: string } }>({ path: '/api/v1/namespaces/closing' });
      assert.equal(status.phase, 'Terminating');
    });
    const before = await operator.metric('sigma_operator_kubernetes_events_redirected_total');
    const body = { metadata: { annotations: { too: 'late' } } };
    await cluster.api.json({ method: 'PATCH', path: `${path}/held`, as: 'alice', body });
    await cluster.settled();
    const [alert] = (await cluster.alerts(SEED_RULE)).filter(
      ({ finding }) =>
        finding.targetRef.namespace === 'closing' && finding.operation === 'change' && finding.actor === 'alice',
    );
    const event = await onlyEventAbout(alert?.metadata.name ?? 'no Alert');
    assert.equal(event.regarding?.kind, 'Alert');
    assert.equal(event.regarding?.uid, alert?.metadata.uid);
    assert.match(event.note ?? '', /alice patched cronjobs\.batch closing\/held/);
    assert.ok((await operator.metric('sigma_operator_kubernetes_events_redirected_total')) > before);
    const free = { metadata: { finalizers: null } };
    await cluster.api.json({ method: 'PATCH', path: `${path}/held`, as: 'alice', body: free });
  });

  it('of the same again are one Event with a count, which is complete when the operator has stopped', async () => {
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('repeated') });
    const changes = async (): Promise<Event | undefined> =>
      (await eventsAbout('repeated')).find(({ action }) => action === 'Change');
    for (const mark of ['1', '2', '3', '4', '5']) await patch('repeated', mark);
    await eventually(async () => assert.ok(((await changes())?.series?.count ?? 0) >= 2));
    await cluster.settled();
    assert.equal(await operator.stop(), 0);
    assert.equal((await changes())?.series?.count, 5);
    operator = await cluster.startOperator();
  });

  it('are about the rule where it says so, and show in its description', async () => {
    const creates = { 'objectRef.resource': 'configmaps', verb: 'create', 'user.username': 'alice' };
    await cluster.apply(detectionRule('told-to-its-keepers', creates, { alert: { events: 'Rule' } }));
    await whenReady(cluster, 'told-to-its-keepers');
    await cluster.kubectl('create configmap told', 'alice');
    await onlyEventAbout('told-to-its-keepers');
    assert.deepEqual(await eventsAbout('told'), []);
    const { stdout } = await cluster.kubectl('describe detectionrule told-to-its-keepers');
    assert.match(stdout, /DetectionMatch .* alice created configmaps default\/told /);
  });

  it('are about objects without a namespace, too, and about objects that are gone', async () => {
    const roles = { 'objectRef.resource': 'clusterroles', verb: ['create', 'delete'] };
    await cluster.apply(detectionRule('clusterroles', roles));
    await whenReady(cluster, 'clusterroles');
    await cluster.kubectl('create clusterrole fleeting --verb=get --resource=pods');
    await cluster.kubectl('delete clusterrole fleeting');
    await eventually(async () => {
      const actions = (await eventsAbout('fleeting')).map(({ action }) => action);
      assert.deepEqual(new Set(actions), new Set(['Create', 'Delete']));
    });
    const { stdout } = await cluster.kubectl('events --for clusterrole/fleeting');
    assert.match(stdout, /admin created clusterroles/);
    assert.match(stdout, /admin deleted clusterroles/);
  });

  it('of what goes on and on show how often, soon enough', async () => {
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'bob', body: cronJob('busy') });
    for (let n = 0; n < 20; n++) {
      const body = { metadata: { labels: { mark: String(n) } } };
      await cluster.api.json({ method: 'PATCH', path: `${CRONJOBS_PATH}/busy`, as: 'bob', body });
    }
    await eventually(async () => {
      const [patched] = (await eventsAbout('busy')).filter(({ note }) => note.includes('bob patched'));
      assert.equal(patched?.series?.count, 20);
    }, 60_000);
  });

  itWasDeniedNothing(() => cluster);

  describe('after all of that', () => {
    it('come without a uid where the operator may not look at the object', async () => {
      const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/sigma-operator';
      const { rules } = await cluster.api.json<{ rules: readonly { apiGroups: readonly string[] }[] }>({ path: role });
      const fewer = rules.filter(({ apiGroups }) => !apiGroups.includes('batch'));
      assert.equal(fewer.length, rules.length - 1);
      await cluster.api.json({ method: 'PATCH', path: role, body: { rules: fewer } });
      await eventually(async () => {
        const { stdout } = await cluster.kubectlMayFail(
          'auth can-i get jobs --as=system:serviceaccount:sigma-operator:sigma-operator',
        );
        assert.match(stdout, /^no/);
      });
      const path = '/apis/batch/v1/namespaces/default/jobs';
      await cluster.api.json({ method: 'POST', path, as: 'alice', body: job('unseen') });
      const event = await eventually(async () => {
        // The Job's controller touches it, too.
        const byAlice = (await eventsAbout('unseen')).find(({ note }) => note.includes('alice created'));
        return byAlice ?? assert.fail('no Event yet');
      });
      assert.deepEqual(event.regarding, { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'unseen' });
      const { stdout } = await cluster.kubectl('events --for=job/unseen', 'alice');
      assert.match(stdout, /DetectionMatch/);
    });
  });
});
