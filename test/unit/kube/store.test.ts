import assert from 'node:assert/strict';
import { type Change, Store } from '../../../src/kube/index.ts';
import { RecordingLogger } from './recording-logger.ts';
import type { Thing } from './thing.ts';

const thing = (name: string, resourceVersion: string, rest: { uid?: string; colour?: string } = {}): Thing => ({
  apiVersion: 'example.dev/v1',
  kind: 'Thing',
  metadata: { namespace: 'n', name, resourceVersion, uid: rest.uid ?? `uid-of-${name}` },
  spec: { colour: rest.colour ?? 'red' },
});

const describeChange = (change: Change<Thing>) =>
  `${change.type} ${change.key}@${change.object.metadata.resourceVersion}${change.type === 'update' ? ` was @${change.old.metadata.resourceVersion}` : ''}`;

function watched(store: Store<Thing>): string[] {
  const seen: string[] = [];
  store.subscribe((change) => void seen.push(describeChange(change)));
  return seen;
}

describe('Store', () => {
  it('tells its handlers what happened to which object', () => {
    const store = new Store<Thing>();
    const seen = watched(store);
    store.set(thing('a', '1'));
    store.set(thing('a', '2'));
    store.delete(thing('a', '3'));
    store.delete(thing('b', '4'));
    assert.deepEqual(seen, ['add n/a@1', 'update n/a@2 was @1', 'delete n/a@2']);
    assert.equal(store.size, 0);
  });

  it('tells only the differences when everything is replaced', () => {
    const store = new Store<Thing>();
    store.replace([thing('a', '1'), thing('b', '1'), thing('c', '1')]);
    const seen = watched(store);
    seen.length = 0;
    store.replace([thing('b', '1'), thing('c', '2'), thing('d', '3')]);
    assert.deepEqual(seen, ['delete n/a@1', 'update n/c@2 was @1', 'add n/d@3']);
  });

  it('tells of an object that was deleted and made anew as of two', () => {
    const store = new Store<Thing>();
    const seen = watched(store);
    store.replace([thing('a', '1', { uid: 'first' })]);
    store.replace([thing('a', '9', { uid: 'second' })]);
    assert.deepEqual(seen, ['add n/a@1', 'delete n/a@1', 'add n/a@9']);
  });

  it('shows a late handler what is there', () => {
    const store = new Store<Thing>();
    store.set(thing('a', '1'));
    assert.deepEqual(watched(store), ['add n/a@1']);
  });

  it('no longer calls a handler that left', () => {
    const store = new Store<Thing>();
    let calls = 0;
    const leave = store.subscribe(() => calls++);
    store.set(thing('a', '1'));
    leave();
    store.set(thing('a', '2'));
    assert.equal(calls, 1);
  });

  it('is not harmed by a handler that throws, nor are the other handlers', () => {
    const logger = new RecordingLogger();
    const store = new Store<Thing>({ logger });
    store.subscribe(() => {
      throw new Error('broken handler');
    });
    const seen = watched(store);
    store.set(thing('a', '1'));
    assert.deepEqual(seen, ['add n/a@1']);
    assert.deepEqual(logger.at('error')[0]?.fields, { change: 'add', key: 'n/a', error: 'broken handler' });
  });

  it('tells a handler that joins during a change of the object once', () => {
    const store = new Store<Thing>();
    const seen: string[] = [];
    const leave = store.subscribe(() => {
      leave();
      store.subscribe((change) => void seen.push(describeChange(change)));
    });
    store.set(thing('a', '1'));
    assert.deepEqual(seen, ['add n/a@1']);
  });

  it('finds objects by index, as they are now', () => {
    const store = new Store<Thing>({
      indexers: { colour: ({ spec }) => (spec?.colour === undefined ? [] : [spec.colour]) },
    });
    store.replace([thing('a', '1', { colour: 'red' }), thing('b', '1', { colour: 'red' })]);
    store.set(thing('a', '2', { colour: 'blue' }));
    const names = (colour: string) => store.byIndex('colour', colour).map(({ metadata }) => metadata.name);
    assert.deepEqual([names('red'), names('blue'), names('green')], [['b'], ['a'], []]);
    store.delete(thing('b', '3'));
    assert.deepEqual(names('red'), []);
    assert.throws(() => store.byIndex('size', '1'), RangeError);
  });

  it('has synced with the first whole truth', async () => {
    const store = new Store<Thing>();
    const waiting = store.whenSynced();
    store.set(thing('a', '1'));
    assert.equal(store.hasSynced, false);
    store.replace([]);
    assert.equal(store.hasSynced, true);
    await waiting;
    await store.whenSynced();
    await assert.rejects(new Store<Thing>().whenSynced(AbortSignal.abort(new Error('enough'))), /enough/);
  });
});
