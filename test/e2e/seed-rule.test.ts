import assert from 'node:assert/strict';
import type { Alert } from '../../src/api/alert.generated.ts';
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

describe('the CronJob/Job rule', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start();
    await cluster.startOperator();
  });
  after(() => cluster.stop());

  /** `operation count` of the Alerts about an object, or about objects of a name's kind. */
  async function raised(matches: (alert: Alert) => boolean): Promise<readonly string[]> {
    const alerts = (await cluster.alerts(SEED_RULE)).filter(matches);
    return alerts.map(({ finding, status }) => `${finding.operation} ${status?.count}`).sort();
  }
  const about =
    (name: string) =>
    ({ finding }: Alert): boolean =>
      finding.targetRef.name === name && finding.actor === 'alice';
  const create = async (object: object): Promise<void> => {
    await cluster.plane.kubectl(['create', '-f', '-'], { as: 'alice', input: JSON.stringify(object) });
  };

  for (const [resource, manifest] of [
    ['cronjobs', cronJob],
    ['jobs', job],
  ] as const) {
    describe(`a person’s requests about ${resource}`, () => {
      const cases: readonly {
        readonly title: string;
        readonly run: (name: string) => Promise<unknown>;
        readonly alerts: readonly string[];
      }[] = [
        {
          title: 'client-side apply: a create, and a patch',
          run: async (name) => {
            await cluster.apply(manifest(name), 'alice');
            await cluster.apply(manifest(name, { labels: { tier: 'back' } }), 'alice');
          },
          alerts: ['change 1', 'create 1'],
        },
        {
          title: 'server-side apply: patches, of which the first creates',
          run: async (name) => {
            await cluster.apply(manifest(name), 'alice', '--server-side');
            await cluster.apply(manifest(name, { labels: { tier: 'back' } }), 'alice', '--server-side');
          },
          alerts: ['change 2'],
        },
        {
          title: 'strategic, merge and JSON patches',
          run: async (name) => {
            await create(manifest(name));
            const patch = ['patch', resource, name, '-p'];
            await cluster.kubectl([...patch, '{"metadata":{"labels":{"a":"1"}}}', '--type=strategic'], 'alice');
            await cluster.kubectl([...patch, '{"metadata":{"labels":{"a":"2"}}}', '--type=merge'], 'alice');
            const json = '[{"op":"replace","path":"/metadata/labels/a","value":"3"}]';
            await cluster.kubectl([...patch, json, '--type=json'], 'alice');
          },
          alerts: ['change 3', 'create 1'],
        },
        {
          title: 'an update and a delete',
          run: async (name) => {
            await create(manifest(name));
            const { stdout } = await cluster.kubectl(['get', resource, name, '-o', 'json'], 'alice');
            const input = stdout.replace('"metadata": {', '"metadata": {"annotations": {"note": "other"},');
            await cluster.plane.kubectl(['replace', '-f', '-'], { as: 'alice', input });
            await cluster.kubectl(`delete ${resource} ${name} --wait=false`, 'alice');
          },
          alerts: ['change 1', 'create 1', 'delete 1'],
        },
      ];
      for (const [index, { title, run, alerts }] of cases.entries()) {
        it(`raise an Alert for each kind of operation: ${title}`, async () => {
          const name = `${resource}-${index}`;
          await run(name);
          await assertCountsEqualRecount(cluster);
          assert.deepEqual(await raised(about(name)), alerts);
        });
      }
    });
  }

  it('says who did what to which object, through which client, from where, and how it was answered', async () => {
    await cluster.kubectl('create cronjob told --image=none.invalid/none --schedule=@yearly', 'alice');
    await cluster.settled();
    const [alert] = (await cluster.alerts(SEED_RULE)).filter(about('told'));
    const { rule, ...finding } = alert?.finding ?? assert.fail('no Alert');
    assert.equal(rule.name, SEED_RULE);
    assert.equal(rule.id, '0c9b3bda-41a6-4442-9345-356ae86343dc');
    assert.equal(rule.title, 'Kubernetes CronJob/Job Modification');
    assert.equal(rule.author, 'kelnage');
    assert.deepEqual(rule.attack, ['Execution (TA0002)', 'Persistence (TA0003)', 'Privilege Escalation (TA0004)']);
    assert.match(rule.description ?? '', /^Detects when .* modified\. A Kubernetes Job .* cluster, allowing/);
    assert.match(rule.falsePositives?.[0] ?? '', /^Modifying a Kubernetes Job/);
    assert.deepEqual(finding, {
      severity: 'medium',
      actor: 'alice',
      operation: 'create',
      outcome: 'Allowed',
      summary: 'alice created cronjobs.batch default/told',
      target: 'cronjobs.batch default/told',
      targetRef: { apiGroup: 'batch', resource: 'cronjobs', namespace: 'default', name: 'told' },
      whatNext: [
        'kubectl get cronjobs.batch told --namespace default --output yaml',
        'kubectl auth can-i --list --as=alice --namespace default',
        'kubectl detections list --actor=alice',
      ],
    });
    const { status } = alert ?? {};
    assert.deepEqual(status?.verbs, { create: 1 });
    assert.deepEqual(status.objects, { 'cronjobs.batch default/told': 1 });
    assert.deepEqual(status.addresses, { '127.0.0.1': 1 });
    assert.deepEqual(status.responseCodes, { '201': 1 });
    assert.match(Object.keys(status.clients ?? {}).join(), /^kubectl\/v1\./);
    assert.deepEqual(status.evidence, [
      'objectRef.apiGroup is "batch"; found "batch"',
      'objectRef.resource is one of "cronjobs", "jobs"; found "cronjobs"',
      'verb is one of "create", "delete", "patch", "replace", "update"; found "create"',
    ]);
    assert.match(status?.samples?.[0]?.auditID ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(status?.firstSeen, status?.lastSeen);
  });

  it('raises nothing for deletecollection, and its findings say that it does not cover it', async () => {
    await create(cronJob('swept', { labels: { sweep: 'yes' } }));
    await cluster.settled();
    const before = await cluster.alerts(SEED_RULE);
    await cluster.kubectl(['delete', '--raw', `${CRONJOBS_PATH}?labelSelector=sweep%3Dyes`], 'alice');
    await assertCountsEqualRecount(cluster);
    assert.equal((await cluster.alerts(SEED_RULE)).length, before.length);
    const { status } = await cluster.rule(SEED_RULE);
    assert.deepEqual(
      status?.findings?.map(({ code }) => code),
      ['DeleteWithoutDeletecollection', 'UnknownVerb'],
    );
    assert.match(status?.findings?.[0]?.remedy ?? '', /deletecollection/);
  });

  it('raises nothing for server-side dry runs, and counts them', async () => {
    await create(cronJob('rehearsed'));
    await cluster.settled();
    const before = (await cluster.rule(SEED_RULE)).status?.leftOut?.dryRun ?? 0;
    const changed = JSON.stringify(cronJob('rehearsed', { labels: { dry: 'yes' } }));
    await cluster.plane.kubectl(['apply', '--dry-run=server', '-f', '-'], { as: 'alice', input: changed });
    await cluster.plane.kubectl(['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'], {
      as: 'alice',
      input: changed,
    });
    const diff = await cluster.plane.kubectl(['diff', '-f', '-'], { as: 'alice', input: changed, allowFailure: true });
    assert.equal(diff.code, 1, diff.stderr);
    const fresh = JSON.stringify(cronJob('only-rehearsed'));
    await cluster.plane.kubectl(['create', '--dry-run=server', '-f', '-'], { as: 'alice', input: fresh });
    await assertCountsEqualRecount(cluster);
    await assertTotalsEqualRecount(cluster);
    assert.deepEqual(await raised(about('rehearsed')), ['create 1']);
    assert.deepEqual(await raised(about('only-rehearsed')), []);
    assert.equal(((await cluster.rule(SEED_RULE)).status?.leftOut?.dryRun ?? 0) - before, 4);
  });

  it('raises nothing for requests that failed (404, 409, 422), and counts them', async () => {
    await create(cronJob('taken'));
    await cluster.settled();
    const before = (await cluster.rule(SEED_RULE)).status?.leftOut?.outcome ?? 0;
    const refused = [
      { path: `${CRONJOBS_PATH}/missing`, method: 'PATCH', body: { metadata: {} }, code: 404 },
      { path: `${CRONJOBS_PATH}/missing`, method: 'DELETE', body: undefined, code: 404 },
      { path: CRONJOBS_PATH, method: 'POST', body: cronJob('taken'), code: 409 },
      { path: `${CRONJOBS_PATH}/taken`, method: 'PATCH', body: { spec: { schedule: 'never' } }, code: 422 },
    ] as const;
    for (const { code, ...request } of refused) {
      assert.equal((await cluster.api.send({ ...request, as: 'alice' })).code, code);
    }
    await assertCountsEqualRecount(cluster);
    await assertTotalsEqualRecount(cluster);
    assert.deepEqual(await raised(about('missing')), []);
    assert.deepEqual(await raised(about('taken')), ['create 1']);
    assert.equal(((await cluster.rule(SEED_RULE)).status?.leftOut?.outcome ?? 0) - before, refused.length);
  });

  it('raises one Alert for a ServiceAccount that is denied, with outcome Denied', async () => {
    const token = await cluster.plane.serviceAccountToken('default', 'robot');
    for (const name of ['one', 'two']) {
      assert.equal(
        (await cluster.api.send({ method: 'POST', path: CRONJOBS_PATH, token, body: cronJob(name) })).code,
        403,
      );
    }
    await assertCountsEqualRecount(cluster);
    const alerts = (await cluster.alerts(SEED_RULE)).filter(
      ({ finding }) => finding.actor === 'system:serviceaccount:default:robot',
    );
    assert.deepEqual(
      alerts.map(({ finding, status }) => [finding.operation, finding.outcome, finding.target, status?.count]),
      [['create', 'Denied', 'cronjobs.batch default/*', 2]],
    );
  });

  it('shows who acted, and as whom', async () => {
    await cluster.kubectl('create job borrowed --image=none.invalid/none --as=bob --as-group=developers', 'alice');
    await assertCountsEqualRecount(cluster);
    const [alert] = (await cluster.alerts(SEED_RULE)).filter(about('borrowed'));
    assert.equal(alert?.finding.impersonated, 'bob');
    assert.equal(alert?.finding.summary, 'alice as bob created jobs.batch default/borrowed');
  });

  it('is not deceived by Audit-ID headers: 300 characters long, or the same on different requests', async () => {
    const long = { 'audit-id': 'x'.repeat(300) };
    const same = { 'audit-id': '00000000-0000-4000-8000-000000000000' };
    const patch = { method: 'PATCH', path: `${CRONJOBS_PATH}/disguised`, as: 'alice', body: { metadata: {} } } as const;
    await cluster.api.json({
      method: 'POST',
      path: CRONJOBS_PATH,
      as: 'alice',
      headers: long,
      body: cronJob('disguised'),
    });
    await cluster.api.json({
      method: 'POST',
      path: CRONJOBS_PATH,
      as: 'alice',
      headers: same,
      body: cronJob('second'),
    });
    await cluster.api.json({ ...patch, headers: same });
    await cluster.api.json({ ...patch, headers: same });
    await cluster.api.json({ ...patch, headers: long });
    await cluster.api.json({ method: 'DELETE', path: patch.path, as: 'alice', headers: same });
    await assertCountsEqualRecount(cluster);
    assert.deepEqual(await raised(about('disguised')), ['change 3', 'create 1', 'delete 1']);
    assert.deepEqual(await raised(about('second')), ['create 1']);
  });

  it('raises Alerts for objects whose names the server generates', async () => {
    await create(cronJob('', { name: undefined, generateName: 'made-up-' }));
    await create(cronJob('', { name: undefined, generateName: 'made-up-' }));
    await assertCountsEqualRecount(cluster);
    const alerts = (await cluster.alerts(SEED_RULE)).filter(
      ({ finding }) =>
        finding.operation === 'create' && finding.targetRef.name === undefined && finding.actor === 'alice',
    );
    assert.deepEqual(
      alerts.map(({ finding, status }) => [finding.target, status?.count]),
      [['cronjobs.batch default/*', 2]],
    );
  });

  it('leaves out what built-in controllers do, and tells what that was', async () => {
    await cluster.kubectl('create namespace busy');
    for (const name of ['first', 'second']) {
      await cluster.apply(job(name, { namespace: 'busy' }, false), 'alice');
      await cluster.kubectl(`wait job ${name} --namespace=busy --for=jsonpath={.status.active}=1`);
    }
    await assertCountsEqualRecount(cluster);
    const actors = (await cluster.alerts(SEED_RULE)).map(({ finding }) => finding.actor);
    assert.deepEqual(
      actors.filter((actor) => actor.startsWith('system:serviceaccount:kube-system:')),
      [],
    );
    const request = 'system:serviceaccount:kube-system:job-controller update jobs.batch/status';
    await eventually(async () => {
      const { status } = await cluster.filter(BUILT_IN_CONTROLLERS);
      assert.ok(status?.hidden?.some((row) => row.request === request && row.count >= 2));
    });
  });

  it('does not leave out anything else that is done with a controller’s identity', async () => {
    const token = await cluster.plane.serviceAccountToken('kube-system', 'job-controller');
    const path = '/apis/batch/v1/namespaces/busy/jobs/first';
    const body = { metadata: { labels: { stolen: 'token' } } };
    assert.equal((await cluster.api.send({ method: 'PATCH', path, token, body })).code, 200);
    await cluster.kubectl(
      'patch job first --namespace=busy --subresource=status --type=merge --patch={"status":{}}',
      'alice',
    );
    await assertCountsEqualRecount(cluster);
    const alerts = (await cluster.alerts(SEED_RULE)).filter(({ finding }) => finding.targetRef.namespace === 'busy');
    assert.deepEqual(
      alerts
        .map(({ finding, status }) => `${finding.actor} ${finding.operation} ${finding.target} ${status?.count}`)
        .sort(),
      [
        'alice change jobs.batch busy/first 1',
        'alice create jobs.batch busy/first 1',
        'alice create jobs.batch busy/second 1',
        'system:serviceaccount:kube-system:job-controller change jobs.batch busy/* 1',
      ],
    );
  });

  it('ends up with totals that say the same as its Alerts', async () => {
    await assertTotalsEqualRecount(cluster);
  });

  itWasDeniedNothing(() => cluster);
});

describe('the CronJob/Job rule on a log with bodies', () => {
  let cluster: TestCluster;
  before(async () => {
    const rules = [{ level: 'RequestResponse', resources: [{ group: 'batch' }] }, { level: 'Metadata' }];
    const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], rules } as const;
    cluster = await TestCluster.start({ controllerManager: false, audit: { policy } });
    await cluster.startOperator();
  });
  after(() => cluster.stop());

  it('knows the names that the server generated; none where it denied the request before it read the body', async () => {
    const generated = cronJob('', { name: undefined, generateName: 'made-up-' });
    const { metadata } = await cluster.api.json<{ metadata: { name: string } }>({
      method: 'POST',
      path: CRONJOBS_PATH,
      as: 'alice',
      body: generated,
    });
    await cluster.api.send({ method: 'POST', path: CRONJOBS_PATH, as: 'carol', body: generated });
    await assertCountsEqualRecount(cluster);
    const alerts = await cluster.alerts(SEED_RULE);
    assert.deepEqual(alerts.map(({ finding }) => `${finding.actor} ${finding.outcome} ${finding.target}`).sort(), [
      `alice Allowed cronjobs.batch default/${metadata.name}`,
      'carol Denied cronjobs.batch default/*',
    ]);
  });

  it('recognises a delete that is a dry run', async () => {
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('spared') });
    await cluster.kubectl('delete cronjob spared --dry-run=server', 'alice');
    await assertCountsEqualRecount(cluster);
    await assertTotalsEqualRecount(cluster);
    const alerts = (await cluster.alerts(SEED_RULE)).filter(({ finding }) => finding.targetRef.name === 'spared');
    assert.deepEqual(
      alerts.map(({ finding }) => finding.operation),
      ['create'],
    );
  });

  itWasDeniedNothing(() => cluster);
});
