import assert from 'node:assert/strict';
import { torture } from '../../dev/torture/torture.ts';

describe('whatever breaks (a short form of npm run torture)', () => {
  it('every request is counted once', async () => {
    const seed = Math.floor(Math.random() * 1_000_000);
    const said: string[] = [];
    const options = { minutes: 1, seed, replicas: 2, say: (text: string) => void said.push(text) };
    const { verdict, faults, recount } = await torture(options);
    const told = `seed ${seed}\n${[...faults, ...verdict.differences, ...said].join('\n')}`;
    assert.deepEqual([verdict.lost, verdict.doubled, faults.length], [0, 0, 0], told);
    assert.ok(recount.files > 2, 'the log was rotated');
  }).timeout(300_000);
});
