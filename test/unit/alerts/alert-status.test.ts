import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AlertStatus, counted, type Hit } from '../../../src/alerts/index.ts';

function hit(offset: number, changes: Partial<Hit> = {}): Hit {
  return {
    position: { generation: 1, offset },
    time: `2026-11-24T05:${String(offset % 60).padStart(2, '0')}:00.000000Z`,
    ruleHash: 'aa',
    auditID: `id-${offset}`,
    verb: 'patch',
    requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly',
    touched: {
      apiGroup: 'batch',
      apiVersion: 'v1',
      resource: 'cronjobs',
      subresource: '',
      namespace: 'shop',
      name: 'nightly',
      uid: undefined,
    },
    sourceIP: '10.0.0.7',
    userAgent: 'kubectl/v1.37.2',
    code: 200,
    pod: undefined,
    undetermined: false,
    ...changes,
  };
}

describe('alert status', () => {
  it('tells how often, when, from where, on what', () => {
    const { status } = counted(undefined, 'src/node-1', [hit(10), hit(20, { sourceIP: '10.0.0.8', code: 201 })]);
    assert.deepEqual(status, {
      count: 2,
      firstSeen: '2026-11-24T05:10:00.000000Z',
      lastSeen: '2026-11-24T05:20:00.000000Z',
      objects: { values: [{ value: 'shop/nightly', count: 2 }] },
      verbs: { values: [{ value: 'patch', count: 2 }] },
      sourceIPs: {
        values: [
          { value: '10.0.0.7', count: 1 },
          { value: '10.0.0.8', count: 1 },
        ],
      },
      userAgents: { values: [{ value: 'kubectl/v1.37.2', count: 2 }] },
      responseCodes: {
        values: [
          { value: '200', count: 1 },
          { value: '201', count: 1 },
        ],
      },
      ruleHashes: { values: [{ value: 'aa', count: 2 }] },
      samples: [
        {
          time: '2026-11-24T05:10:00.000000Z',
          auditID: 'id-10',
          verb: 'patch',
          object: 'cronjobs shop/nightly',
          requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly',
          code: 200,
          sourceIP: '10.0.0.7',
          userAgent: 'kubectl/v1.37.2',
        },
        {
          time: '2026-11-24T05:20:00.000000Z',
          auditID: 'id-20',
          verb: 'patch',
          object: 'cronjobs shop/nightly',
          requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly',
          code: 201,
          sourceIP: '10.0.0.8',
          userAgent: 'kubectl/v1.37.2',
        },
      ],
      display: { sourceIPs: '10.0.0.7 (+1)', userAgents: 'kubectl/v1.37.2' },
      partitions: [{ name: 'src/node-1', position: '1:20', count: 2 }],
    } satisfies AlertStatus);
  });

  it('keeps the first three requests as samples, and the last one', () => {
    const first = counted(undefined, 'p', [hit(1), hit(2), hit(3), hit(4), hit(5)]).status;
    assert.deepEqual(
      first.samples?.map(({ auditID }) => auditID),
      ['id-1', 'id-2', 'id-3', 'id-5'],
    );
    const then = counted(first, 'p', [hit(6)]).status;
    assert.deepEqual(
      then.samples?.map(({ auditID }) => auditID),
      ['id-1', 'id-2', 'id-3', 'id-6'],
    );
  });

  it('keeps at most 32 values and counts the rest', () => {
    const hits = Array.from({ length: 40 }, (_, index) => hit(index + 1, { sourceIP: `10.0.0.${index}` }));
    const { status } = counted(undefined, 'p', hits);
    assert.equal(status.sourceIPs?.values.length, 32);
    assert.equal(status.sourceIPs?.overflow, 8);
    assert.equal(status.display?.sourceIPs, '10.0.0.0 (+31 or more)');
  });

  it('is unchanged by hits that were counted before', () => {
    const { status } = counted(undefined, 'p', [hit(10), hit(20)]);
    assert.deepEqual(counted(status, 'p', [hit(10), hit(20)]), { status, hits: [] });
    assert.equal(counted(status, 'q', [hit(10)]).status.count, 3, 'another partition has its own positions');
  });

  it('counts each hit once, however the hits are split into batches and however often a batch is repeated', () => {
    const run = fc.record({
      partition: fc.constantFrom('a', 'b'),
      sizes: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), fc.infiniteStream(fc.nat(3)), (runs, repeats) => {
        let status: AlertStatus | undefined;
        const offsets: Record<string, number> = { a: 0, b: 0 };
        let total = 0;
        for (const { partition, sizes } of runs) {
          // A replica that crashes goes back to its checkpoint: the batches of a run come again, from the first one.
          const start = offsets[partition] ?? 0;
          const batches = sizes.map((size, index) => {
            const before = start + sizes.slice(0, index).reduce((sum, each) => sum + each, 0);
            return Array.from({ length: size }, (_, at) => hit(before + at + 1));
          });
          for (let again = 1 + (repeats.next().value ?? 0); again > 0; again--) {
            const upTo = again === 1 ? batches.length : (repeats.next().value ?? 0);
            for (const batch of batches.slice(0, upTo)) status = counted(status, partition, batch).status;
          }
          const added = sizes.reduce((sum, size) => sum + size, 0);
          offsets[partition] = start + added;
          total += added;
        }
        assert.equal(status?.count ?? 0, total);
        assert.equal(sum(status?.partitions), total);
        assert.equal(sum(status?.verbs?.values), total);
      }),
    );
  });
});

function sum(entries: readonly { readonly count: number }[] = []): number {
  return entries.reduce((total, { count }) => total + count, 0);
}
