import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeAuditLine } from '../../../src/audit/index.ts';
import { ScannedLine } from '../../../src/sigma/scan/scanned-line.ts';
import { auditEvent, REAL_LINES } from './events.ts';

const scan = new ScannedLine();

/** As a line is decoded whose bodies the scanner found. */
function decodeLate(line: Buffer): ReturnType<typeof decodeAuditLine> {
  return decodeAuditLine(line, scan.scan(line) ? scan.bodies() : undefined);
}

const EVENT = auditEvent({ level: 'RequestResponse' });
const { requestReceivedTimestamp: _, stageTimestamp: __, annotations: ___, ...HEAD } = EVENT;
const FRONT = JSON.stringify(HEAD).slice(0, -1);
const TIMES = '"requestReceivedTimestamp":"2026-11-24T05:48:24.739583Z","stageTimestamp":"2026-11-24T05:48:24.739976Z"';

/** A line with these texts for bodies. */
function lineWith(request: string | Buffer, response?: string): Buffer {
  const second = response === undefined ? '' : `,"responseObject":${response}`;
  return Buffer.concat([
    Buffer.from(`${FRONT},"requestObject":`),
    Buffer.from(request),
    Buffer.from(`${second},${TIMES}}`),
  ]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON as others write it, and nearly JSON. */
const json = fc.oneof(
  fc.json(),
  fc.jsonValue().map((value) => JSON.stringify(value, undefined, 1)),
  fc.constantFrom(
    '1e5',
    '-0',
    '0.1E+10',
    '01',
    '1.',
    '.5',
    '-',
    '+1',
    '1e',
    'nul',
    'True',
    '"\\u00e4"',
    '"\\u00g4"',
    '"\\x"',
  ),
  fc.constantFrom(
    '{"a":1,}',
    '[1,]',
    '{a:1}',
    "{'a':1}",
    '{"a" :\t1}',
    '[',
    ']',
    '{}}',
    '"a',
    '"\t"',
    '"\\/"',
    '',
    ' 1 ',
  ),
  fc.constantFrom('{"é":"\u2028\ud83d\ude00"}', '"\u0000"', '{"__proto__":{"a":1}}', '{"a":1,"a":2}', '\ufeff1'),
);
const damaged = fc
  .tuple(json, fc.nat(), fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '0', ' ', 'u', '\u0001', 'é'))
  .map(([text, at, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + 1);
  });

describe('bodies that are parsed late', () => {
  it('are found in what a kube-apiserver wrote, and are what they are when they are parsed at once', () => {
    let found = 0;
    for (const text of REAL_LINES) {
      const line = Buffer.from(text);
      if (scan.scan(line) && scan.bodies() !== undefined) found += 1;
      const late = decodeLate(line);
      assert.deepEqual(late, decodeAuditLine(line));
      assert.equal(JSON.stringify(late), JSON.stringify(decodeAuditLine(line)), 'keys stand in their order');
    }
    assert.ok(found > 5, String(found));
  });

  it('are JSON: of any other text the line is what it is without them', () => {
    let late = 0;
    fc.assert(
      fc.property(fc.oneof(json, damaged), fc.option(fc.oneof(json, damaged), { nil: undefined }), (one, two) => {
        const line = lineWith(one, two);
        assert.deepEqual(decodeLate(line), decodeAuditLine(line));
        const isJson = parsed(one) !== undefined && (two === undefined || parsed(two) !== undefined);
        const isFound = scan.scan(line) && scan.bodies() !== undefined;
        const isCompact = !line.includes(10) && [one, two ?? ''].every((text) => text.trim() === text);
        assert.equal(isFound, isJson && (isFound || isCompact), line.toString());
        if (isFound) late += 1;
      }),
      { numRuns: 2000 },
    );
    assert.ok(late > 200, String(late));
  });

  it('may be invalid UTF-8: that becomes U+FFFD, as anywhere', () => {
    for (const bytes of [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80]]) {
      const line = lineWith(Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]));
      assert.ok(scan.scan(line) && scan.bodies() !== undefined);
      assert.deepEqual(decodeLate(line), decodeAuditLine(line));
    }
  });

  for (const depth of [100, 1024, 1025, 100_000]) {
    it(`may be nested ${depth} deep`, () => {
      const line = lineWith(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
      assert.equal(scan.scan(line) && scan.bodies() !== undefined, depth <= 1024);
      assert.equal(decodeLate(line).kind, 'event');
      assert.equal(decodeLate(lineWith(`${'['.repeat(depth)}1${']'.repeat(depth - 1)}}`)).kind, 'error');
    });
  }

  it('are kept when the buffer of the line is used again', () => {
    const line = lineWith('{"a":1}', '{"b":2}');
    const late = decodeLate(line);
    line.fill(0x20);
    assert.deepEqual(late.kind === 'event' && [late.event.requestObject, late.event.responseObject], [
      { a: 1 },
      { b: 2 },
    ]);
  });

  it('are the same object each time', () => {
    const late = decodeLate(lineWith('{"a":1}'));
    assert.ok(late.kind === 'event');
    assert.equal(late.event.requestObject, late.event.requestObject);
    assert.ok(!('responseObject' in late.event));
    assert.deepEqual(structuredClone(late.event).requestObject, { a: 1 });
  });
});
