import assert from 'node:assert/strict';
import { newestState } from '../../../src/controllers/audit-source/partition-state.ts';
import { partition } from './reports.ts';

const PATH = '/var/log/audit.log';

describe('where the reading of a log goes on', () => {
  const near = partition(100);
  const far = partition(200);
  const { checkpoint } = near;
  const elsewhere = partition(900, {}, '/other.log');
  const rotated = { ...near, checkpoint: { ...checkpoint, position: { generation: 2, offset: 1 } } };

  const cases: readonly [title: string, candidates: readonly unknown[], expected: unknown][] = [
    ['nowhere where nothing is known', [undefined, undefined], undefined],
    ['at the only state', [undefined, near], near],
    ['at the further one of two in a file', [near, far], far],
    ['at the further one, whatever the order', [far, near], far],
    ['in the later file, whatever the offset', [far, rotated], rotated],
    ['at none of another file', [elsewhere], undefined],
    ['at one of this file, however far one of another is', [elsewhere, near], near],
    ['past what is damaged: no checkpoint', [{ ...far, checkpoint: undefined }, near], near],
    ['past what is damaged: no position', [{ ...far, checkpoint: { ...checkpoint, position: '1:200' } }, near], near],
    [
      'past what is damaged: a negative offset',
      [{ ...far, checkpoint: { ...checkpoint, position: { generation: 9, offset: -1 } } }, near],
      near,
    ],
    ['past what is damaged: no totals', [{ ...far, extra: { path: PATH, progress: {} } }, near], near],
    ['past what is damaged: no path', [{ ...far, extra: { progress: far.extra.progress } }, near], near],
    ['past what is no state at all', [null, 7, 'x', [], {}, near], near],
  ];
  for (const [title, candidates, expected] of cases) {
    it(title, () => assert.equal(newestState(PATH, candidates), expected));
  }
});
