import assert from 'node:assert/strict';
import type { AlertCount } from '../../../dev/torture/alert-counts.ts';
import { verdict } from '../../../dev/torture/verdict.ts';

const RULE = 'rule';

/** Groups of one rule: whose, and how often the log says. */
function logged(groups: Readonly<Record<string, readonly [actor: string, count: number]>>) {
  const expected = Object.entries(groups).map(([name, [actor, count]]) => [name, { actor, count }] as const);
  return { rules: new Map([[RULE, new Map(expected)]]), suppressed: 0, events: 0, files: 1 };
}

function alert(group: string, count: number): AlertCount {
  return { rule: RULE, group, count, actors: undefined };
}

function overflow(actors: Readonly<Record<string, number>> | undefined, count = 0): AlertCount {
  return { rule: RULE, group: undefined, count, actors };
}

interface Case {
  readonly name: string;
  readonly counts: readonly AlertCount[];
  readonly lost: number;
  readonly doubled: number;
}

const LOG = logged({ a: ['alice', 3], b: ['alice', 2], c: ['carol', 1] });

const CASES: readonly Case[] = [
  { name: 'all groups', counts: [alert('a', 3), alert('b', 2), alert('c', 1)], lost: 0, doubled: 0 },
  { name: 'a request too few', counts: [alert('a', 2), alert('b', 2), alert('c', 1)], lost: 1, doubled: 0 },
  { name: 'a request too many', counts: [alert('a', 4), alert('b', 2), alert('c', 1)], lost: 0, doubled: 1 },
  { name: 'a group that is not in the log', counts: [...all(), alert('d', 2)], lost: 0, doubled: 2 },
  { name: 'one lost and one doubled', counts: [alert('a', 2), alert('b', 3), alert('c', 1)], lost: 1, doubled: 1 },
  { name: 'Alerts that were deleted', counts: [alert('a', 1), alert('a', 2), ...all().slice(1)], lost: 0, doubled: 0 },
  { name: 'what found no room', counts: [alert('a', 1), overflow({ alice: 4, carol: 1 })], lost: 0, doubled: 0 },
  { name: 'the same, of others', counts: [alert('a', 1), overflow({ alice: 3, carol: 2 })], lost: 1, doubled: 1 },
  { name: 'the same, if it is not known whose', counts: [alert('a', 1), overflow(undefined, 5)], lost: 0, doubled: 0 },
  { name: 'too little without room', counts: [overflow({ alice: 5 })], lost: 1, doubled: 0 },
  { name: 'too much without room', counts: [...all(), overflow({ alice: 1 })], lost: 0, doubled: 1 },
];

function all(): readonly AlertCount[] {
  return [alert('a', 3), alert('b', 2), alert('c', 1)];
}

describe('the verdict of the torture', () => {
  for (const { name, counts, lost, doubled } of CASES) {
    it(`on ${name}: lost ${lost}, doubled ${doubled}`, () => {
      const found = verdict(LOG, counts, 0);
      assert.deepEqual([found.lost, found.doubled], [lost, doubled], found.differences.join('\n'));
      assert.equal(found.differences.length > 0, lost + doubled > 0);
      assert.equal(found.matches, 6);
    });
  }
});
