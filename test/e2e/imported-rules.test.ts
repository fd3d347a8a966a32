import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PolicyCheck, RulePage } from '../../src/catalog/index.ts';
import { ROOT } from './support/bundle.ts';
import { sigmaOperator } from './support/command-line.ts';
import { conditionOf, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { triggers } from './support/rule-triggers.ts';
import { TestCluster } from './support/test-cluster.ts';

const PUBLIC_RULES = join(ROOT, 'test/data/sigma/kubernetes-rules');
const NAMES = readdirSync(PUBLIC_RULES).map((file) => basename(file, '.yml').replaceAll('_', '-'));
const CRON_JOBS = 'kubernetes-audit-cronjob-modification';
const WITHOUT_BATCH = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    resources: [{group: batch}]
  - level: Metadata
`;
/** Most of the requests that the rules look for fail here. */
const ALL_OUTCOMES = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../detections]
patches:
  - target: {kind: DetectionRule}
    patch: |
      - op: add
        path: /spec/outcome
        value: [Allowed, Denied, Failed, Unknown]
`;

/** One control plane, on which people do one after the other what the documentation says. */
describe('the public rules, from import to Alerts', () => {
  let cluster: TestCluster;
  let detections: string;
  let kubeconfig: string;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    detections = join(cluster.plane.directory, 'detections');
    kubeconfig = cluster.plane.kubeconfig();
  });
  after(() => cluster?.stop());

  const textsOf = (folder: string): ReadonlyMap<string, string> =>
    new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const statePolicy = async (policy: string): Promise<unknown> =>
    await cluster.kubectl([
      'patch',
      'auditsource/kube-apiserver',
      '--type=merge',
      '-p',
      JSON.stringify({ spec: { policy } }),
    ]);
  const countOf = async (rule: string): Promise<number> =>
    (await cluster.alerts(rule)).reduce((sum, { status }) => sum + (status?.count ?? 0), 0);
  const observable = async (rule: string): Promise<string> => conditionOf(await cluster.rule(rule), 'Observable');

  it('are sixteen manifests, and the same when they are imported again', () => {
    const first = sigmaOperator(['import', PUBLIC_RULES, '--out', detections]);
    assert.deepEqual([first.status, first.stderr], [0, '']);
    assert.match(first.stdout, /16 rules in .*: 16 created, 0 updated, 0 unchanged\.\n$/);
    const written = textsOf(detections);
    assert.deepEqual([...written.keys()], [...NAMES.map((name) => `${name}.yaml`), 'kustomization.yaml']);
    const second = sigmaOperator(['import', PUBLIC_RULES, '--out', detections]);
    assert.match(second.stdout, /^16 rules in .*: 0 created, 0 updated, 16 unchanged\.\n$/);
    assert.deepEqual(textsOf(detections), written);
  });

  it('can be applied with `kubectl apply -k`, and change nothing when they are applied again', async () => {
    await cluster.kubectl(['apply', '-k', detections]);
    const { stdout } = await cluster.kubectl(['apply', '-k', detections]);
    const lines = stdout.trimEnd().split('\n');
    assert.deepEqual(
      lines.toSorted(),
      NAMES.map((name) => `detectionrule.detection.sigma-operator.dev/${name} unchanged`),
    );
  });

  it('are all accepted, and run', async () => {
    await cluster.startOperator();
    for (const name of NAMES) assert.equal(conditionOf(await whenReady(cluster, name), 'Accepted'), 'True Compiled');
  });

  it('fire under the policy that `policy` prints for them, each on its request', async () => {
    const overlay = join(cluster.plane.directory, 'all-outcomes');
    mkdirSync(overlay);
    writeFileSync(join(overlay, 'kustomization.yaml'), ALL_OUTCOMES);
    await cluster.kubectl(['apply', '-k', overlay]);
    for (const name of NAMES) await whenReady(cluster, name);

    const { status, stdout: policy, stderr } = sigmaOperator(['policy', '--rules', detections]);
    assert.deepEqual([status, stderr], [0, '']);
    await cluster.plane.restartApiServer({ audit: { policy: { yaml: policy } } });
    await statePolicy(policy);
    for (const name of NAMES) await eventually(async () => assert.match(await observable(name), /^True /));

    const before = await Promise.all(NAMES.map(countOf));
    for (const request of triggers()) await cluster.api.send(request);
    await cluster.settled();
    const after = await Promise.all(NAMES.map(countOf));
    assert.deepEqual(
      NAMES.filter((_, i) => (after[i] ?? 0) <= (before[i] ?? 0)),
      [],
    );
  });

  it('say that they cannot fire where the policy logs nothing of batch: `policy check`, and the operator', async () => {
    const file = join(cluster.plane.directory, 'without-batch.yaml');
    writeFileSync(file, WITHOUT_BATCH);
    const checked = sigmaOperator(['policy', 'check', '--policy', file, '--rules', detections, '-o', 'json']);
    assert.deepEqual([checked.status, checked.stderr], [1, '']);
    const { cannotFire }: PolicyCheck = JSON.parse(checked.stdout);
    assert.ok(cannotFire.includes(CRON_JOBS));
    const shown = sigmaOperator(['policy', 'check', '--policy', file, '--rules', detections]);
    assert.match(shown.stdout, /cannot fire +Kubernetes CronJob\/Job Modification +NeverLogged/);

    await cluster.plane.restartApiServer({ audit: { policy: { yaml: WITHOUT_BATCH } } });
    await statePolicy(WITHOUT_BATCH);
    await eventually(async () => assert.equal(await observable(CRON_JOBS), 'False NeverLogged'));
    for (const name of NAMES) {
      const expected = cannotFire.includes(name) ? /^False / : /^True /;
      await eventually(async () => assert.match(await observable(name), expected, name));
    }
    assert.match(conditionOf(await cluster.rule(CRON_JOBS), 'Ready'), /^True /);
    const before = await countOf(CRON_JOBS);
    for (const request of triggers()) await cluster.api.send(request);
    await cluster.settled();
    assert.equal(await countOf(CRON_JOBS), before);
  });

  describe('are seen by the commands with --cluster', () => {
    const inCluster = (...args: readonly string[]): string => {
      const { status, stdout, stderr } = sigmaOperator([...args, '--cluster', '--kubeconfig', kubeconfig]);
      assert.deepEqual([status, stderr], [0, '']);
      return stdout;
    };

    it('as in their folder', () => {
      const listed: readonly { readonly name: string }[] = JSON.parse(inCluster('catalog', 'list', '-o', 'json'));
      const names = new Set(listed.map(({ name }) => name));
      assert.deepEqual(
        NAMES.filter((name) => !names.has(name)),
        [],
      );
      const pages = [inCluster('catalog', 'show', CRON_JOBS, '-o', 'json')];
      pages.push(sigmaOperator(['catalog', 'show', CRON_JOBS, '--rules', detections, '-o', 'json']).stdout);
      const [there, here] = pages.map((text): RulePage => JSON.parse(text));
      assert.ok(there?.kind === 'rule' && here?.kind === 'rule');
      assert.deepEqual(there.source, here.source);
      assert.deepEqual([there.attack, there.events], [here.attack, here.events]);
      assert.deepEqual(there.choices?.outcome, ['Allowed', 'Denied', 'Failed', 'Unknown']);
    });

    it('for a policy and an ATT&CK layer', () => {
      assert.match(inCluster('policy'), /^# Smallest audit policy under which 17 rules can fire/);
      const layer: { readonly techniques: readonly object[] } = JSON.parse(inCluster('coverage', '--navigator', '-'));
      assert.ok(layer.techniques.length > 0);
    });

    it('under the policy that the AuditSource states', () => {
      assert.match(inCluster('catalog', 'show', CRON_JOBS), /\n {2}Cannot fire\. The audit policy logs nothing/);
    });

    it('or say what is wrong with the cluster', () => {
      const nowhere = sigmaOperator(['catalog', 'list', '--cluster', '--kubeconfig', '/no/such/file']);
      assert.deepEqual([nowhere.status, nowhere.stdout], [2, '']);
      assert.match(nowhere.stderr, /^error UnusableKubeconfig: \/no\/such\/file: .*\n {2}\S/);
      const nobody = cluster.plane.kubeconfig('bob');
      const refused = sigmaOperator(['catalog', 'list', '--cluster', '--kubeconfig', nobody]);
      assert.deepEqual([refused.status, refused.stdout], [2, '']);
      assert.match(refused.stderr, /^error ClusterNotRead: .*bob.*\n {2}\S/s);
    });
  });
});
