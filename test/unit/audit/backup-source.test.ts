import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AuditRecord,
  BackupSource,
  type Batch,
  type PrimaryPartition,
  type Source,
} from '../../../src/audit/index.ts';
import { auditEvent } from './events.ts';
import { timestamp } from './log-directory.ts';
import { NO_ERRORS } from './no-errors.ts';

const START = Date.UTC(2026, 10, 24) * 1000;
const micros = (second: number): number => START + second * 1_000_000;

function record(second: number, origin: string): AuditRecord {
  return {
    event: auditEvent({ stageTimestamp: timestamp(micros(second)) }),
    position: { generation: 1, offset: second },
    bodiesUnknown: false,
    line: 1,
    origin,
  };
}

function batchOf(...records: AuditRecord[]): Batch {
  return {
    records,
    end: records.at(-1)?.position ?? { generation: 1, offset: 0 },
    counts: { lines: 0, bytes: 0, events: 0, skipped: 0, oversize: 0, salvaged: 0, nulBytes: 0, errors: NO_ERRORS },
    gaps: [],
    caughtUp: true,
    lastEventTime: undefined,
  };
}

function primary(origin: string, countedTo: number, ...gaps: [number, number | null][]): PrimaryPartition {
  return {
    origin,
    countedTo: micros(countedTo),
    gaps: gaps.map(([from, to]) => ({ from: micros(from), to: to === null ? null : micros(to) })),
  };
}

describe('a backup source', () => {
  const abort = { current: new AbortController() };
  let now = 0;
  beforeEach(() => {
    abort.current = new AbortController();
    now = 0;
  });

  /** What it gives of these batches, as it comes: for each record its second, and whether it is counted here. */
  function consume(...batches: Batch[]): { source: BackupSource; given: string[][]; ended: Promise<void> } {
    const inner: Pick<Source, 'batches' | 'status'> = {
      batches: async function* () {
        yield* batches;
      },
      status: () => ({
        path: '/journal',
        state: 'Following',
        position: { generation: 1, offset: 0 },
        lagBytes: 0,
        lastEventTime: undefined,
        file: undefined,
        errors: [],
      }),
    };
    const source = new BackupSource(inner as Source, { monotonic: () => now });
    const given: string[][] = [];
    const ended = (async () => {
      for await (const { records } of source.batches(abort.current.signal)) {
        given.push(
          records.map((each) => `${each.position.offset}${each.isCountedElsewhere === true ? ' elsewhere' : ''}`),
        );
      }
    })();
    return { source, given, ended };
  }

  async function turns(): Promise<void> {
    for (let i = 0; i < 10; i++) await nextTurn();
  }

  it('gives a batch once the primary is further than all of it, with what that counted marked', async () => {
    const { source, given, ended } = consume(batchOf(record(1, 'a'), record(5, 'a'), record(9, 'a')));
    await turns();
    source.setPrimaries([primary('a', 6, [4, 6])]);
    await turns();
    assert.deepEqual(given, []);
    source.setPrimaries([primary('a', 20, [4, 6])]);
    await ended;
    assert.deepEqual(given, [['1 elsewhere', '5', '9 elsewhere']]);
  });

  it('waits for the partition of the API server that logged it only', async () => {
    const { source, given, ended } = consume(batchOf(record(1, 'a')), batchOf(record(2, 'b')));
    source.setPrimaries([primary('a', 20), primary('b', 0)]);
    await turns();
    assert.deepEqual(given, [['1 elsewhere']]);
    source.setPrimaries([primary('a', 20), primary('b', 20, [1, 3])]);
    await ended;
    assert.deepEqual(given, [['1 elsewhere'], ['2']]);
  });

  it('gives batches without records at once', async () => {
    const { given, ended } = consume(batchOf());
    await ended;
    assert.deepEqual(given, [[]]);
  });

  it('gives nothing that is not decided when it is stopped', async () => {
    const { given, ended } = consume(batchOf(record(1, 'a')));
    await turns();
    abort.current.abort();
    await ended;
    assert.deepEqual(given, []);
  });

  it('says so when it waits for long', async () => {
    const { source, ended } = consume(batchOf(record(1, 'a')));
    await turns();
    assert.equal(source.status().waiting, undefined);
    now = 61_000;
    assert.match(source.status().waiting ?? '', /of a at 2026-11-24T00:00:01/);
    source.setPrimaries([primary('a', 20)]);
    await ended;
    assert.equal(source.status().waiting, undefined);
  });
});
