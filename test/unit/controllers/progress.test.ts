import assert from 'node:assert/strict';
import { type Batch, type Gap, gapsOf } from '../../../src/audit/index.ts';
import { advanced, type CountedBatch, describeGap } from '../../../src/controllers/audit-source/progress.ts';
import type { SourceProgress } from '../../../src/controllers/replica/node-report.ts';
import { NO_ERRORS } from '../audit/no-errors.ts';
import { progress } from './reports.ts';

const NOW = '2026-11-24T08:00:00Z';

describe('the progress of a partition', () => {
  const add = (before: SourceProgress, of: Batch, detection: CountedBatch['detection']): SourceProgress =>
    advanced(before, { batch: of, gaps: gapsOf(of), detection }, NOW);
  const batch = (changes: Partial<Batch> = {}, counts: Partial<Batch['counts']> = {}): Batch => ({
    records: [],
    end: { generation: 1, offset: 100 },
    counts: {
      lines: 0,
      bytes: 0,
      events: 0,
      skipped: 0,
      oversize: 0,
      salvaged: 0,
      nulBytes: 0,
      errors: NO_ERRORS,
      ...counts,
    },
    gaps: [],
    caughtUp: true,
    lastEventTime: undefined,
    ...changes,
  });
  const nothing = { alerts: new Map(), totals: {}, suppressions: {}, ownRequests: 0, correlationLosses: {} };
  const gap: Gap = {
    reason: 'Deleted',
    from: { generation: 1, offset: 1 },
    to: { generation: 3, offset: 0 },
    fromTime: 'T1',
    toTime: undefined,
  };

  it('adds up', () => {
    const before = progress({ events: 5, unreadable: { torn: 1 }, oversize: 1, gaps: 1, lastEvent: 'T1' });
    const counts = { events: 3, oversize: 2, errors: { ...NO_ERRORS, torn: 1, 'invalid-json': 4 } };
    const after = add(before, batch({ gaps: [gap, gap], lastEventTime: 'T2' }, counts), nothing);
    assert.deepEqual(after, {
      events: 8,
      lastEvent: 'T2',
      unreadable: { torn: 2, 'invalid-json': 4 },
      oversize: 3,
      gaps: 3,
      lastGap: describeGap(gap),
      lastGapAt: NOW,
      lastUnreadableAt: NOW,
      timeGaps: [
        { from: 0, to: null },
        { from: 0, to: null },
      ],
      totals: {},
    });
  });

  it('knows, for a backup, up to which time it counted, and when what is missing was logged', () => {
    const [fromTime, toTime] = ['2026-11-24T00:00:01.000001Z', '2026-11-24T00:00:02Z'];
    const first = add(progress(), batch({ gaps: [{ ...gap, fromTime, toTime }], lastEventTime: toTime }), nothing);
    const micros = Date.parse('2026-11-24T00:00:01Z') * 1000;
    assert.deepEqual(first.timeGaps, [{ from: micros + 1, to: micros + 1_000_000 }]);
    assert.equal(first.countedTo, micros + 1_000_000);
    const second = add(first, batch(), nothing);
    assert.deepEqual([second.timeGaps, second.countedTo], [first.timeGaps, first.countedTo]);
  });

  it('stays what it was where nothing happened', () => {
    const before = progress({ events: 5, lastEvent: 'T1', gaps: 1, lastGap: 'long ago' });
    assert.deepEqual(add(before, batch(), nothing), before);
  });

  it('does not change what it was made from', () => {
    const before = progress({ unreadable: Object.freeze({ torn: 1 }), totals: Object.freeze({}) });
    const totals = { test: { matches: 1, lastMatch: 'T', leftOut: { outcome: 0, dryRun: 0 } } };
    const after = add(before, batch({}, { errors: { ...NO_ERRORS, torn: 1 } }), { ...nothing, totals });
    const twice = add(after, batch(), { ...nothing, totals });
    assert.deepEqual(before, progress({ unreadable: { torn: 1 } }));
    assert.equal(after.totals['test']?.matches, 1);
    assert.equal(twice.totals['test']?.matches, 2);
  });

  for (const [reason, text] of [
    ['Deleted', /^a file, or a part of the journal, was removed .* between T1 and an unknown time$/],
    ['Truncated', /^a file was truncated .* between T1 and an unknown time$/],
    ['Unreadable', /^a compressed backup, or a part of the journal, is damaged, between T1 and an unknown time$/],
  ] as const) {
    it(`describes a gap: ${reason}`, () => assert.match(describeGap({ ...gap, reason }), text));
  }
});
