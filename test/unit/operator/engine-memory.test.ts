import assert from 'node:assert/strict';
import { engineMemory } from '../../../src/operator/engine-memory.ts';

describe('the memory of the engine', () => {
  const MIB = 2 ** 20;
  const machine = 16_384 * MIB;

  it('is a part of what the container may have', () => {
    assert.deepEqual(engineMemory(512 * MIB, machine), { maxOldGenerationSizeMb: 307 });
  });

  it('is not limited where the container is not', () => {
    for (const limit of [0, machine, 2 ** 64]) assert.equal(engineMemory(limit, machine), undefined);
  });
});
