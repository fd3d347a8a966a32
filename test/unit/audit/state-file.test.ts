import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type PartitionState, type ReplicaState, StateFile } from '../../../src/audit/index.ts';

describe('state file', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'state-'));
    file = path.join(directory, 'state', 'replica.json');
  });

  afterEach(() => {
    fs.rmSync(directory, { recursive: true, force: true });
  });

  const partition: PartitionState = {
    checkpoint: {
      position: { generation: 7, offset: 42 },
      files: [['f', 7]],
      floor: 0,
      lastEventTime: '2026-11-24T05:48:24.739583Z',
    },
    stages: { startsLogged: true, ledger: { requests: [['id', 1, ['rule']]], horizon: 5, evicted: 0 } },
    extra: { totals: { rule: 3 } },
  };

  it('gives back what was saved, and leaves nothing else behind', async () => {
    const state: ReplicaState = { 'main/node-1': partition, 'main/node-2': { ...partition, extra: null } };
    await new StateFile(file).save(state);
    assert.deepEqual(await new StateFile(file).load(), { kind: 'loaded', partitions: state, damaged: [] });
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['replica.json']);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  });

  it('is missing before the first save', async () => {
    assert.deepEqual(await new StateFile(file).load(), { kind: 'missing' });
  });

  it('keeps the last of saves that overlap', async () => {
    const state = new StateFile(file);
    const extras = [1, 2, 3, 4, 5];
    await Promise.all(extras.map(async (extra) => await state.save({ p: { ...partition, extra } })));
    assert.deepEqual(await state.load(), {
      kind: 'loaded',
      partitions: { p: { ...partition, extra: 5 } },
      damaged: [],
    });
  });

  it('goes on saving after a save that failed', async () => {
    fs.mkdirSync(file, { recursive: true });
    const state = new StateFile(file);
    await assert.rejects(state.save({ p: partition }), { code: 'EISDIR' });
    fs.rmdirSync(file);
    await state.save({ p: partition });
    assert.equal((await state.load()).kind, 'loaded');
  });

  const unusable: readonly [name: string, content: string, reason: RegExp][] = [
    ['half of it', '{"version":1,"partitions":{"a":', /no state file/],
    ['nothing', '', /no state file/],
    ['NUL bytes', '\0\0\0', /no state file/],
    ['another file', '{"kind":"Pod"}', /no state file/],
    ['a newer version', '{"version":2,"partitions":{}}', /version 2/],
  ];
  for (const [name, content, reason] of unusable) {
    it(`moves aside a file that holds ${name}`, async () => {
      fs.mkdirSync(path.dirname(file));
      fs.writeFileSync(file, content);
      const loaded = await new StateFile(file).load();
      assert.equal(loaded.kind, 'unusable');
      assert.match(loaded.kind === 'unusable' ? loaded.reason : '', reason);
      assert.equal(fs.readFileSync(`${file}.unusable`, 'utf8'), content);
      assert.deepEqual(await new StateFile(file).load(), { kind: 'missing' });
    });
  }

  it('leaves out a partition that is damaged, and names it', async () => {
    fs.mkdirSync(path.dirname(file));
    const damaged = { ...partition, checkpoint: { ...partition.checkpoint, position: { generation: -1, offset: 0 } } };
    fs.writeFileSync(file, JSON.stringify({ version: 1, partitions: { good: partition, damaged } }));
    assert.deepEqual(await new StateFile(file).load(), {
      kind: 'loaded',
      partitions: { good: partition },
      damaged: ['damaged'],
    });
  });
});
