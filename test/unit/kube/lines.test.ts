import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { lines } from '../../../src/kube/lines.ts';

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function read(bytes: Uint8Array, cuts: readonly number[] = [], max?: number): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines(chunksOf(bytes, cuts), max)) all.push(line);
  return all;
}

describe('lines', () => {
  it('are the same wherever the stream is cut', async () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((line) => !line.includes('\n')),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat()), async (wanted, cuts) => {
        assert.deepEqual(await read(Buffer.from(wanted.map((line) => `${line}\n`).join('')), cuts), wanted);
      }),
    );
  });

  it('leave out empty ones and one that was never finished', async () => {
    assert.deepEqual(await read(Buffer.from('a\n\n\nb\nhalf')), ['a', 'b']);
  });

  it('have a limit', async () => {
    await assert.rejects(read(Buffer.from('x'.repeat(20)), [5, 10, 15], 16), RangeError);
    await assert.rejects(read(Buffer.from(`${'x'.repeat(20)}\n`), [], 16), RangeError);
  });
});
