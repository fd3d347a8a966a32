import assert from 'node:assert/strict';
import type { RuleChoices } from '../../../src/alerts/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import type { AuditEvent } from '../../../src/audit/index.ts';
import { EventPublisher } from '../../../src/controllers/alert/event-publisher.ts';
import type { Occurrence } from '../../../src/kube/index.ts';
import { AlertObjects } from './alert-objects.ts';
import { pendingAlert } from './pending.ts';
import { detectionRule } from './rules.ts';

const never = new AbortController().signal;

describe('the publisher of Events', () => {
  let recorded: { readonly occurrence: Occurrence; readonly count: number | undefined }[];
  let lookedUp: string[];
  let ruleIsThere: boolean;
  let alert: Alert;
  beforeEach(async () => {
    recorded = [];
    lookedUp = [];
    ruleIsThere = true;
    const finding = { rule: { name: 'test', title: 'Test' }, severity: 'low', summary: '', target: '' } as const;
    alert = await new AlertObjects().create({
      metadata: { name: 'test-abc' },
      finding: { ...finding, actor: 'alice', operation: 'change', outcome: 'Allowed', targetRef: {} },
    });
  });

  const publisher = (served = true): EventPublisher =>
    new EventPublisher({
      recorder: { record: (occurrence, count) => recorded.push({ occurrence, count }) },
      kinds: { find: async () => (served ? { kind: 'CronJob', namespaced: true } : undefined) },
      lookUp: {
        uid: async ({ name }, _kind, created) => {
          lookedUp.push(created ? `${name} created` : name);
          return `uid of ${name}`;
        },
      },
      ruleNamed: (name) =>
        ruleIsThere ? { ...detectionRule(1, { sigma: '' }), metadata: { name, uid: 'uid of the rule' } } : undefined,
    });
  const publish = async (
    changes: Partial<AuditEvent> = {},
    choices: RuleChoices = {},
    offsets = [100],
    served = true,
  ) => {
    const pending = pendingAlert(offsets, changes, choices);
    await publisher(served).publish(pending, alert, pending.hits, never);
    return recorded.map(({ occurrence }) => occurrence);
  };

  it('tells about the object that was touched, related to the Alert', async () => {
    assert.deepEqual(await publish(), [
      {
        regarding: {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          namespace: 'shop',
          name: 'nightly',
          uid: 'uid of nightly',
        },
        related: {
          apiVersion: 'detection.sigma-operator.dev/v1alpha1',
          kind: 'Alert',
          name: 'test-abc',
          uid: alert.metadata.uid,
        },
        type: 'Warning',
        reason: 'DetectionMatch',
        action: 'Change',
        note: 'Test: alice patched cronjobs.batch shop/nightly from 10.0.0.7 with kubectl/v1.37.2. Allowed (200).',
      },
    ]);
  });

  it('tells of the same again once, with how often', async () => {
    await publish({}, {}, [100, 200, 300]);
    assert.deepEqual(
      recorded.map(({ count }) => count),
      [3],
    );
    assert.deepEqual(lookedUp, ['nightly']);
  });

  it('says nothing for a rule that wants no Events', async () => {
    assert.deepEqual(await publish({}, { alert: { events: 'None' } }), []);
    assert.deepEqual(lookedUp, []);
  });

  it('takes the uid that the log knows', async () => {
    const objectRef = {
      resource: 'cronjobs',
      apiGroup: 'batch',
      apiVersion: 'v1',
      namespace: 'shop',
      name: 'a',
      uid: 'logged',
    };
    const [occurrence] = await publish({ objectRef });
    assert.equal(occurrence?.regarding.uid, 'logged');
    assert.deepEqual(lookedUp, []);
  });

  it('asks anew about an object that was created', async () => {
    await publish({ verb: 'create' });
    assert.deepEqual(lookedUp, ['nightly created']);
  });

  const onTheAlert: readonly [title: string, changes: Partial<AuditEvent>, served: boolean][] = [
    [
      'no object',
      { objectRef: { resource: 'cronjobs', apiGroup: 'batch', apiVersion: 'v1', namespace: 'shop' } },
      true,
    ],
    ['no resource at all', { objectRef: undefined, requestURI: '/version' } as unknown as Partial<AuditEvent>, true],
    ['a kind that the API does not serve', {}, false],
    [
      'a version that is not known',
      { objectRef: { resource: 'cronjobs', apiGroup: 'batch', namespace: 'shop', name: 'a' } },
      true,
    ],
    [
      'only the prefix of a name',
      {
        verb: 'create',
        objectRef: { resource: 'cronjobs', apiGroup: 'batch', apiVersion: 'v1', namespace: 'shop' },
        requestObject: { metadata: { generateName: 'a-' } },
      },
      true,
    ],
  ];
  for (const [title, changes, served] of onTheAlert) {
    it(`tells about the Alert where there is ${title}`, async () => {
      const [occurrence] = await publish(changes, {}, [100], served);
      assert.equal(occurrence?.regarding.kind, 'Alert');
      assert.equal(occurrence.regarding.uid, alert.metadata.uid);
      assert.equal(occurrence.related, undefined);
    });
  }

  it('names a cluster-scoped object and one of the core group', async () => {
    const objectRef = { resource: 'nodes', apiVersion: 'v1', name: 'worker' };
    const [occurrence] = await publish({ objectRef });
    assert.deepEqual(occurrence?.regarding, {
      apiVersion: 'v1',
      kind: 'CronJob',
      name: 'worker',
      uid: 'uid of worker',
    });
  });

  it('tells about the rule, where the rule says so, and looks at no object', async () => {
    const [occurrence] = await publish({}, { alert: { events: 'Rule' } });
    const { kind, name, uid } = occurrence?.regarding ?? {};
    assert.deepEqual([kind, name, uid], ['DetectionRule', 'test', 'uid of the rule']);
    assert.equal(occurrence?.related?.kind, 'Alert');
    assert.deepEqual(lookedUp, []);
  });

  it('tells about the Alert where the rule is gone', async () => {
    ruleIsThere = false;
    const [occurrence] = await publish({}, { alert: { events: 'Rule' } });
    assert.equal(occurrence?.regarding.kind, 'Alert');
  });

  for (const state of ['Acknowledged', 'FalsePositive'] as const) {
    it(`is quiet about an Alert that people know of: ${state}`, async () => {
      alert = { ...alert, status: { state } };
      assert.deepEqual(await publish(), []);
    });
  }

  for (const state of ['Open', 'Reopened'] as const) {
    it(`is not quiet about an Alert that nobody has dealt with: ${state}`, async () => {
      alert = { ...alert, status: { state } };
      assert.equal((await publish()).length, 1);
    });
  }

  it('tells of few objects each, and of many at once in one Event about the Alert', async () => {
    const pending = pendingAlert([100]);
    const [hit] = pending.hits;
    assert.ok(hit?.touched);
    const { touched } = hit;
    const hits = Array.from({ length: 25 }, (_, n) => ({ ...hit, touched: { ...touched, name: `job-${n}` } }));
    await publisher().publish(pending, alert, hits, never);
    assert.equal(recorded.length, 11);
    const last = recorded.at(-1);
    assert.deepEqual([last?.occurrence.regarding.kind, last?.count], ['Alert', 15]);
  });

  it('tells of what found no room once, about the Alert that counts it', async () => {
    alert = { ...alert, finding: { ...alert.finding, overflow: true } };
    const [occurrence, ...others] = await publish({}, {}, [100, 200]);
    assert.deepEqual(others, []);
    assert.deepEqual([occurrence?.reason, occurrence?.regarding.kind], ['DetectionOverflow', 'Alert']);
    assert.match(occurrence?.note ?? '', /^Test: there are too many Alerts of this rule/);
    assert.equal(recorded[0]?.count, 2);
  });
});
