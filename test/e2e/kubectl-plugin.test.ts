import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { KubectlResult } from '../../dev/control-plane/index.ts';
import type { Alert } from '../../src/api/alert.generated.ts';
import { CRONJOBS_PATH, cronJob } from './support/batch-objects.ts';
import { ROOT } from './support/bundle.ts';
import { SEED_RULE } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';
import { TRIAGER, TRIAGER_BINDING } from './support/triager.ts';
import { USERS } from './support/users.ts';

describe('kubectl detections', () => {
  let cluster: TestCluster;
  let path: string;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false, users: [...USERS, { name: TRIAGER }] });
    await cluster.apply(TRIAGER_BINDING);
    await cluster.startOperator();
    const plugins = join(cluster.plane.directory, 'plugins');
    mkdirSync(plugins);
    symlinkSync(join(ROOT, 'bin/sigma-operator.mjs'), join(plugins, 'kubectl-detections'));
    path = [plugins, dirname(process.execPath), process.env['PATH']].join(delimiter);
    const token = await cluster.plane.serviceAccountToken('default', 'robot');
    await cluster.api.json({ method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob('nightly') });
    await patch('one');
    await cluster.api.send({ method: 'POST', path: CRONJOBS_PATH, token, body: cronJob('mine') });
    await cluster.settled();
  });
  after(() => cluster.stop());

  const detections = async (args: readonly string[], as = TRIAGER): Promise<KubectlResult> =>
    await cluster.plane.kubectl(['detections', ...args], { as, env: { PATH: path }, allowFailure: true });
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await detections(args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const patch = async (mark: string): Promise<unknown> =>
    await cluster.api.json({
      method: 'PATCH',
      path: `${CRONJOBS_PATH}/nightly`,
      as: 'alice',
      body: { metadata: { labels: { mark } } },
    });
  const nameOf = async (operation: string, actor = 'alice'): Promise<string> => {
    const found = (await cluster.alerts(SEED_RULE)).find(
      ({ finding }) => finding.operation === operation && finding.actor === actor,
    );
    return found?.metadata.name ?? assert.fail(`no Alert of a ${operation}`);
  };
  const alertNamed = async (name: string): Promise<Alert> =>
    (await cluster.alerts()).find(({ metadata }) => metadata.name === name) ?? assert.fail(name);

  it('is what kubectl knows as a plugin', async () => {
    const { stdout } = await cluster.plane.kubectl(['plugin', 'list'], { env: { PATH: path }, allowFailure: true });
    assert.match(stdout, /kubectl-detections/);
    assert.match(await ok('--help'), /^Usage: kubectl detections/);
  });

  it('lists what there is to do, the worst and newest first, and what was asked for', async () => {
    const rows = (await ok('list', '--rule', SEED_RULE)).trimEnd().split('\n');
    assert.match(rows[0] ?? '', /^NAME +SEVERITY +STATE +COUNT +LAST SEEN +WHAT HAPPENED$/);
    assert.equal(rows.length, 4);
    assert.match(
      rows[1] ?? '',
      /medium +Open +1 +\d+s +system:serviceaccount:default:robot tried to create .* denied$/,
    );
    const names = async (...filters: readonly string[]) =>
      (await ok('list', '-o', 'name', ...filters)).trimEnd().split('\n');
    assert.deepEqual(await names('--actor', 'alice', '--operation', 'create'), [await nameOf('create')]);
    assert.deepEqual(await names('--outcome', 'denied'), [
      await nameOf('create', 'system:serviceaccount:default:robot'),
    ]);
    assert.deepEqual(await names('--severity', 'critical'), ['']);
    assert.equal((await names('--resource', 'cronjobs.batch', '-n', 'default', '--sort-by', 'actor')).length, 3);
    const [last] = (await names('--rule', 'cronjob', '--sort-by', 'actor', '-r')).slice(-1);
    assert.notEqual(last, await nameOf('create', 'system:serviceaccount:default:robot'));
    assert.ok(!rows.join('\n').includes('\u001b'), 'no colours where nobody looks');
  });

  it('gives objects to other programs', async () => {
    const list: { kind: string; items: Alert[] } = JSON.parse(await ok('list', '--rule', SEED_RULE, '-o', 'json'));
    assert.equal(list.kind, 'List');
    assert.equal(list.items.length, 3);
    const name = await nameOf('create');
    const one: Alert = JSON.parse(await ok('show', name, '-o', 'json'));
    assert.equal(one.finding.summary, 'alice created cronjobs.batch default/nightly');
    assert.match(await ok('show', name, '-o', 'yaml'), /^apiVersion: detection\.sigma-operator\.dev\/v1alpha1\n/);
    assert.match(await ok('list', '-o', 'wide'), /Kubernetes CronJob\/Job Modification/);
  });

  it('shows an Alert as a report, by a part of its name', async () => {
    const name = await nameOf('create');
    const report = await ok('show', name.slice(-12));
    for (const text of [
      /^alice created cronjobs\.batch default\/nightly\n/,
      /medium, Open, Kubernetes CronJob\/Job Modification/,
      /WHY IT MATTERS\n +Detects when a Kubernetes CronJob or Job is created or modified\./,
      /ATT&CK +Execution \(TA0002\)/,
      /Author +kelnage/,
      /- verb is one of "create", .*; found "create"/,
      /WHAT MAY MAKE IT A FALSE POSITIVE\n +- Modifying a Kubernetes Job/,
      /- kubectl auth can-i --list --as=alice --namespace default/,
    ])
      assert.match(report, text);
  });

  it('tells the same as kubectl describe', async () => {
    const { stdout } = await cluster.kubectl(`describe alert ${await nameOf('create')}`, TRIAGER);
    for (const text of [
      /Summary: +alice created cronjobs\.batch default\/nightly\n/,
      /Attack:\n +Execution \(TA0002\)\n/,
      /Description: +Detects when/,
      /False Positives:\n +Modifying a Kubernetes Job/,
      /What Next:\n +kubectl get cronjobs\.batch nightly --namespace default --output yaml\n/,
      /Addresses:\n +127\.0\.0\.1: +1\n/,
      /Evidence:\n +objectRef\.apiGroup is "batch"; found "batch"\n/,
      /State: +Open\n/,
    ])
      assert.match(stdout, text);
    assert.doesNotMatch(stdout, /\b[A-Z] [A-Z][a-z]\b/, 'no name of a field falls apart');
  });

  it('acknowledges, resolves, and marks false positives, in the name of who asks', async () => {
    const name = await nameOf('change');
    assert.equal(await ok('ack', name, '--assignee', 'bob', '-m', 'on it'), `alert/${name} acknowledged\n`);
    assert.deepEqual((await alertNamed(name)).triage, {
      state: 'Acknowledged',
      by: TRIAGER,
      assignee: 'bob',
      comment: 'on it',
    });
    await ok('resolve', name);
    assert.deepEqual((await alertNamed(name)).triage, { state: 'Resolved', by: TRIAGER, assignee: 'bob' });
    await eventually(async () => assert.equal((await alertNamed(name)).status?.state, 'Resolved'));
    assert.ok(!(await ok('list', '-o', 'name')).includes(name));
    assert.ok((await ok('list', '-o', 'name', '--all')).includes(name));

    await patch('two');
    await cluster.settled();
    assert.match(await ok('list', '--state', 'reopened'), /Reopened +2/);
    await ok('resolve', name);
    await eventually(async () => assert.equal((await alertNamed(name)).status?.state, 'Resolved'));
    await ok('false-positive', name, '--comment', 'maintenance window');
    await eventually(async () => assert.equal((await alertNamed(name)).status?.state, 'FalsePositive'));
    await ok('open', name);
    await eventually(async () => assert.equal((await alertNamed(name)).status?.state, 'Open'));
  });

  it('deals with all that filters select, once that is confirmed', async () => {
    assert.match(await ok('ack', '--actor', 'alice'), /These 2 Alerts would become Acknowledged\. Say --yes/);
    assert.equal((await alertNamed(await nameOf('create'))).triage, undefined);
    assert.match(await ok('ack', '--actor', 'alice', '--yes'), /(alert\/.* acknowledged\n){2}/);
    assert.equal((await alertNamed(await nameOf('create'))).triage?.state, 'Acknowledged');
  });

  for (const [what, args, as, message] of [
    [
      'a name that no Alert has',
      ['show', 'nothing'],
      TRIAGER,
      /error AlertNotFound: nothing: .*\n {2}kubectl detections list/,
    ],
    ['a name that several have', ['ack', SEED_RULE], TRIAGER, /error AmbiguousAlert: .* 3 Alerts/],
    ['what could not be a name', ['ack', '../secrets'], TRIAGER, /error AlertNotFound/],
    ['no choice at all', ['resolve', '--yes'], TRIAGER, /error NoAlertsChosen/],
    ['a user without rights', ['list'], 'carol', /error AlertsNotReached: .*carol.*cannot list resource/],
    ['a command that does not exist', ['delete', 'x'], TRIAGER, /unknown command/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, stdout, stderr } = await detections(args, as);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }

  it('follows what is found and triaged', async () => {
    const name = await nameOf('change');
    const tail = await cluster.plane.run({
      name: 'tail',
      command: join(path.split(delimiter)[0] ?? '', 'kubectl-detections'),
      args: ['tail', '--actor', 'alice', '--kubeconfig', cluster.plane.kubeconfig(TRIAGER)],
      env: { PATH: path },
    });
    // Until it follows, changes are not heard of.
    await eventually(async () => {
      await patch(String(Math.random()));
      assert.match(tail.logTail(), /medium {2}Acknowledged {2}alice changed cronjobs\.batch default\/nightly \(\+\d/);
    });
    await ok('resolve', name);
    await eventually(() => assert.match(tail.logTail(), /Resolved {2}by tina {2}alice changed/));
    await tail.stop({ signal: 'SIGINT' });
    assert.equal(tail.exit?.code, 0);
  });

  itWasDeniedNothing(() => cluster);
});
