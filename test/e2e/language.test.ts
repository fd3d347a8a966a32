import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './support/bundle.ts';
import { conditionOf, detectionRule, sigmaText, whenReady, whenRefused } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { triggers } from './support/rule-triggers.ts';
import { TestCluster } from './support/test-cluster.ts';

const RULES = join(ROOT, 'test/data/sigma/kubernetes-rules');
const EVERYTHING = { yaml: 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: RequestResponse}]\n' };
const ALL_OUTCOMES = { outcome: ['Allowed', 'Denied', 'Failed', 'Unknown'] };

describe('the Sigma language in a cluster', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false, audit: { policy: EVERYTHING } });
    await cluster.startOperator();
  });
  after(() => cluster.stop());

  const countOf = async (rule: string): Promise<number> => {
    await cluster.settled();
    return (await cluster.alerts(rule)).reduce((sum, { status }) => sum + (status?.count ?? 0), 0);
  };

  describe('the sixteen public rules for Kubernetes', () => {
    const files = readdirSync(RULES).filter((file) => file.endsWith('.yml'));
    const nameOf = (file: string): string => basename(file, '.yml').replaceAll('_', '-');
    before(async () => {
      for (const file of files) {
        await cluster.apply(detectionRule(nameOf(file), readFileSync(join(RULES, file), 'utf8'), ALL_OUTCOMES));
      }
      for (const file of files) await whenReady(cluster, nameOf(file));
      for (const request of triggers()) await cluster.api.send(request);
    });

    it('are sixteen', () => assert.equal(files.length, 16));

    for (const file of files) {
      it(`fire on what the API server logged: ${nameOf(file)}`, async () => {
        assert.ok((await countOf(nameOf(file))) > 0);
        const rule = await cluster.rule(nameOf(file));
        assert.ok((rule.status?.watches ?? []).length > 0);
        assert.match(rule.status?.level ?? '', /^(Metadata|Request|RequestResponse)$/);
      });
    }
  });

  it('accepts a rule for another product, says that it cannot fire, and does not run it', async () => {
    const sigma = sigmaText('Elsewhere', { EventID: 1 }).replace('kubernetes', 'windows');
    await cluster.apply(detectionRule('elsewhere', sigma));
    const rule = await whenReady(cluster, 'elsewhere');
    assert.equal(conditionOf(rule, 'Accepted'), 'True Compiled');
    assert.equal(conditionOf(rule, 'Observable'), 'False OtherProduct');
  });

  it('says whether a rule can fire under the audit policy that the source states', async () => {
    await cluster.apply(
      detectionRule('cronjobs', { 'objectRef.apiGroup': 'batch', 'objectRef.resource': 'cronjobs', verb: 'create' }),
    );
    await whenReady(cluster, 'cronjobs');
    const observable = async (): Promise<string> => conditionOf(await cluster.rule('cronjobs'), 'Observable');
    const create = async (name: string): Promise<unknown> =>
      await cluster.kubectl(`create cronjob ${name} --image=busybox --schedule=@yearly`);
    await create('observed');
    await eventually(async () => assert.equal(await observable(), 'True Observed'));
    const state = async (policy: string | null): Promise<unknown> =>
      await cluster.kubectl([
        'patch',
        'auditsource',
        'kube-apiserver',
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { policy } }),
      ]);
    await state(
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, resources: [{group: batch}]}, {level: RequestResponse}]\n',
    );
    await eventually(async () => assert.equal(await observable(), 'False NeverLogged'));
    await eventually(async () =>
      assert.equal(conditionOf(await cluster.source('kube-apiserver'), 'PolicyMatches'), 'True Matches'),
    );
    await create('not-by-the-policy');
    await eventually(async () => {
      const source = await cluster.source('kube-apiserver');
      assert.equal(conditionOf(source, 'PolicyMatches'), 'False Differs');
      // The operator looks up the uid of what was touched, which is another verb.
      const differences = source.status?.policyDifferences ?? [];
      assert.deepEqual(
        differences.filter(({ operation }) => operation === 'create cronjobs.batch'),
        [{ operation: 'create cronjobs.batch', observed: 'RequestResponse', policy: 'None' }],
      );
      const cronJobs = source.status?.observed?.resources?.find(({ resource }) => resource === 'cronjobs.batch');
      assert.ok(cronJobs?.requestResponse?.includes('create'));
      assert.equal(await observable(), 'True PolicyDiffers');
    });
    await state('apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: RequestResponse}]\n');
    await eventually(async () => assert.equal(await observable(), 'True Observable'));
    assert.match(conditionOf(await whenReady(cluster, 'cronjobs'), 'Ready'), /^True /);
    await state('rules: [{level: Loud}]\n');
    await eventually(async () => {
      assert.match(conditionOf(await cluster.source('kube-apiserver'), 'PolicyRead'), /^False /);
      assert.match(await observable(), /^(Unknown PolicyUnknown|True Observed)$/);
    });
    await state(null);
  });

  it('takes placeholders from a ConfigMap, and refuses a rule without them', async () => {
    const sigma = sigmaText('Watched users', {
      'user.username|expand': '%watched%',
      'objectRef.resource': 'endpoints',
      verb: 'list',
    });
    await cluster.apply(detectionRule('watched-users', sigma));
    await whenRefused(cluster, 'watched-users');
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'sigma-placeholders', namespace: 'sigma-operator' },
    };
    await cluster.apply({ ...configMap, data: { watched: '# on the list\nalice\n' } });
    await whenReady(cluster, 'watched-users');
    await cluster.api.send({ path: '/api/v1/namespaces/default/endpoints', as: 'alice' });
    await cluster.api.send({ path: '/api/v1/namespaces/default/endpoints', as: 'bob' });
    assert.equal(await countOf('watched-users'), 1);
  });

  it('correlates matches: one Alert for a user, not one for each request', async () => {
    const sigma = `title: Many secrets read by one user
correlation:
    type: value_count
    rules: [secret-read]
    group-by: [user.username]
    timespan: 5m
    condition: {gte: 3, field: objectRef.name}
level: high
---
title: A secret was read
name: secret-read
logsource: {product: kubernetes, service: audit}
detection:
    selection: {verb: get, objectRef.resource: secrets}
    condition: selection
`;
    await cluster.apply(detectionRule('many-secrets', sigma, ALL_OUTCOMES));
    await whenReady(cluster, 'many-secrets');
    for (const user of ['alice', 'bob']) {
      for (const name of ['one', 'two', 'three', 'four'].slice(0, user === 'alice' ? 4 : 2)) {
        await cluster.api.send({ path: `/api/v1/namespaces/default/secrets/${name}`, as: user });
      }
    }
    assert.equal(await countOf('many-secrets'), 1);
    const [alert] = await cluster.alerts('many-secrets');
    assert.deepEqual(alert?.finding.correlated, { 'user.username': 'alice' });
    assert.equal(alert?.finding.severity, 'high');
  });

  it('says which reference of a correlation is missing, and takes it up when it comes', async () => {
    const correlation = `title: Twice
correlation:
    type: event_count
    rules: [base-of-twice]
    group-by: [user.username]
    timespan: 5m
    condition: {gte: 2}
`;
    await cluster.apply(detectionRule('twice', correlation));
    const refused = await whenRefused(cluster, 'twice');
    const message = refused.status?.conditions?.find(({ type }) => type === 'Accepted')?.message ?? '';
    assert.match(message, /base-of-twice/);
    await cluster.apply(
      detectionRule('base-of-twice', { 'objectRef.resource': 'podtemplates', verb: 'list' }, ALL_OUTCOMES),
    );
    await whenReady(cluster, 'twice');
  });
});
