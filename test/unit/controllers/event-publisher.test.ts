import assert from 'node:assert/strict';
import type { RuleChoices } from '../../../src/alerts/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import type { AuditEvent } from '../../../src/audit/index.ts';
import { EventPublisher } from '../../../src/controllers/alert/event-publisher.ts';
import type { Occurrence } from '../../../src/kube/index.ts';
import { AlertObjects } from './alert-objects.ts';
import { pendingAlert } from './pending.ts';

const never = new AbortController().signal;

describe('the publisher of Events', () => {
  let recorded: { readonly occurrence: Occurrence; readonly count: number | undefined }[];
  let lookedUp: string[];
  let alert: Alert;
  beforeEach(async () => {
    recorded = [];
    lookedUp = [];
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
});
