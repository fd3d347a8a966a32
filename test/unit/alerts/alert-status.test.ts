import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AlertStatus, counted } from '../../../src/alerts/index.ts';
import { count, hit, touched } from './hits.ts';

describe('alert status', () => {
  it('tells how often, when, from where, on what, and why', () => {
    const { status } = count(undefined, 'src/node-1', [hit(10), hit(20, { sourceIP: '10.0.0.8', code: 201 })]);
    assert.deepEqual(status, {
      count: 2,
      firstSeen: '2026-11-24T05:10:00.000000Z',
      lastSeen: '2026-11-24T05:20:00.000000Z',
      objects: { 'cronjobs.batch shop/nightly': 2 },
      verbs: { patch: 2 },
      addresses: { '10.0.0.7': 1, '10.0.0.8': 1 },
      clients: { 'kubectl/v1.37.2': 2 },
      responseCodes: { '200': 1, '201': 1 },
      ruleHashes: { aa: 2 },
      from: '10.0.0.7 (+1) with kubectl/v1.37.2',
      evidence: ['verb is "patch"; found "patch"'],
      samples: [
        {
          at: '2026-11-24T05:10:00.000000Z',
          auditID: 'id-10',
          verb: 'patch',
          object: 'cronjobs.batch shop/nightly',
          requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly',
          code: 200,
          from: '10.0.0.7',
          client: 'kubectl/v1.37.2',
        },
        {
          at: '2026-11-24T05:20:00.000000Z',
          auditID: 'id-20',
          verb: 'patch',
          object: 'cronjobs.batch shop/nightly',
          requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly',
          code: 201,
          from: '10.0.0.8',
          client: 'kubectl/v1.37.2',
        },
      ],
      partitions: [{ name: 'src/node-1', position: '1:20', count: 2 }],
    } satisfies AlertStatus);
  });

  it('keeps the first three requests as samples, and the last one', () => {
    const first = count(undefined, 'p', [hit(1), hit(2), hit(3), hit(4), hit(5)]).status;
    assert.deepEqual(
      first.samples?.map(({ auditID }) => auditID),
      ['id-1', 'id-2', 'id-3', 'id-5'],
    );
    const then = count(first, 'p', [hit(6)]).status;
    assert.deepEqual(
      then.samples?.map(({ auditID }) => auditID),
      ['id-1', 'id-2', 'id-3', 'id-6'],
    );
  });

  it('names the busiest of many objects, and counts what it cannot name', () => {
    const applied = Array.from({ length: 200 }, (_, index) => touched(`job-${index}`));
    const busy = Array.from({ length: 40 }, () => touched('busy'));
    const hits = [...applied, ...busy, ...applied].map((object, index) => hit(index + 1, { touched: object }));
    const { status } = count(undefined, 'p', hits);
    assert.equal(Object.keys(status.objects ?? {}).length, 32);
    assert.ok((status.objects?.['cronjobs.batch shop/busy'] ?? 0) >= 40);
    const listed = Object.values(status.objects ?? {}).reduce((sum, n) => sum + n, 0);
    assert.equal(listed + (status.unlisted?.['objects'] ?? 0), hits.length);
    assert.equal(status.count, hits.length);
  });

  it('tells who, where the Alert is about whoever did it', () => {
    const hits = [hit(1), hit(2, { actor: 'bob', impersonated: 'system:admin' }), hit(3)];
    const counting = { partition: 'p', hits, evidence: [], anyActor: true };
    const { actors, identities } = counted(undefined, counting).status;
    assert.deepEqual({ actors, identities }, { actors: { alice: 2, bob: 1 }, identities: { 'system:admin': 1 } });
    assert.equal(count(undefined, 'p', hits).status.actors, undefined);
  });

  it('counts dry runs and undetermined matches among the others', () => {
    const { status } = count(undefined, 'p', [hit(1), hit(2, { dryRun: true }), hit(3, { undetermined: true })]);
    assert.deepEqual([status.count, status.dryRuns, status.undetermined], [3, 1, 1]);
    assert.deepEqual(
      status.samples?.map(({ undetermined }) => undetermined),
      [undefined, undefined, true],
    );
  });

  it('holds values that would be dangerous as names of properties', () => {
    const hits = [hit(1, { userAgent: '__proto__' }), hit(2, { userAgent: 'constructor' })];
    const stored: AlertStatus = JSON.parse(JSON.stringify(count(undefined, 'p', hits).status));
    const { status } = count(stored, 'p', [hit(3, { userAgent: '__proto__' })]);
    assert.equal(JSON.stringify(status.clients), '{"__proto__":2,"constructor":1}');
  });

  it('is unchanged by hits that were counted before', () => {
    const { status } = count(undefined, 'p', [hit(10), hit(20)]);
    assert.deepEqual(count(status, 'p', [hit(10), hit(20)]), { status, hits: [] });
    assert.equal(count(status, 'q', [hit(10)]).status.count, 3, 'another partition has its own positions');
  });

  it('stays below 48 KiB whatever callers send, and is usually near 2 KiB', () => {
    const long = (index: number) => `${index}`.padStart(4, '0').repeat(500);
    const hits = Array.from({ length: 500 }, (_, index) =>
      hit(index, {
        touched: { ...touched(long(index)), subresource: `\u202e${long(index)}` },
        verb: long(index),
        sourceIP: long(index),
        userAgent: `名${long(index)}`,
        requestURI: long(index),
        auditID: long(index),
        pod: long(index),
        code: index,
        ruleHash: `${index}`.padStart(64, '0'),
      }),
    );
    const evidence = Array.from({ length: 16 }, () => 'x'.repeat(400));
    const hostile = counted(undefined, { partition: 'p', hits, evidence, anyActor: true }).status;
    assert.ok(Buffer.byteLength(JSON.stringify(hostile)) < 48 * 1024);
    const usual = count(undefined, 'kube-apiserver/node-1', [hit(1), hit(2), hit(3), hit(4)]).status;
    assert.ok(Buffer.byteLength(JSON.stringify(usual)) < 2048);
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
            for (const batch of batches.slice(0, upTo)) status = count(status, partition, batch).status;
          }
          const added = sizes.reduce((sum, size) => sum + size, 0);
          offsets[partition] = start + added;
          total += added;
        }
        assert.equal(status?.count ?? 0, total);
        assert.equal(
          (status?.partitions ?? []).reduce((sum, entry) => sum + entry.count, 0),
          total,
        );
        assert.equal(status?.verbs?.['patch'] ?? 0, total);
      }),
    );
  });

  it('is the same however the hits are split into batches, also where values find no room', () => {
    const names = fc.array(fc.nat(60), { minLength: 40, maxLength: 300 });
    fc.assert(
      fc.property(names, fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 }), (objects, sizes) => {
        const hits = objects.map((object, index) => hit(index + 1, { touched: touched(`job-${object}`) }));
        let status: AlertStatus | undefined;
        let at = 0;
        for (const size of [...sizes, hits.length]) {
          status = count(status, 'p', hits.slice(at, at + size)).status;
          // As the API server stores it: the keys of a map have no order of their own.
          status = JSON.parse(JSON.stringify(status, (_, value) => sortedKeys(value)));
          at += size;
        }
        assert.deepEqual(status, count(undefined, 'p', hits).status);
      }),
    );
  });
});

function sortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
