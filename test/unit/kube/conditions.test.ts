import assert from 'node:assert/strict';
import { type Condition, findCondition, setCondition } from '../../../src/kube/index.ts';

const [before, now] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Running',
  message: 'It runs.',
  lastTransitionTime: before,
};
const stalled: Condition = {
  type: 'Stalled',
  status: 'False',
  reason: 'Fine',
  message: '',
  lastTransitionTime: before,
};

const update = (changes: Partial<Condition>) => ({
  type: 'Ready',
  status: 'True' as const,
  reason: 'Running',
  message: 'It runs.',
  ...changes,
});

const cases: readonly { name: string; had: Condition[]; set: Partial<Condition>; becomes: Condition[] }[] = [
  {
    name: 'adds a new one at the end',
    had: [stalled],
    set: {},
    becomes: [stalled, { ...ready, lastTransitionTime: now }],
  },
  { name: 'leaves all as it is when nothing changes', had: [ready, stalled], set: {}, becomes: [ready, stalled] },
  {
    name: 'keeps the time when only the words change',
    had: [ready, stalled],
    set: { reason: 'Other', message: 'Still.', observedGeneration: 3 },
    becomes: [{ ...ready, reason: 'Other', message: 'Still.', observedGeneration: 3 }, stalled],
  },
  {
    name: 'moves the time when the status changes',
    had: [ready, stalled],
    set: { status: 'False' },
    becomes: [{ ...ready, status: 'False', lastTransitionTime: now }, stalled],
  },
];

describe('setCondition', () => {
  for (const { name, had, set, becomes } of cases) {
    it(name, () => assert.deepEqual(setCondition(had, update(set), now), becomes));
  }

  it('changes nothing in place', () => {
    const had = Object.freeze([Object.freeze({ ...ready })]);
    setCondition(had, update({ status: 'Unknown' }), now);
    assert.deepEqual(had, [ready]);
    assert.equal(findCondition(had, 'Ready'), had[0]);
    assert.equal(findCondition(had, 'Other'), undefined);
  });
});
