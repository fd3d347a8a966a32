import assert from 'node:assert/strict';
import { PrimaryWatch } from '../../../src/controllers/audit-source/primary-watch.ts';
import { type Lease, Store } from '../../../src/kube/index.ts';
import { nodeLease, nodeReport, partition } from './reports.ts';

describe('the watch over what a backup is the backup of', () => {
  const gaps = [{ from: 1, to: 2 }];
  const one = nodeLease(nodeReport('one', { partition: partition(1, { countedTo: 5, timeGaps: gaps }) }), 'a');
  const two = nodeLease(nodeReport('two', { partition: partition(1) }), 'b');
  const { metadata, ...rest } = nodeLease(nodeReport('receiver', { partition: partition(1, { countedTo: 9 }) }), 'c');
  const receiver: Lease = { ...rest, metadata: { ...metadata, name: 'receiver' } };

  it('says how far each node is, of whom it is known', () => {
    const store = new Store<Lease>();
    const watch = new PrimaryWatch(store);
    store.replace([one, two, receiver]);
    assert.deepEqual(watch.of('kube-apiserver'), [
      { origin: 'one', countedTo: 5, gaps },
      { origin: 'two', countedTo: 0, gaps: [] },
    ]);
    assert.deepEqual(watch.of('other'), []);
    store.delete(one);
    assert.deepEqual(
      watch.of('kube-apiserver').map(({ origin }) => origin),
      ['two'],
    );
  });

  it('says nothing before it knows all', () => {
    const store = new Store<Lease>();
    const watch = new PrimaryWatch(store);
    store.set(one);
    assert.deepEqual(watch.of('kube-apiserver'), []);
  });

  it('tells of changes, until it is told to stop', () => {
    const store = new Store<Lease>();
    const watch = new PrimaryWatch(store);
    let heard = 0;
    const stop = watch.onChange(() => {
      heard += 1;
    });
    store.set(one);
    store.set(two);
    stop();
    store.delete(two);
    assert.equal(heard, 2);
  });
});
