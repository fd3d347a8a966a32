import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { BodyStripper } from '../../../src/audit/decode/body-stripper.ts';
import { decodeStrippedLine } from '../../../src/audit/decode/decode-line.ts';
import { type Line, LineSplitter } from '../../../src/audit/decode/line-splitter.ts';
import { type DecodedLine, decodeAuditLine } from '../../../src/audit/index.ts';
import { auditEvent, REAL_LINES } from './events.ts';
import { eventLine } from './log-directory.ts';

const LINE = eventLine('id', 1_795_499_304_739_976);

function decode(line: string | Uint8Array): DecodedLine {
  return decodeAuditLine(Buffer.from(line));
}

function errorOf(line: string | Uint8Array): string | undefined {
  const decoded = decode(line);
  return decoded.kind === 'error' ? decoded.reason : undefined;
}

/** Pieces of `bytes`, cut at arbitrary places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

const PLACES = fc.array(fc.nat(), { maxLength: 6 });

describe('decoding a line', () => {
  it('gives what JSON.parse gives, for what a kube-apiserver wrote', () => {
    for (const line of REAL_LINES) {
      const decoded = decode(line);
      assert.deepEqual(decoded.kind === 'event' && decoded.event, JSON.parse(line));
    }
  });

  const typed: Record<string, unknown> = {
    kind: 'Pod',
    apiVersion: 'v1',
    stage: 1,
    verb: null,
    level: {},
    auditID: 7,
    requestURI: [],
    user: 'alice',
    impersonatedUser: { username: 1 },
    sourceIPs: '192.0.2.1',
    userAgent: { a: 1 },
    objectRef: { name: 1 },
    responseStatus: { code: '200' },
    stageTimestamp: 5,
    annotations: { a: 1 },
  };
  for (const [field, value] of Object.entries(typed)) {
    it(`refuses an event whose ${field} is ${JSON.stringify(value)}`, () => {
      assert.equal(errorOf(JSON.stringify({ ...auditEvent(), [field]: value })), 'not-an-event');
    });
  }
  for (const user of [
    { uid: 1 },
    { groups: [1] },
    { groups: {} },
    { extra: [] },
    { extra: { a: 'b' } },
    { extra: { a: [1] } },
  ]) {
    it(`refuses an event whose user is ${JSON.stringify(user)}`, () => {
      assert.equal(errorOf(JSON.stringify({ ...auditEvent(), user })), 'not-an-event');
    });
  }

  it('takes null for absent, as some forwarders write it', () => {
    const decoded = decode(
      JSON.stringify({
        ...auditEvent(),
        objectRef: null,
        impersonatedUser: null,
        user: { username: 'a', extra: null },
      }),
    );
    assert.ok(decoded.kind === 'event');
    assert.deepEqual(
      [decoded.event.objectRef, decoded.event.impersonatedUser, decoded.event.user],
      [undefined, undefined, { username: 'a' }],
    );
  });

  it('takes older versions of the format', () => {
    assert.equal(decode(LINE.replace('audit.k8s.io/v1', 'audit.k8s.io/v1beta1')).kind, 'event');
  });

  it('marks an event whose bodies the server cut off', () => {
    const decoded = decode(JSON.stringify(auditEvent({ annotations: { 'audit.k8s.io/truncated': 'true' } })));
    assert.equal(decoded.kind === 'event' && decoded.bodiesUnknown, true);
  });

  it('replaces invalid UTF-8 inside a string', () => {
    const decoded = decode(
      Buffer.concat([Buffer.from('{"userAgent":"'), Buffer.from([0xff]), Buffer.from(`",${LINE.slice(1)}`)]),
    );
    assert.equal(decoded.kind === 'event' && decoded.event.userAgent, '\uFFFD');
  });

  it('survives deep nesting', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    assert.notEqual(decode(LINE.replace('"verb"', `"requestObject":${deep},"verb"`)).kind, 'skipped');
    assert.equal(errorOf('{"a":'.repeat(200_000)), 'invalid-json');
  });

  describe('behind a torn line', () => {
    for (const torn of [
      '{',
      LINE.slice(0, 20),
      LINE.slice(0, -1),
      `${LINE.slice(0, 60)}${LINE.slice(0, 99)}`,
      `${LINE.slice(0, 60)}\0\0`,
    ]) {
      it(`finds the event after ${torn.length} bytes`, () => {
        const decoded = decode(torn + LINE);
        assert.deepEqual(decoded.kind === 'event' && [decoded.event.auditID, decoded.salvaged], ['id', true]);
      });
    }

    it('finds none that does not reach to the end, so that a body cannot forge one', () => {
      const forged = JSON.stringify({ ...auditEvent(), requestObject: JSON.parse(LINE) });
      assert.equal(errorOf(`{${forged}, `), 'invalid-json');
      assert.equal(errorOf(`{"a":[${LINE},${LINE}]`), 'invalid-json');
    });

    it('finds none inside a string', () => {
      const line = JSON.stringify({ ...auditEvent(), requestObject: { data: LINE } });
      assert.equal(errorOf(line.slice(0, -1)), 'invalid-json');
    });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.ok(decode(bytes).kind)));
  });

  it('never throws on a mutated event, and what it takes for an event has the promised types', () => {
    const mutation = fc.record({
      line: fc.constantFrom(...REAL_LINES),
      at: fc.nat(),
      bytes: fc.uint8Array({ maxLength: 8 }),
      remove: fc.nat({ max: 30 }),
    });
    fc.assert(
      fc.property(mutation, ({ line, at, bytes, remove }) => {
        const original = Buffer.from(line);
        const place = at % original.length;
        const decoded = decode(Buffer.concat([original.subarray(0, place), bytes, original.subarray(place + remove)]));
        if (decoded.kind !== 'event') return;
        assert.equal(typeof decoded.event.verb, 'string');
        assert.ok(['string', 'undefined'].includes(typeof decoded.event.requestURI));
      }),
    );
  });

  it('never throws on any JSON under the keys of an event', () => {
    const anyEvent = fc.record(
      Object.fromEntries(
        ['level', 'user', 'objectRef', 'annotations', 'sourceIPs', 'responseStatus'].map((key) => [
          key,
          fc.jsonValue(),
        ]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyEvent, (fields) => assert.ok(decode(JSON.stringify({ ...auditEvent(), ...fields })).kind)),
    );
  });
});

describe('stripping the bodies of an oversize line', () => {
  function strip(line: string, places: readonly number[] = [], limit = 1e6): DecodedLine {
    const stripper = new BodyStripper(limit);
    for (const piece of cut(Buffer.from(line), places)) stripper.push(piece);
    return decodeStrippedLine(stripper.finish());
  }

  it('leaves everything else as it is, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REAL_LINES), PLACES, (line, places) => {
        const { requestObject: _request, responseObject: _response, ...rest } = JSON.parse(line);
        assert.deepEqual(strip(line, places), { kind: 'event', event: rest, bodiesUnknown: true, salvaged: false });
      }),
    );
  });

  it('is not led astray by what stands in bodies and strings', () => {
    const body = fc.jsonValue();
    const event = fc.record({
      userAgent: fc.string(),
      auditID: fc.constantFrom('requestObject', '"requestObject":{', '\\'),
      requestObject: body,
      responseObject: body,
    });
    fc.assert(
      fc.property(event, PLACES, fc.boolean(), (fields, places, bodiesFirst) => {
        const whole = bodiesFirst
          ? { ...fields, ...auditEvent(), auditID: fields.auditID }
          : { ...auditEvent(), ...fields };
        const { requestObject: _request, responseObject: _response, ...rest } = whole;
        const decoded = strip(JSON.stringify(whole), places);
        assert.deepEqual(decoded.kind === 'event' && decoded.event, JSON.parse(JSON.stringify(rest)));
      }),
    );
  });

  it('gives up where the rest is over the limit as well', () => {
    assert.deepEqual(strip(LINE.replace('alice', 'a'.repeat(2000)), [], 1000), { kind: 'error', reason: 'oversize' });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.string(), PLACES, (text, places) => assert.ok(strip(text, places).kind)));
  });
});

describe('splitting into lines', () => {
  function split(bytes: Buffer, places: readonly number[], limit: number): { lines: Line[]; splitter: LineSplitter } {
    const splitter = new LineSplitter(limit, 0);
    const lines: Line[] = [];
    for (const piece of cut(bytes, places)) {
      assert.equal(splitter.pushed, piece.byteOffset - bytes.byteOffset);
      splitter.push(piece);
      for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
        lines.push({ ...line, bytes: line.bytes && Buffer.from(line.bytes) });
      }
    }
    return { lines, splitter };
  }

  const content = fc
    .array(fc.constantFrom('a', 'bcd', '\n', '\0', '\0\0', '{"a":1}', '\r\n'), { maxLength: 30 })
    .map((parts) => Buffer.from(parts.join('')));

  it('gives the same lines wherever the pieces are cut, and every byte has its place', () => {
    fc.assert(
      fc.property(content, PLACES, (bytes, places) => {
        const { lines, splitter } = split(bytes, places, 1000);
        assert.deepEqual(lines, split(bytes, [], 1000).lines);
        let end = 0;
        for (const line of lines) {
          assert.equal(line.start, end + line.nulBytes);
          assert.deepEqual(line.bytes, bytes.subarray(line.start, line.end - 1));
          end = line.end;
        }
        assert.equal(splitter.consumed, end);
        assert.equal(splitter.pushed, bytes.length);
        assert.equal(bytes.indexOf(0x0a, end), -1);
      }),
    );
  });

  it('keeps an unterminated line until it is asked for the rest', () => {
    const { lines, splitter } = split(Buffer.from('a\nbc'), [3], 1000);
    assert.equal(lines.length, 1);
    const rest = splitter.rest();
    assert.deepEqual([rest?.bytes?.toString(), rest?.start, rest?.end], ['bc', 2, 4]);
    assert.equal(splitter.consumed, 4);
    assert.equal(splitter.rest(), undefined);
  });

  it('strips a line over the limit, and goes on behind it', () => {
    const { lines } = split(Buffer.from(`{"requestObject":"${'x'.repeat(100)}","a":1}\nnext\n`), [10, 40, 90], 30);
    assert.deepEqual(
      lines.map(({ bytes, stripped, length }) => [bytes?.toString(), stripped?.toString(), length]),
      [
        [undefined, '{"requestObject":null,"a":1}', 126],
        ['next', undefined, 4],
      ],
    );
  });
});
