import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type AuditRecord,
  backupDecision,
  type Gap,
  gapsOf,
  type PrimaryPartition,
  recordGaps,
  type TimeGap,
} from '../../../src/audit/index.ts';
import { auditEvent } from './events.ts';
import { timestamp } from './log-directory.ts';

const SECOND = 1_000_000;
const START = Date.UTC(2026, 10, 24) * 1000;

/** An event at this second. */
function at(second: number) {
  return auditEvent({ stageTimestamp: timestamp(START + second * SECOND) });
}

function partition(origin: string, countedTo: number, ...gaps: [from: number, to: number | null][]): PrimaryPartition {
  const micros = (second: number): number => START + second * SECOND;
  return {
    origin,
    countedTo: micros(countedTo),
    gaps: gaps.map(([from, to]) => ({ from: micros(from), to: to === null ? null : micros(to) })),
  };
}

describe('the decision of a backup', () => {
  const cases: readonly [
    name: string,
    second: number,
    origin: string,
    primaries: readonly PrimaryPartition[],
    expected: string,
  ][] = [
    ['waits where nothing is known of the primary', 5, '', [], 'wait'],
    ['waits until the primary is further', 5, '', [partition('a', 4)], 'wait'],
    ['waits until the order of the log cannot matter', 5, '', [partition('a', 5.5)], 'wait'],
    ['leaves out what the primary has counted', 5, '', [partition('a', 6)], 'leave-out'],
    ['counts what is in a gap', 5, '', [partition('a', 9, [3, 7])], 'count'],
    ['counts it also where the primary is not further yet', 5, '', [partition('a', 7, [3, 7])], 'count'],
    ['leaves out the last event before a gap', 3, '', [partition('a', 9, [3, 7])], 'leave-out'],
    ['leaves out the first event after a gap', 7, '', [partition('a', 9, [3, 7])], 'leave-out'],
    ['waits in a gap whose end is not known', 5, '', [partition('a', 3, [3, null])], 'wait'],
    ['counts in any of several gaps', 8, '', [partition('a', 20, [1, 2], [7, 9], [12, 13])], 'count'],
    ['leaves out between gaps', 5, '', [partition('a', 20, [1, 2], [7, 9])], 'leave-out'],
    [
      'waits for every API server where it does not know which one it was',
      5,
      '',
      [partition('a', 9), partition('b', 3)],
      'wait',
    ],
    ['waits for the one that it was only', 5, 'a', [partition('a', 9), partition('b', 3)], 'leave-out'],
    ["leaves out what is in another one's gap", 5, 'a', [partition('a', 9), partition('b', 9, [3, 7])], 'leave-out'],
    ["counts what is in its own one's gap", 5, 'b', [partition('a', 9), partition('b', 9, [3, 7])], 'count'],
    [
      'counts in any gap where the API server is not known',
      5,
      'c',
      [partition('a', 9), partition('b', 9, [3, 7])],
      'count',
    ],
  ];
  for (const [name, second, origin, primaries, expected] of cases) {
    it(name, () => assert.equal(backupDecision(at(second), origin, primaries), expected));
  }

  it('leaves out what has no time', () => {
    const { stageTimestamp: _time, ...event } = auditEvent();
    assert.equal(backupDecision(event, '', [partition('a', 9, [0, 9])]), 'leave-out');
  });
});

describe('recording gaps', () => {
  const record = (generation: number, second: number): AuditRecord => ({
    event: at(second),
    position: { generation, offset: 1 },
    bodiesUnknown: false,
    line: 1,
  });
  const gap = (fromTime: number | undefined, toTime: number | undefined): Gap => ({
    reason: 'Deleted',
    from: { generation: 1, offset: 9 },
    to: { generation: 3, offset: 0 },
    fromTime: fromTime === undefined ? undefined : timestamp(START + fromTime * SECOND),
    toTime: toTime === undefined ? undefined : timestamp(START + toTime * SECOND),
  });
  const micros = (second: number): number => START + second * SECOND;

  it('takes their times', () => {
    assert.deepEqual(recordGaps([], gapsOf({ gaps: [gap(1, 5)], records: [] })), [{ from: micros(1), to: micros(5) }]);
    assert.deepEqual(recordGaps([], gapsOf({ gaps: [gap(undefined, 5)], records: [] })), [{ from: 0, to: micros(5) }]);
  });

  it('ends them with the first event behind them, now or later', () => {
    const records = [record(1, 0.5), record(3, 6), record(3, 7)];
    assert.deepEqual(recordGaps([], gapsOf({ gaps: [gap(1, undefined)], records })), [
      { from: micros(1), to: micros(6) },
    ]);
    const open = recordGaps([], gapsOf({ gaps: [gap(1, undefined)], records: [record(1, 0.5)] }));
    assert.deepEqual(open, [{ from: micros(1), to: null }]);
    assert.deepEqual(recordGaps(open, gapsOf({ gaps: [], records: [] })), open);
    assert.deepEqual(recordGaps(open, gapsOf({ gaps: [], records: [record(3, 8)] })), [
      { from: micros(1), to: micros(8) },
    ]);
  });

  it('forgets the oldest', () => {
    let gaps: readonly TimeGap[] = [];
    for (let i = 0; i < 100; i++) gaps = recordGaps(gaps, gapsOf({ gaps: [gap(i, i + 1)], records: [] }));
    assert.equal(gaps.length, 64);
    assert.equal(gaps.at(-1)?.from, micros(99));
  });
});

describe('a primary with gaps and its backup', () => {
  it('count every event once between them, once the primary is further', () => {
    const lost = fc.uniqueArray(fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 5 })), {
      selector: ([from]) => from,
      maxLength: 5,
    });
    fc.assert(
      fc.property(lost, fc.integer({ min: 1, max: 7 }), (ranges, size) => {
        const seconds = Array.from({ length: 80 }, (_, i) => i + 1);
        const isLost = (second: number): boolean =>
          ranges.some(([from, length]) => second > from && second <= from + length);
        const counted = new Map<number, number>();
        const count = (second: number): void => void counted.set(second, (counted.get(second) ?? 0) + 1);
        let gaps: readonly TimeGap[] = [];
        let countedTo = 0;
        let waiting = [...seconds];
        const read = seconds.filter((second) => !isLost(second));
        for (let i = 0; i < read.length; i += size) {
          const batch = read.slice(i, i + size);
          const found = batch.flatMap((second) => {
            const before = read[read.indexOf(second) - 1] ?? 0;
            if (before === second - 1) return [];
            const fromTime = before === 0 ? undefined : timestamp(START + before * SECOND);
            const to = { generation: second, offset: 0 };
            return [{ reason: 'Deleted' as const, from: to, to, fromTime, toTime: timestamp(START + second * SECOND) }];
          });
          const records = batch.map((second) => ({
            event: at(second),
            position: { generation: second, offset: 1 },
            bodiesUnknown: false,
            line: 1,
          }));
          gaps = recordGaps(gaps, gapsOf({ gaps: found, records }));
          countedTo = START + (batch.at(-1) ?? 0) * SECOND;
          batch.forEach(count);
          waiting = waiting.filter((second) => {
            const decision = backupDecision(at(second), '', [{ origin: 'a', countedTo, gaps }]);
            if (decision === 'count') count(second);
            return decision === 'wait';
          });
        }
        const last = read.at(-1) ?? 0;
        for (const second of seconds) if (second < last) assert.equal(counted.get(second), 1, String(second));
      }),
    );
  });
});
