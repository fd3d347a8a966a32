import assert from 'node:assert/strict';
import { CRONJOBS_PATH, cronJob } from './support/batch-objects.ts';
import { assertCountsEqualRecount } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { detectionRule } from './support/detection-rule.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { OPERATOR, TestCluster } from './support/test-cluster.ts';

const WRITES = detectionRule('any-write', {
  'objectRef.apiGroup': ['detection.sigma-operator.dev', 'events.k8s.io', 'coordination.k8s.io'],
  verb: ['create', 'update', 'patch'],
});
const LOOKS = detectionRule('any-look', {
  'objectRef.apiGroup': 'batch',
  verb: ['get', 'list', 'watch'],
});
const EVERYTHING = detectionRule('everything', { 'user.username': OPERATOR });
const SECRETS = detectionRule('secrets-read', { 'objectRef.resource': 'secrets', verb: ['get', 'list'] });

/** What it asks beside its work, and no Alert makes it ask again: which kinds there are. */
const BESIDES = ['everything: read Allowed request paths'];

describe('the operator’s own requests', () => {
  let cluster: TestCluster;
  let operator: OperatorProcess;
  before(async () => {
    cluster = await TestCluster.start();
    for (const rule of [WRITES, LOOKS, SECRETS, EVERYTHING]) await cluster.apply(rule);
    operator = await cluster.startOperator();
    // Alerts, their statuses, Events, look-ups, Leases and statuses of rules: everything that it does.
    await cluster.apply(cronJob('nightly'), 'alice');
    await cluster.apply(cronJob('nightly', { labels: { again: 'yes' } }), 'alice');
    await assertCountsEqualRecount(cluster);
  });
  after(() => cluster.stop());

  /** `rule: operation outcome target` of the Alerts about what somebody did. */
  async function raisedBy(actor: string): Promise<readonly string[]> {
    await cluster.settled();
    return (await cluster.alerts())
      .filter(({ finding }) => finding.actor === actor && finding.rule.name !== 'e2e-marker')
      .map(({ finding }) => `${finding.rule.name}: ${finding.operation} ${finding.outcome} ${finding.target}`)
      .sort();
  }

  it('raise nothing, whatever rules say, and are counted in a metric', async () => {
    assert.deepEqual(await raisedBy(OPERATOR), BESIDES);
    const own = await operator.metric('sigma_operator_own_requests_total', { source: 'kube-apiserver' });
    assert.ok(own >= 10, String(own));
  });

  it('are told from the same done by somebody else', async () => {
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'x', namespace: 'sigma-operator' },
    };
    await cluster.apply(lease);
    await cluster.api.json({
      method: 'POST',
      path: '/apis/detection.sigma-operator.dev/v1alpha1/alerts',
      body: {
        apiVersion: 'detection.sigma-operator.dev/v1alpha1',
        kind: 'Alert',
        metadata: { name: 'decoy' },
        finding: {
          rule: { name: 'none', title: 'None' },
          severity: 'low',
          actor: 'nobody',
          operation: 'create',
          outcome: 'Allowed',
          summary: 'nothing',
          target: 'nothing',
          targetRef: {},
        },
      },
    });
    await cluster.kubectl('get cronjobs', 'alice');
    assert.deepEqual(await raisedBy('admin'), [
      'any-write: create Allowed alerts.detection.sigma-operator.dev decoy',
      'any-write: create Allowed leases.coordination.k8s.io sigma-operator/x',
    ]);
    assert.ok((await raisedBy('alice')).includes('any-look: read Allowed cronjobs.batch default/*'));
  });

  it('are told from what else somebody does with the operator’s token', async () => {
    const token = cluster.operatorToken;
    const codes = [
      await cluster.api.send({ token, path: '/api/v1/namespaces/kube-system/secrets' }),
      await cluster.api.send({ token, method: 'POST', path: CRONJOBS_PATH, body: cronJob('planted') }),
      await cluster.api.send({ token, path: '/apis/batch/v1/cronjobs' }),
      await cluster.api.send({
        token,
        method: 'POST',
        path: '/apis/detection.sigma-operator.dev/v1alpha1/detectionrules',
        body: WRITES,
      }),
    ].map(({ code }) => code);
    assert.deepEqual(codes, [403, 403, 403, 403]);
    const raised = (await raisedBy(OPERATOR)).filter((text) => !text.startsWith('everything: '));
    assert.deepEqual(raised, [
      'any-look: read Denied cronjobs.batch',
      'any-write: create Denied detectionrules.detection.sigma-operator.dev',
      'kubernetes-audit-cronjob-modification: create Denied cronjobs.batch default/*',
      'secrets-read: read Denied secrets kube-system/*',
    ]);
  });

  itWasDeniedNothing(() => cluster);
});
