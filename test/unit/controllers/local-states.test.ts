import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LocalStates } from '../../../src/controllers/audit-source/local-states.ts';
import { NO_PROGRESS, type PartitionState } from '../../../src/controllers/audit-source/partition-state.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';

describe('the states of a node’s partitions', () => {
  let directory: string;
  let logger: RecordingLogger;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'states-'));
    logger = new RecordingLogger();
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  const file = (): string => path.join(directory, 'node.json');
  const states = (): LocalStates => new LocalStates(file(), logger);
  const at = (offset: number): PartitionState => ({
    checkpoint: { position: { generation: 1, offset }, files: [], floor: 0 },
    stages: { startsLogged: false },
    extra: { path: '/log', progress: NO_PROGRESS },
  });

  it('are none at a first start', async () => {
    const first = states();
    await first.load();
    assert.equal(first.get('main/one'), undefined);
    assert.deepEqual(logger.lines, []);
  });

  it('are kept together, for the next process', async () => {
    const before = states();
    await before.load();
    await Promise.all([before.save('main/one', at(1)), before.save('other/one', at(2))]);
    await before.save('main/one', at(3));
    assert.deepEqual(before.get('main/one'), at(3));
    const after = states();
    await after.load();
    assert.deepEqual([after.get('main/one'), after.get('other/one')], [at(3), at(2)]);
  });

  it('are what another process wrote meanwhile, when they are loaded again', async () => {
    const [one, other] = [states(), states()];
    await one.load();
    await one.save('main/one', at(1));
    await other.load();
    await other.save('main/one', at(2));
    await one.load();
    assert.deepEqual(one.get('main/one'), at(2));
  });

  it('count as lost one by one where they are damaged, and it is said', async () => {
    const before = states();
    await before.save('main/one', at(1));
    await before.save('other/one', at(2));
    const content = JSON.parse(fs.readFileSync(file(), 'utf8'));
    content.partitions['other/one'].checkpoint = 'nonsense';
    fs.writeFileSync(file(), JSON.stringify(content));
    const after = states();
    await after.load();
    assert.deepEqual([after.get('main/one'), after.get('other/one')], [at(1), undefined]);
    assert.deepEqual(
      logger.lines.map(({ level, fields }) => [level, fields]),
      [['error', { partitions: ['other/one'] }]],
    );
  });

  it('count as lost together where the file cannot be used: it is moved aside, and a new one begun', async () => {
    fs.writeFileSync(file(), 'nonsense');
    const after = states();
    await after.load();
    assert.equal(after.get('main/one'), undefined);
    assert.equal(logger.at('error').length, 1);
    await after.save('main/one', at(1));
    assert.deepEqual(fs.readdirSync(directory).sort(), ['node.json', 'node.json.unusable']);
  });

  it('say that they cannot be stored, and are not lost to this process', async () => {
    const there = states();
    fs.mkdirSync(path.join(directory, 'node.json'));
    await assert.rejects(there.save('main/one', at(1)));
    assert.deepEqual(there.get('main/one'), at(1));
    await there.load();
    assert.equal(logger.at('error')[0]?.message, 'the state file cannot be read');
  });
});
