import assert from 'node:assert/strict';
import { ReplicaRegistry } from '../../../src/controllers/replica/replica-registry.ts';
import { type Lease, Store } from '../../../src/kube/index.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { nodeLease, nodeReport, partition, replicaLease } from './reports.ts';

describe('the registry of replicas', () => {
  let clock: FakeClock;
  let store: Store<Lease>;
  let registry: ReplicaRegistry;
  let heard: string[];
  beforeEach(() => {
    clock = new FakeClock();
    store = new Store();
    heard = [];
    registry = new ReplicaRegistry(store, clock, {
      replicasChanged: () => heard.push('replicas'),
      nodesChanged: () => heard.push('nodes'),
    });
  });

  const totals = (matches: number) => ({ matches, leftOut: { outcome: 1, dryRun: 0 } });

  describe('tells on how many replicas a version runs', () => {
    const hash = 'abcdef0123456789';
    const cases: readonly [title: string, reported: string | undefined, runs: boolean][] = [
      ['this generation and text', '2:abcdef012345', true],
      ['a newer generation of this text', '3:abcdef012345', true],
      ['an older generation of this text', '1:abcdef012345', false],
      ['another text', '2:000000000000', false],
      ['no version of it', undefined, false],
      ['nonsense', 'x', false],
    ];
    for (const [title, reported, runs] of cases) {
      it(`where one reports ${title}`, () => {
        store.set(replicaLease('a', { test: '2:abcdef012345' }));
        store.set(replicaLease('b', reported === undefined ? {} : { test: reported }));
        assert.deepEqual(registry.running('test', 2, hash), { running: runs ? 2 : 1, total: 2 });
      });
    }
  });

  it('does not count a replica that has been silent for its Lease’s time, and counts it again when it speaks', async () => {
    store.set(replicaLease('a', {}, 0));
    await clock.advance(39_000);
    assert.deepEqual([...registry.alive()], ['sigma-operator/replica-a']);
    await clock.advance(2000);
    assert.deepEqual([...registry.alive()], []);
    assert.deepEqual(registry.running('test', 1, ''), { running: 0, total: 0 });
    assert.deepEqual(registry.silentFor(40), ['sigma-operator/replica-a']);
    store.set(replicaLease('a', {}, 1));
    assert.deepEqual([...registry.alive()], ['sigma-operator/replica-a']);
    assert.deepEqual(registry.silentFor(40), []);
  });

  it('takes a Lease that is touched by others for no sign of life', async () => {
    store.set(replicaLease('a', {}, 0));
    await clock.advance(30_000);
    store.set(replicaLease('a', {}, 0));
    await clock.advance(11_000);
    assert.deepEqual([...registry.alive()], []);
  });

  it('tells of changes, and not of renewals', () => {
    store.set(replicaLease('a', { test: '1:x' }, 0));
    store.set(replicaLease('a', { test: '1:x' }, 1));
    store.set(replicaLease('a', { test: '2:x' }, 2));
    store.delete(replicaLease('a', {}, 3));
    assert.deepEqual(heard, ['replicas', 'replicas', 'replicas']);
    assert.deepEqual(registry.running('test', 1, 'x'), { running: 0, total: 0 });
  });

  it('knows who reads a node’s logs: nobody where the Lease was given up, or not renewed in its time', async () => {
    const holders = () => Object.fromEntries([...registry.nodes()].map(([name, { holder }]) => [name, holder]));
    store.set(nodeLease(nodeReport('one'), 'a', 0));
    store.set(nodeLease(nodeReport('two'), 'b', 0));
    store.set(nodeLease(nodeReport('three'), '', 0));
    assert.deepEqual(holders(), { 'node-one': 'a', 'node-two': 'b', 'node-three': undefined });
    await clock.advance(10_000);
    store.set(nodeLease(nodeReport('two'), 'b', 1));
    await clock.advance(6000);
    assert.deepEqual(holders(), { 'node-one': undefined, 'node-two': 'b', 'node-three': undefined });
    assert.deepEqual([...registry.alive()], ['node-two']);
    store.set(nodeLease(nodeReport('one'), 'c', 0));
    await clock.advance(0);
    assert.equal(holders()['node-one'], undefined, 'another name without a renewal is no sign of life');
    store.set(nodeLease(nodeReport('one'), 'c', 1));
    assert.equal(holders()['node-one'], 'c');
  });

  it('sums up what rules did over all nodes, also over those whose logs nobody reads now', () => {
    store.set(nodeLease(nodeReport('one', { partition: partition(1, { totals: { test: totals(2) } }) }), 'a'));
    store.set(
      nodeLease(nodeReport('two', { partition: partition(1, { totals: { test: totals(3), other: totals(1) } }) }), ''),
    );
    assert.deepEqual(registry.totals(), {
      test: { matches: 5, leftOut: { outcome: 2, dryRun: 0 } },
      other: { matches: 1, leftOut: { outcome: 1, dryRun: 0 } },
    });
    assert.deepEqual(heard, ['nodes', 'nodes']);
  });

  it('ignores other Leases, and ones whose report it cannot read', () => {
    const { metadata, ...rest } = nodeLease(nodeReport('one'), 'a');
    store.set({ ...rest, metadata: { ...metadata, labels: {} } });
    store.set({ ...rest, metadata: { ...metadata, name: 'node-damaged', annotations: { unknown: '{}' } } });
    assert.equal(registry.nodes().size, 0);
    assert.deepEqual(heard, []);
  });
});
