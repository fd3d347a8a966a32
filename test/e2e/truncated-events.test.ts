import assert from 'node:assert/strict';
import type { Alert } from '../../src/api/alert.generated.ts';
import { detectionRule, sigmaText, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';

const EVERYTHING = { yaml: 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: RequestResponse}]\n' };
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe('events that the API server cuts off', () => {
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.start({
      controllerManager: false,
      audit: { policy: EVERYTHING },
      apiServerFlags: [
        '--audit-log-truncate-enabled',
        '--audit-log-truncate-max-event-size=4096',
        '--audit-log-truncate-max-batch-size=65536',
      ],
    });
    await cluster.startOperator();
    const creates = { verb: 'create', 'objectRef.resource': 'configmaps', 'objectRef.namespace': 'default' };
    const body = sigmaText('Token in a ConfigMap', { ...creates, 'requestObject.data.token': '*' });
    await cluster.apply(detectionRule('token', body));
    await cluster.apply(detectionRule('any', sigmaText('Any ConfigMap', creates)));
    await whenReady(cluster, 'token');
    await whenReady(cluster, 'any');
    const padding = 'x'.repeat(8192);
    for (const [name, data] of [
      ['with-token', { token: 'a' }],
      ['without', { other: 'a' }],
      ['padded-with-token', { token: 'a', padding }],
      ['padded', { padding }],
    ] as const) {
      await cluster.api.json({ method: 'POST', path: CONFIG_MAPS, body: { metadata: { name }, data } });
    }
    await cluster.settled();
  });
  after(() => cluster.stop());

  const byObject = async (rule: string): Promise<ReadonlyMap<string, Alert>> =>
    new Map((await cluster.alerts(rule)).map((alert) => [alert.finding.targetRef.name ?? '', alert]));

  it('may match where the rule tests a body, and are marked; others are certain', async () => {
    const alerts = await byObject('token');
    const marks = [...alerts].map(([name, { status }]) => `${name} ${status?.count} ${status?.undetermined ?? 0}`);
    assert.deepEqual(marks.sort(), ['padded 1 1', 'padded-with-token 1 1', 'with-token 1 0']);
    assert.deepEqual(
      alerts.get('padded')?.status?.samples?.map(({ undetermined }) => undetermined),
      [true],
    );
    assert.match(
      alerts.get('padded')?.status?.evidence?.join('\n') ?? '',
      /data\.token.*; unknown, the body was cut off/,
    );
    assert.doesNotMatch(alerts.get('with-token')?.status?.evidence?.join('\n') ?? '', /unknown/);
  });

  it('match for certain where the rule tests nothing in the body', async () => {
    const alerts = await byObject('any');
    assert.equal(alerts.size, 4);
    for (const { status } of alerts.values()) assert.equal(status?.undetermined, undefined);
  });

  it('are marked in what people see: kubectl get -o wide, kubectl describe, and the Event', async () => {
    const { metadata } = (await byObject('token')).get('padded') ?? assert.fail();
    const table = (await cluster.kubectl(['get', 'alert', metadata.name, '-o', 'wide'])).stdout;
    const [head = '', row = ''] = table.split('\n');
    assert.match(head, /UNDETERMINED\s*$/);
    assert.match(row, / 1\s*$/);
    const described = (await cluster.kubectl(['describe', 'alert', metadata.name])).stdout;
    assert.match(described, /^ +Undetermined: +1$/m);
    assert.match(described, /^ +Undetermined: +true$/m);
    await eventually(async () => {
      const events = (await cluster.kubectl(['get', 'events', '-n', 'default', '-o', 'json'])).stdout;
      const notes = (JSON.parse(events) as { items: { message: string; involvedObject: { name: string } }[] }).items;
      const about = notes.filter(
        ({ involvedObject, message }) => involvedObject.name === 'padded' && message.startsWith('Token'),
      );
      assert.match(about[0]?.message ?? '', /Undetermined: the log lacks its bodies, which the rule tests\.$/);
    });
  });
});
