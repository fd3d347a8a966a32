import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeStrippedLine } from '../../../src/audit/decode/decode-line.ts';
import { type Line, LineSplitter } from '../../../src/audit/decode/line-splitter.ts';
import { type DecodedLine, decodeAuditLine } from '../../../src/audit/index.ts';
import { LogDirectory } from './log-directory.ts';
import { memory } from './memory.ts';
import { SourceConsumer } from './source-consumer.ts';

const RUNS = Number(process.env['AUDIT_FUZZ_RUNS'] ?? 300);
const MEGABYTE = 1024 * 1024;

function decode(line: Line): DecodedLine {
  return line.bytes === undefined ? decodeStrippedLine(line.stripped) : decodeAuditLine(line.bytes);
}

/** What a log of these bytes amounts to, read in pieces of this size. */
function decodeAll(bytes: Buffer, piece: number, limit: number): readonly DecodedLine[] {
  const splitter = new LineSplitter(limit, 0);
  const decoded: DecodedLine[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    splitter.push(bytes.subarray(at, at + piece));
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) decoded.push(decode(line));
  }
  const rest = splitter.rest();
  return rest === undefined ? decoded : [...decoded, decode(rest)];
}

/** Bytes of a log that are replaced, removed or put in. */
const EDITS = fc.array(fc.record({ at: fc.nat(), remove: fc.nat({ max: 40 }), put: fc.uint8Array({ maxLength: 8 }) }), {
  minLength: 1,
  maxLength: 4,
});

describe('a log, against noise', () => {
  it('gives every event whose line was not touched, and never throws, wherever it is damaged and cut', () => {
    const log = new LogDirectory();
    log.remove();
    const lines = Array.from({ length: 12 }, (_, index) => Buffer.from(`${log.line(`id-${index}`)}\n`));
    const starts = lines.map((_, index) => Buffer.concat(lines.slice(0, index)).length);
    const whole = Buffer.concat(lines);
    fc.assert(
      fc.property(
        EDITS,
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1000, max: 3000 }),
        (edits, piece, limit) => {
          let bytes = whole;
          let end = whole.length;
          const touched = new Set<number>();
          // From the end on, so that places stay what they are.
          for (const { at, remove, put } of edits
            .map((edit) => ({ ...edit, at: edit.at % whole.length }))
            .sort((a, b) => b.at - a.at)) {
            const to = Math.min(end, at + remove);
            bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(to)]);
            end = at;
            // A line is touched where a byte of it is, or the end of the one before.
            starts.forEach((start, index) => {
              if (at <= start + (lines[index]?.length ?? 0) && to >= start) touched.add(index);
            });
          }
          const ids = new Set(
            decodeAll(bytes, piece, limit).flatMap((each) => (each.kind === 'event' ? [each.event.auditID] : [])),
          );
          for (let index = 0; index < lines.length; index++) {
            if (!touched.has(index)) assert.ok(ids.has(`id-${index}`), `id-${index} is missing`);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('of any bytes is read to its end by a file source, which then goes on', async function () {
    this.timeout(30_000 + RUNS * 100);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), async (noise) => {
        const log = new LogDirectory();
        log.events('first');
        const consumer = new SourceConsumer({ path: log.path, startAt: 'Beginning' });
        try {
          for (const bytes of noise) {
            log.append(bytes);
            await consumer.nextLook();
          }
          log.append('\n');
          log.events('last');
          await consumer.caughtUp();
          assert.deepEqual([consumer.ids[0], consumer.ids.at(-1)], ['first', 'last']);
          assert.deepEqual(consumer.gaps, []);
        } finally {
          await consumer.stop();
          log.remove();
        }
      }),
      { numRuns: Math.min(RUNS, 100) },
    );
  });

  describe('is read in little memory', () => {
    const beginning = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"x"';
    const endless: readonly [name: string, start: string, repeated: string][] = [
      ['that has no line end', '', 'x'],
      ['of a body that does not end', `${beginning},"requestObject":"`, 'x'],
      ['of a body that is ever deeper', `${beginning},"requestObject":`, '['],
      ['of a field that does not end', `${beginning},"userAgent":"`, 'x'],
      ['of a key that does not end', `${beginning},"`, 'x'],
      ['of keys without end', beginning, ',"a":"b"'],
      ['of NUL bytes', '', '\0'],
      ['of escapes', `${beginning},"requestObject":"`, '\\"'],
    ];
    for (const [name, start, repeated] of endless) {
      it(name, function () {
        this.timeout(60_000);
        const splitter = new LineSplitter(MEGABYTE, 0);
        const piece = Buffer.from(repeated.repeat(MEGABYTE / repeated.length));
        const before = memory();
        splitter.push(Buffer.from(start));
        let most = 0;
        for (let i = 0; i < 48; i++) {
          assert.equal(splitter.next(), undefined);
          splitter.push(piece);
          if (i % 12 === 11) most = Math.max(most, memory() - before);
        }
        assert.equal(splitter.next(), undefined);
        const rest = splitter.rest();
        assert.ok(rest === undefined || decode(rest).kind !== 'event');
        assert.ok(most < 8 * MEGABYTE, `${Math.round(most / MEGABYTE)} MiB`);
      });
    }
  });
});
