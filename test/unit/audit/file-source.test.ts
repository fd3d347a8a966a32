import assert from 'node:assert/strict';
import fs from 'node:fs';
import { decodeAuditLine, type FileSourceOptions, ORIGIN, type StartAt } from '../../../src/audit/index.ts';
import { LogDirectory } from './log-directory.ts';
import { SourceConsumer } from './source-consumer.ts';

describe('file source', () => {
  let log: LogDirectory;
  let consumers: SourceConsumer[];

  beforeEach(() => {
    log = new LogDirectory();
    consumers = [];
  });

  afterEach(async () => {
    for (const consumer of consumers) await consumer.stop();
    log.remove();
  });

  function follow(options: Partial<FileSourceOptions> = {}): SourceConsumer {
    const consumer = new SourceConsumer({ path: log.path, startAt: 'Beginning', ...options });
    consumers.push(consumer);
    return consumer;
  }

  /** Stops a consumer and goes on with another one from its last checkpoint. */
  async function restart(consumer: SourceConsumer, whileDown: () => void = () => {}): Promise<SourceConsumer> {
    await consumer.stop();
    whileDown();
    const resumed = follow({ resume: consumer.checkpoints.at(-1) });
    await resumed.caughtUp();
    return resumed;
  }

  it('delivers events as they are written, with growing positions at line ends', async () => {
    log.events('a', 'b');
    const consumer = follow();
    await consumer.caughtUp();
    log.events('c');
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['a', 'b', 'c']);
    const content = fs.readFileSync(log.path);
    for (const { position } of consumer.records) assert.equal(content[position.offset - 1], 0x0a);
    assert.equal(consumer.source.status().state, 'Following');
    assert.equal(consumer.source.status().lagBytes, 0);
    assert.deepEqual(consumer.gaps, []);
  });

  it('waits for a directory and a file that do not exist yet, and tells that it has caught up', async () => {
    log.remove();
    const consumer = follow({ startAt: 'End' });
    await consumer.caughtUp();
    assert.equal(consumer.source.status().state, 'Waiting');
    assert.deepEqual(
      consumer.batches.map(({ end, caughtUp }) => ({ end, caughtUp })),
      [{ end: ORIGIN, caughtUp: true }],
    );
    fs.mkdirSync(log.directory);
    await consumer.caughtUp();
    log.append('');
    await consumer.caughtUp();
    assert.equal(consumer.source.status().state, 'Waiting');
    log.events('a');
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['a']);
    assert.deepEqual(consumer.gaps, []);
  });

  it('gives a second look back to a time, over rotations and compression, at the positions that there were', async () => {
    log.events('a', 'b');
    log.compress(log.rotate());
    log.events('c');
    const since = new Date(Math.ceil(log.micros / 1000) + 1000);
    log.stepClock(2e6);
    log.events('d');
    log.compress(log.rotate());
    log.events('e', 'f');
    const first = follow();
    await first.caughtUp();
    // What a Lease carries: of the older files only the newest is listed.
    const resume = first.source.checkpoint(first.batches.at(-1) ?? assert.fail(), 1);
    await first.stop();
    log.events('g');
    const again = follow({ resume });
    await again.caughtUp();
    const past: string[] = [];
    for await (const batch of again.source.history(since, decodeAuditLine, new AbortController().signal))
      past.push(
        ...batch.records.map(({ event, position }) => `${event.auditID} ${position.generation}:${position.offset}`),
      );
    const before = first.records.map(
      ({ event, position }) => `${event.auditID} ${position.generation}:${position.offset}`,
    );
    assert.deepEqual(past, before.slice(-3));
    assert.deepEqual(again.ids, ['g']);
  });

  it('does not consume an unterminated line until its end is there', async () => {
    log.events('a');
    const consumer = follow();
    const line = log.line('b');
    log.append(line.slice(0, 40));
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['a']);
    log.append(line.slice(40));
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['a']);
    log.append('\n');
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['a', 'b']);
  });

  describe('bad lines harm no neighbour, and are counted', () => {
    const cases: readonly [
      name: string,
      bad: string | Uint8Array,
      expected: { error?: string; nulBytes?: number; salvaged?: string },
    ][] = [
      ['text that is no JSON', 'no json\n', { error: 'invalid-json' }],
      ['a JSON value that is no event', '{"kind":"Pod"}\n', { error: 'not-an-event' }],
      [
        'an event with a field of another type',
        '{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":1,"verb":"get"}\n',
        { error: 'not-an-event' },
      ],
      ['invalid UTF-8 outside of JSON', Buffer.from([0xff, 0xfe, 0x0a]), { error: 'invalid-json' }],
      ['a run of NUL bytes before a line', new Uint8Array(100_000), { error: 'nul-bytes', nulBytes: 100_000 }],
      ['NUL bytes inside a line', 'a\0\0b\n', { error: 'nul-bytes' }],
      ['a line of 5 MB', `${'x'.repeat(5_000_000)}\n`, { error: 'invalid-json' }],
      ['empty lines', '\n\r\n\n', {}],
      [
        'the torn beginning of an event',
        '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Meta',
        { error: 'torn', salvaged: 'b' },
      ],
      [
        'the torn beginning of an event and NUL bytes',
        '{"kind":"Event","apiVers\0\0\0',
        { error: 'torn', salvaged: 'b' },
      ],
    ];
    for (const [name, bad, expected] of cases) {
      it(name, async () => {
        log.events('a');
        log.append(bad);
        log.events('b');
        const consumer = follow();
        await consumer.caughtUp();
        assert.deepEqual(consumer.ids, ['a', 'b']);
        const errors = consumer.batches.flatMap(({ counts }) =>
          Object.entries(counts.errors).filter(([, count]) => count > 0),
        );
        assert.deepEqual(errors, expected.error === undefined ? [] : [[expected.error, 1]]);
        assert.equal(
          consumer.total(({ nulBytes }) => nulBytes),
          expected.nulBytes ?? 0,
        );
        assert.equal(
          consumer.total(({ salvaged }) => salvaged),
          expected.salvaged === undefined ? 0 : 1,
        );
        assert.equal(
          consumer.total(({ bytes }) => bytes),
          fs.statSync(log.path).size,
        );
      });
    }

    it('a file that begins with them', async () => {
      log.append('no json\n\n\0\0\0');
      const consumer = follow();
      await consumer.caughtUp();
      assert.equal(consumer.source.status().state, 'Waiting');
      log.events('a');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a']);
      assert.equal(
        consumer.total(({ errors }) => errors['invalid-json']),
        1,
      );
      assert.equal(
        consumer.total(({ nulBytes }) => nulBytes),
        3,
      );
    });

    it('moves positions past them when no event follows', async () => {
      log.events('a');
      log.append('no json\n');
      const consumer = follow();
      await consumer.caughtUp();
      assert.equal(consumer.batches.at(-1)?.end.offset, fs.statSync(log.path).size);
    });
  });

  it('delivers a line over the limit without its bodies', async () => {
    const line = log
      .line('big')
      .replace(
        '"requestReceivedTimestamp"',
        `"requestObject":{"data":"${'x'.repeat(5000)}"},"requestReceivedTimestamp"`,
      );
    log.append(`${line}\n`);
    log.events('b');
    const consumer = follow({ limits: { lineBytes: 2000 } });
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['big', 'b']);
    const [big] = consumer.records;
    assert.equal(big?.bodiesUnknown, true);
    assert.equal('requestObject' in (big?.event ?? {}), false);
    assert.match(big?.event.stageTimestamp ?? '', /^2026-/);
    assert.equal(
      consumer.total(({ oversize }) => oversize),
      1,
    );
  });

  it('bounds batches in lines and in bytes', async () => {
    log.events(...Array.from({ length: 50 }, (_, i) => String(i)));
    const byRecords = follow({ limits: { batch: { records: 10, bytes: 1e6 } } });
    await byRecords.caughtUp();
    assert.deepEqual(
      byRecords.batches.slice(0, 5).map(({ records }) => records.length),
      [10, 10, 10, 10, 10],
    );
    const byBytes = follow({ limits: { batch: { records: 1000, bytes: 1000 } } });
    await byBytes.caughtUp();
    assert.ok(byBytes.batches.every(({ counts }) => counts.bytes < 1500));
    assert.equal(byBytes.ids.length, 50);
  });

  it('leaves lines that the decoder skips unparsed, and still knows the last event time', async () => {
    log.events('a');
    const consumer = follow({ decode: () => ({ kind: 'skipped' }) });
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, []);
    assert.equal(
      consumer.total(({ skipped }) => skipped),
      1,
    );
    assert.match(consumer.batches.at(-1)?.lastEventTime ?? '', /^2026-11-24T/);
  });

  describe('where to start', () => {
    const starts: readonly [name: string, startAt: StartAt, expected: string[]][] = [
      ['at the beginning: with the oldest backup', 'Beginning', ['a', 'b', 'c', 'd', 'e']],
      ['at the end: with what is written from now on', 'End', ['e']],
      ['at a time in the future: like the end', new Date('2030-01-01'), ['e']],
      ['at a time before everything: like the beginning', new Date('2020-01-01'), ['a', 'b', 'c', 'd', 'e']],
      ['at a time in a backup', new Date('2026-11-24T06:48:24Z'), ['c', 'd', 'e']],
    ];
    for (const [name, startAt, expected] of starts) {
      it(name, async () => {
        log.events('a');
        log.compress(log.rotate());
        log.events('b');
        log.stepClock(3_600_000_000);
        log.events('c');
        log.rotate();
        log.events('d');
        const consumer = follow({ startAt });
        await consumer.caughtUp();
        log.events('e');
        await consumer.caughtUp();
        assert.deepEqual(consumer.ids, expected);
        assert.deepEqual(consumer.gaps, []);
      });
    }

    it('at the end, in a file whose last line is not finished: with that line', async () => {
      log.events('a');
      const line = log.line('b');
      log.append(line.slice(0, 30));
      const consumer = follow({ startAt: 'End' });
      await consumer.caughtUp();
      log.append(`${line.slice(30)}\n`);
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['b']);
    });

    it('at the end, where only backups are: with the next file', async () => {
      log.events('a');
      log.compress(log.rotate());
      const consumer = follow({ startAt: 'End' });
      await consumer.caughtUp();
      const resumed = await restart(consumer, () => log.events('b'));
      assert.deepEqual([...consumer.ids, ...resumed.ids], ['b']);
      assert.deepEqual(resumed.gaps, []);
    });

    it('after a start without any file, a restart misses nothing', async () => {
      const consumer = follow({ startAt: 'End' });
      await consumer.caughtUp();
      const resumed = await restart(consumer, () => log.events('a'));
      assert.deepEqual(resumed.ids, ['a']);
    });
  });

  describe('rotation', () => {
    it('follows rename and create, and reads what was written just before', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      log.events('b');
      log.rotate();
      log.events('c');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b', 'c']);
      assert.deepEqual(consumer.gaps, []);
    });

    it('reads on in a renamed file that its writer does not leave', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      const backup = log.rotate();
      log.append('');
      await consumer.caughtUp();
      log.append(`${log.line('b')}\n`, backup);
      await consumer.caughtUp();
      log.events('c');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b', 'c']);
    });

    it('drains backups that were written while it was down, oldest first, compressed or not', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      const resumed = await restart(consumer, () => {
        log.events('b');
        log.compress(log.rotate());
        log.events('c', 'd');
        log.compress(log.rotate());
        log.events('e');
        log.rotate();
        log.events('f');
      });
      assert.deepEqual(resumed.ids, ['b', 'c', 'd', 'e', 'f']);
      assert.deepEqual(resumed.gaps, []);
    });

    it('resumes inside a compressed backup', async () => {
      log.events(...Array.from({ length: 100 }, (_, i) => String(i)));
      log.compress(log.rotate());
      log.events('last');
      const consumer = follow({ limits: { batch: { records: 30, bytes: 1e6 } } });
      await consumer.caughtUp();
      assert.equal(consumer.ids.length, 101);
      const resumed = follow({ resume: consumer.checkpoints[1] });
      await resumed.caughtUp();
      assert.deepEqual(resumed.ids, [...Array.from({ length: 40 }, (_, i) => String(60 + i)), 'last']);
      assert.deepEqual(
        resumed.records.map(({ position }) => position),
        consumer.records.slice(60).map(({ position }) => position),
      );
    });

    it('delivers the unterminated last line of a finished file where it is whole, and counts it where it is not', async () => {
      log.events('a');
      log.append(log.line('b'));
      log.rotate();
      log.events('c');
      log.append('{"kind":"Ev');
      log.rotate();
      log.events('d');
      const consumer = follow();
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b', 'c', 'd']);
      assert.equal(
        consumer.total(({ errors }) => errors.unterminated),
        1,
      );
    });

    it('does not take what a torn last line holds for an event', async () => {
      log.events('a');
      log.append(`${log.line('b').slice(0, 60)}{"requestObject":${log.line('forged')}`);
      log.rotate();
      log.events('c');
      const consumer = follow();
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'c']);
      assert.equal(
        consumer.total(({ errors }) => errors.unterminated),
        1,
      );
    });

    it('follows copytruncate, and reads the rest from the copy', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      log.events('b');
      log.copyTruncate();
      await consumer.caughtUp();
      log.events('c');
      await consumer.caughtUp();
      log.events('d');
      log.copyTruncate();
      log.events(...Array.from({ length: 20 }, (_, i) => `e${i}`));
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids.slice(0, 4), ['a', 'b', 'c', 'd']);
      assert.equal(consumer.ids.length, 24);
      assert.deepEqual(consumer.gaps, []);
    });

    it('follows copytruncate under a writer that goes on at its old offset, leaving NUL bytes', async () => {
      log.events('a');
      const { size } = fs.statSync(log.path);
      const consumer = follow();
      await consumer.caughtUp();
      log.copyTruncate();
      log.append(new Uint8Array(size));
      log.events('b');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b']);
      assert.equal(
        consumer.total(({ nulBytes }) => nulBytes),
        size,
      );
      assert.deepEqual(consumer.gaps, []);
    });

    it('takes an uncompressed backup and its half-written compressed copy for one file', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      log.events('b');
      const backup = log.rotate();
      log.append(new Uint8Array([0x1f, 0x8b, 8]), `${backup}.gz`);
      log.events('c');
      await consumer.caughtUp();
      const resumed = await restart(consumer, () => {
        log.delete(`${backup}.gz`);
        log.compress(backup);
        log.events('d');
      });
      assert.deepEqual([...consumer.ids, ...resumed.ids], ['a', 'b', 'c', 'd']);
      assert.deepEqual([...consumer.gaps, ...resumed.gaps], []);
    });

    it('leaves other logs in the directory alone', async () => {
      log.append(`${log.line('other')}\n`, 'audit-webhook.log');
      log.append(`${log.line('other')}\n`, 'audit.log.bak');
      log.append(`${log.line('other')}\n`, 'kube-apiserver.log');
      fs.mkdirSync(log.file('audit.log.1'));
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a']);
    });
  });

  describe('gaps', () => {
    it('a deleted file that is open is read to its end, and its successor follows without a gap', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      log.events('b');
      log.delete('audit.log');
      await consumer.caughtUp();
      log.events('c');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b', 'c']);
      assert.deepEqual(consumer.gaps, []);
    });

    it('a backup that was deleted while it was down is reported with what is known of its time', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      const resumed = await restart(consumer, () => {
        log.events('lost');
        log.delete(log.rotate());
        log.events('b');
      });
      assert.deepEqual(resumed.ids, ['b']);
      const [a, b] = [...consumer.records, ...resumed.records];
      assert.deepEqual(resumed.gaps, [
        {
          reason: 'Deleted',
          from: a?.position,
          to: { generation: b?.position.generation, offset: 0 },
          fromTime: a?.event.stageTimestamp,
          toTime: b?.event.stageTimestamp,
        },
      ]);
      const again = await restart(resumed);
      assert.deepEqual([again.ids, again.gaps], [[], []]);
    });

    it('a known backup that is deleted before its turn is reported', async () => {
      log.events('a');
      log.rotate();
      log.events('lost');
      const backup = log.rotate();
      log.events('b');
      const consumer = follow({ limits: { batch: { records: 1, bytes: 1e6 } } });
      consumer.hold();
      await consumer.source.survey();
      log.delete(backup);
      consumer.release();
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b']);
      assert.deepEqual(
        consumer.gaps.map(({ reason }) => reason),
        ['Deleted'],
      );
    });

    it('backups that nobody saw are suspected where the file before them is gone as well', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      consumer.hold();
      log.events('b');
      await consumer.source.survey();
      const first = log.rotate();
      log.events('lost');
      const second = log.rotate();
      log.events('c');
      log.delete(first);
      log.delete(second);
      consumer.release();
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b', 'c']);
      assert.deepEqual(
        consumer.gaps.map(({ reason }) => reason),
        ['Deleted'],
      );
    });

    it('a file that is truncated without a copy is reported', async () => {
      log.events('a');
      const consumer = follow();
      await consumer.caughtUp();
      fs.truncateSync(log.path, 0);
      await consumer.caughtUp();
      assert.deepEqual(consumer.gaps, []);
      log.events('b');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b']);
      assert.deepEqual(
        consumer.gaps.map(({ reason }) => reason),
        ['Truncated'],
      );
    });

    it('a file that is cut short but begins as before goes on as a new generation', async () => {
      log.events('a');
      const { size } = fs.statSync(log.path);
      log.events('b');
      const consumer = follow();
      await consumer.caughtUp();
      fs.truncateSync(log.path, size);
      await consumer.caughtUp();
      log.events('c');
      await consumer.caughtUp();
      assert.deepEqual(consumer.ids, ['a', 'b', 'c']);
      assert.deepEqual(
        consumer.gaps.map(({ reason }) => reason),
        ['Truncated'],
      );
      const resumed = await restart(consumer, () => log.events('d'));
      assert.deepEqual([resumed.ids, resumed.gaps], [['d'], []]);
    });

    it('a compressed backup that stays broken is reported once it was read as far as it goes', async () => {
      log.events(...Array.from({ length: 2000 }, (_, i) => String(i)));
      const backup = log.compress(log.rotate());
      fs.truncateSync(log.file(backup), Math.floor(fs.statSync(log.file(backup)).size / 2));
      log.events('next');
      const consumer = follow({ limits: { brokenLooks: 5 } });
      await consumer.caughtUp(10);
      assert.equal(consumer.ids.at(-1), 'next');
      assert.ok(consumer.ids.length > 100 && consumer.ids.length < 2000);
      assert.deepEqual(
        consumer.gaps.map(({ reason }) => reason),
        ['Unreadable'],
      );
      assert.equal(
        consumer.total(({ errors }) => errors.unreadable),
        1,
      );
    });
  });

  it('resumes from a checkpoint with few files without reading older ones again', async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      log.events(id);
      log.rotate();
    }
    log.events('e');
    const consumer = follow();
    await consumer.caughtUp();
    const batch = consumer.batches.at(-1);
    assert.ok(batch);
    const small = consumer.source.checkpoint(batch, 2);
    assert.equal(small.files.length, 2);
    const resumed = follow({ resume: small });
    log.events('f');
    await resumed.caughtUp();
    assert.deepEqual([resumed.ids, resumed.gaps], [['f'], []]);
  });

  it('shows a file that it may not read, and goes on once it may', async () => {
    fs.mkdirSync(log.path);
    const consumer = follow();
    await consumer.caughtUp();
    assert.equal(consumer.source.status().state, 'Failed');
    assert.equal(consumer.source.status().errors[0]?.code, 'ENOTREG');
    fs.rmdirSync(log.path);
    log.events('a');
    await consumer.caughtUp();
    assert.deepEqual(consumer.ids, ['a']);
    assert.equal(consumer.source.status().state, 'Following');
  });
});
