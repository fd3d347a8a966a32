import assert from 'node:assert/strict';
import type { Alert } from '../../src/api/alert.generated.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { detectionRule } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';
import { TRIAGER, TRIAGER_BINDING } from './support/triager.ts';
import { USERS } from './support/users.ts';

const ALERTS = '/apis/detection.sigma-operator.dev/v1alpha1/alerts';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
/** May write everything about Alerts. */
const EDITOR = 'admin';

describe('triage', () => {
  let cluster: TestCluster;
  let name: string;
  before(async () => {
    cluster = await TestCluster.start({ users: [...USERS, { name: TRIAGER }] });
    await cluster.apply(TRIAGER_BINDING);
    await cluster.apply(detectionRule('creates', { 'objectRef.resource': 'configmaps', verb: 'create' }));
    await cluster.startOperator({ flags: ['--look-up', 'configmaps'] });
    await createConfigMap('first');
    [name = ''] = (await cluster.alerts('creates')).map(({ metadata }) => metadata.name);
    assert.equal((await alert()).status?.state, 'Open');
  });
  after(() => cluster.stop());

  /** Each is an Alert of its own for alice; for the ServiceAccount they are one. */
  const createConfigMap = async (object: string): Promise<void> => {
    const token = await cluster.plane.serviceAccountToken('default', 'robot');
    await cluster.api.send({ method: 'POST', path: CONFIG_MAPS, token, body: { metadata: { name: object } } });
    await cluster.settled();
  };
  const alert = async (): Promise<Alert> => await cluster.api.json({ path: `${ALERTS}/${name}` });
  const patch = async (body: object, as = TRIAGER): Promise<{ readonly code: number; readonly text: string }> =>
    await cluster.api.send({ method: 'PATCH', path: `${ALERTS}/${name}`, as, body });
  const triage = async (state: string, more: object = {}, as = TRIAGER): Promise<number> =>
    (await patch({ triage: { state, by: as, ...more } }, as)).code;
  const reads = async (state: string): Promise<void> => {
    await eventually(async () => assert.equal((await alert()).status?.state, state));
  };
  const events = async (): Promise<number> => {
    const path = '/apis/events.k8s.io/v1/events';
    interface Listed {
      readonly items: readonly { readonly reason: string; readonly series?: { readonly count: number } }[];
    }
    const { items } = await cluster.api.json<Listed>({ path });
    return items
      .filter(({ reason }) => reason === 'DetectionMatch')
      .reduce((sum, { series }) => sum + (series?.count ?? 1), 0);
  };

  it('shows in the Alert’s state at once, with its time', async () => {
    const before = Date.now();
    assert.equal(await triage('Acknowledged', { assignee: 'bob', comment: 'on it' }), 200);
    await reads('Acknowledged');
    const { status, triage: written } = await alert();
    assert.deepEqual(written, { state: 'Acknowledged', by: TRIAGER, assignee: 'bob', comment: 'on it' });
    const stamped = Date.parse(status?.triagedAt ?? '');
    assert.ok(stamped >= before - 1000 && stamped <= Date.now() + 1000, status?.triagedAt);
  });

  it('Acknowledged, and FalsePositive: it counts on quietly', async () => {
    for (const state of ['Acknowledged', 'FalsePositive']) {
      assert.equal(await triage(state), 200);
      await reads(state);
      const before = { count: (await alert()).status?.count ?? 0, events: await events() };
      await createConfigMap(`again-${state.toLowerCase()}`);
      const after = await alert();
      assert.deepEqual([after.status?.count, after.status?.state], [before.count + 1, state]);
      assert.equal(await events(), before.events);
    }
  });

  it('Resolved: it reads Reopened when it happens again, and can be resolved again', async () => {
    assert.equal(await triage('Resolved', { comment: 'token revoked' }), 200);
    await reads('Resolved');
    await createConfigMap('again-resolved');
    assert.equal((await alert()).status?.state, 'Reopened');
    assert.equal(await triage('Resolved', { comment: 'node rebuilt' }), 200);
    await reads('Resolved');
  });

  it('can be taken back', async () => {
    assert.equal(await triage('Open', { comment: 'not sure any more' }), 200);
    await reads('Open');
  });

  const refused: readonly (readonly [string, object, RegExp])[] = [
    ['in somebody else’s name', { triage: { state: 'Open', by: 'bob' } }, /triage\.by must be who changes the triage/],
    ['in no name', { triage: null }, /triage\.by must be who changes the triage/],
    [
      'together with the finding',
      { triage: { state: 'Open', by: EDITOR }, finding: { actor: 'nobody' } },
      /cannot be changed/,
    ],
    ['together with a label', { triage: { state: 'Open', by: EDITOR }, metadata: { labels: { a: 'b' } } }, /labels/],
    ['that is an annotation', { metadata: { annotations: { a: 'b' } } }, /annotations/],
    ['that adds a finalizer', { metadata: { finalizers: ['example.com/stay'] } }, /finalizers/],
    [
      'that adds an owner, which would let the garbage collector delete the evidence',
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'gone' }] } },
      /owner/,
    ],
    ['with a state that does not exist', { triage: { state: 'Closed', by: EDITOR } }, /Unsupported value/],
  ];
  for (const [what, body, message] of refused) {
    it(`is refused ${what}, whoever asks`, async () => {
      assert.equal(await triage('Acknowledged'), 200);
      for (const as of [TRIAGER, EDITOR]) {
        const mine: object = JSON.parse(JSON.stringify(body).replace(`"by":"${EDITOR}"`, `"by":"${as}"`));
        const { code, text } = await patch(mine, as);
        assert.ok(code === 403 || code === 422, `${code}: ${text}`);
        assert.match(text, message);
      }
    });
  }

  it('is refused of an assignee alone, in the name of who triaged before', async () => {
    assert.equal(await triage('Acknowledged'), 200);
    const { code, text } = await patch({ triage: { assignee: 'carol' } }, EDITOR);
    assert.equal(code, 403, text);
    assert.equal((await patch({ triage: { assignee: 'carol' } })).code, 200);
  });

  it('is all that a triager can do', async () => {
    const asTriager = async (method: 'GET' | 'PUT' | 'DELETE' | 'PATCH' | 'POST', path: string, body?: object) =>
      (await cluster.api.send({ method, path, as: TRIAGER, ...(body && { body }) })).code;
    assert.equal(await asTriager('GET', ALERTS), 200);
    assert.equal(await asTriager('DELETE', `${ALERTS}/${name}`), 403);
    assert.equal(await asTriager('DELETE', ALERTS), 403);
    assert.equal(await asTriager('PATCH', `${ALERTS}/${name}/status`, { status: { count: 0 } }), 403);
    assert.equal(await asTriager('POST', ALERTS, await alert()), 403);
    assert.equal(await asTriager('GET', CONFIG_MAPS), 403);
    assert.equal(await asTriager('GET', ALERTS.replace('alerts', 'detectionrules')), 403);
  });

  it('cannot be made up with a new Alert', async () => {
    const { finding } = await alert();
    const forged = { metadata: { name: 'forged' }, finding, triage: { state: 'FalsePositive', by: 'bob' } };
    const { code, text } = await cluster.api.send({ method: 'POST', path: ALERTS, body: { ...forged, ...TYPE } });
    assert.equal(code, 403, text);
  });

  it('is not in the way of a deletion in the foreground', async () => {
    await cluster.kubectl(`delete alert ${name} --cascade=foreground --wait=false`);
    // The garbage collector learns of new kinds every 30 seconds.
    await cluster.kubectl(`wait alert ${name} --for=delete --timeout=100s`);
  });

  itWasDeniedNothing(() => cluster);
});

const TYPE = { apiVersion: 'detection.sigma-operator.dev/v1alpha1', kind: 'Alert' };
