import assert from 'node:assert/strict';
import fc from 'fast-check';
import { slotIndex } from '../../../../src/sigma/scan/line-slots.ts';
import { ScannedLine } from '../../../../src/sigma/scan/scanned-line.ts';
import { stageBits } from '../../../../src/sigma/scan/stage-bits.ts';

const HEAD =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a-1","stage":"ResponseComplete"';
const REQUEST = ',"requestURI":"/api/v1/namespaces/x/secrets","verb":"get"';
const USER = ',"user":{"username":"eve","groups":["g"],"extra":{"k":["v"]}}';
const CLIENT = ',"sourceIPs":["10.0.0.1"],"userAgent":"curl/8"';
const REF = ',"objectRef":{"resource":"secrets","namespace":"x","name":"n","apiVersion":"v1"}';
const STATUS = ',"responseStatus":{"metadata":{},"code":200}';
const TIMES =
  ',"requestReceivedTimestamp":"2026-10-05T06:00:00.000001Z","stageTimestamp":"2026-10-05T06:00:00.000002Z"';
const ANNOTATIONS =
  ',"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"a \\"b\\""}';
const LINE = `${HEAD}${REQUEST}${USER}${CLIENT}${REF}${STATUS}${TIMES}${ANNOTATIONS}}`;

function scanned(line: string | Buffer): ScannedLine | undefined {
  const scan = new ScannedLine();
  return scan.scan(Buffer.from(line)) ? scan : undefined;
}

/** With the keys of all maps in alphabetical order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lookUp(event: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}

/** A key of the event stands in the line more than once: nothing that an API server writes. */
function hasTwice(line: string): boolean {
  return ['user', 'objectRef', 'responseStatus', 'verb', 'requestURI', 'userAgent', 'stage', 'level', 'kind'].some(
    (key) => line.split(`"${key}"`).length > 2,
  );
}

describe('a scanned line', () => {
  it('knows what stands where kube-apiserver writes it', () => {
    const line = scanned(LINE);
    assert(line !== undefined);
    assert.equal(line.skipped, false);
    assert.equal(line.truncated, false);
    assert.deepEqual(
      (
        [
          ...(['stage', 'verb', 'requestURI', 'user.username', 'userAgent', 'objectRef.resource'] as const),
          ...(['objectRef.namespace', 'objectRef.subresource', 'annotations.authorization.k8s.io/reason'] as const),
        ] as const
      ).map((slot) => line.get(slot)),
      ['ResponseComplete', 'get', '/api/v1/namespaces/x/secrets', 'eve', 'curl/8', 'secrets', 'x', undefined, 'a "b"'],
    );
  });

  const accepted: Readonly<Record<string, string>> = {
    'without a status': LINE.replace(STATUS, ''),
    'without an object': LINE.replace(REF, ''),
    'without a client': LINE.replace(CLIENT, ''),
    'without annotations': LINE.replace(ANNOTATIONS, ''),
    'without a user name (401)': LINE.replace(USER, ',"user":{}'),
    'with an impersonated user': LINE.replace(CLIENT, `,"impersonatedUser":{"username":"bob"}${CLIENT}`),
    'with a status that says more': LINE.replace(
      '"code":200',
      '"status":"Failure","message":"\\"}","reason":"x","details":{"a":["}"]},"code":403',
    ),
    'with an object in another order': LINE.replace(
      '"resource":"secrets","namespace":"x"',
      '"namespace":"x","resource":"secrets"',
    ),
    'with a body': LINE.replace(TIMES, `,"requestObject":{"verb":"delete","a":[{"b":"}"}]}${TIMES}`),
    'with a patch as a body': LINE.replace(TIMES, `,"requestObject":[{"op":"add"}],"responseObject":{}${TIMES}`),
    'with braces in a name': LINE.replace('"name":"n"', '"name":"a}{|"'),
    'with braces in a group': LINE.replace('["g"]', '["}},{"]'),
    'with escaped quotes': LINE.replace('"name":"n"', '"name":"\\\\\\",\\"resource\\":\\"pods"'),
    'with a space': LINE.replace('"verb":', '"verb": '),
    'with a space at its end': `${LINE} `,
    'with spaces everywhere': JSON.stringify(JSON.parse(LINE), null, 1).replaceAll(/\n */g, '\t '),
    'in another order': LINE.replace(REQUEST, ',"verb":"get","requestURI":"/"'),
    'with sorted keys': JSON.stringify(sorted(JSON.parse(LINE))),
    'whose user has no name': LINE.replace('"username":"eve",', ''),
    'with text beyond ASCII': LINE.replace('"eve"', '"é😀"'),
    'that is in memory at any place': LINE,
  };
  for (const [what, line] of Object.entries(accepted)) {
    it(`${what} is read`, () => {
      for (const offset of [0, 1, 2, 3]) {
        const memory = Buffer.from(`${' '.repeat(offset)}${line}"}}}{{{`);
        const scan = scanned(memory.subarray(offset, offset + Buffer.byteLength(line)));
        assert.equal(scan?.get('verb'), 'get');
        const { objectRef } = JSON.parse(line) as { objectRef?: { resource: string; name: string } };
        assert.equal(scan?.get('objectRef.resource'), objectRef?.resource);
        assert.equal(scan?.get('objectRef.name'), objectRef?.name);
      }
    });
  }

  const refused: Readonly<Record<string, string>> = {
    empty: '',
    'not an event': '{}',
    'of another version': LINE.replace('/v1', '/v1beta1'),
    'with an unknown key': LINE.replace(STATUS, `,"cluster":"a"${STATUS}`),
    'with an unknown key at its end': LINE.replace(/\}$/, ',"cluster":"a"}'),
    'with an escaped key': LINE.replace('"verb"', '"v\\u0065rb"'),
    'with null': LINE.replace('"curl/8"', 'null'),
    'with another event inside': `${LINE.slice(0, 700)}${LINE}`,
    'with another event in a body': LINE.replace(
      TIMES,
      `,"requestObject":{"a":"b${LINE.replace(TIMES, `,"requestObject":{}${TIMES}`)}`,
    ),
  };
  for (const [what, line] of Object.entries(refused)) {
    it(`${what} is left to the parser`, () => assert.equal(scanned(line), undefined));
  }

  it('that is cut off anywhere is left to the parser', () => {
    const scan = new ScannedLine();
    for (let length = 0; length < LINE.length; length++)
      assert.equal(scan.scan(Buffer.from(LINE.slice(0, length))), false, `${length}`);
  });

  it('knows nothing of the members of an object that has others than the server writes', () => {
    const line = scanned(LINE.replace('"name":"n"', '"nome":"n"'));
    assert.equal(line?.get('verb'), 'get');
    assert.equal(line?.get('objectRef.namespace'), undefined);
  });

  it('knows when its request was received, to the microsecond, as far as the server writes it', () => {
    const line = (time: string): string => LINE.replace('2026-10-05T06:00:00.000001Z', time);
    assert.equal(scanned(line('2026-10-05T06:00:59.120003Z'))?.receivedInMinute, 59_120_003);
    for (const other of ['2026-10-05T06:00:00Z', '2026-10-05T06:00:00.000001+', '2026-10-05T06:00:0x.000001Z', ''])
      assert.equal(scanned(line(other))?.receivedInMinute, undefined, other);
  });

  it('says what may stand in a body that it jumped over', () => {
    const line = scanned(LINE.replace(TIMES, `,"requestObject":{"spec":{"hostPath":{}}}${TIMES}`));
    assert.equal(line?.mayHold('hostPath'), true);
    assert.equal(line?.mayHold('capabilities'), false);
    for (const level of ['Metadata', 'RequestResponse']) {
      const body = `,"requestObject":{"spec":{"h\\u006fstPath":{}}}`;
      const escaped = scanned(LINE.replace('Metadata', level).replace(TIMES, `${body}${TIMES}`));
      assert.equal(escaped?.mayHold('hostPath'), true, level);
      const torn = scanned(LINE.replace('Metadata', level).replace(TIMES, `${body.slice(0, -1)}${TIMES}`));
      assert.notEqual(torn?.mayHold('hostPath'), false, level);
    }
  });

  it('holds the keys of its bodies, too, in whatever order they stand', () => {
    const bodies = ',"requestObject":{},"responseObject":null';
    const line = LINE.replace('Metadata', 'RequestResponse').replace(TIMES, `${bodies}${TIMES}`);
    const spaced = line.replaceAll('":', '": ');
    for (const text of [line, spaced, JSON.stringify(sorted(JSON.parse(line)))]) {
      const scan = scanned(text);
      assert.equal(scan?.skipped, true);
      for (const key of ['requestObject"', 'responseObject"']) assert.equal(scan.mayHold(key), true, text);
    }
  });

  it('with a body may have keys that were not seen', () => {
    assert.equal(scanned(accepted['with a body'] ?? '')?.skipped, true);
  });

  it('tells of bodies that the server cut off', () => {
    const truncated = LINE.replace('"annotations":{', '"annotations":{"audit.k8s.io/truncated":"true",');
    assert.equal(scanned(truncated)?.truncated, true);
  });

  it('of any length is read, and shorter ones behind it', () => {
    const scan = new ScannedLine();
    const long = LINE.replace(TIMES, `,"requestObject":{"a":"${'x'.repeat(3_000_000)}"}${TIMES}`);
    for (const line of [LINE, long, LINE, long.replace('"eve"', `"${'e'.repeat(100_000)}"`), LINE]) {
      assert.equal(scan.scan(Buffer.from(line)), true);
      assert.equal(scan.get('user.username'), (JSON.parse(line) as { user: { username: string } }).user.username);
      assert.equal(scan.skipped, line.length > LINE.length);
    }
  });

  it('is read as its parser reads it, whatever was changed in it, or not at all', () => {
    const scan = new ScannedLine();
    const body = LINE.replace('Metadata', 'Request').replace(TIMES, `,"requestObject":{"verb":"x","a":["}"]}${TIMES}`);
    const spaced = JSON.stringify(sorted(JSON.parse(body)), null, 1).replaceAll(/\n */g, ' ');
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        ' ',
        '\\"',
        '"a":',
        'null',
        '"verb":"x"',
        '"kind":"Event"',
      ),
      fc.constantFrom(REQUEST, USER, CLIENT, REF, STATUS, TIMES, ANNOTATIONS, HEAD),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const change = fc.record({ at: fc.nat(1200), length: fc.nat(20), piece });
    fc.assert(
      fc.property(fc.constantFrom(LINE, body, spaced), fc.array(change, { maxLength: 3 }), (line, changes) => {
        const changed = changes.reduce(
          (text, { at, length, piece }) => text.slice(0, at) + piece + text.slice(at + length),
          line,
        );
        const isRead = scan.scan(Buffer.from(changed));
        const event = parsed(changed);
        if (!isRead || event === undefined || hasTwice(changed)) return;
        for (const slot of ['level', 'stage', 'verb', 'requestURI', 'user.username', 'userAgent'] as const)
          assert.equal(scan.get(slot), lookUp(event, slot), slot);
        if (scan.readMembers(slotIndex('objectRef')))
          for (const slot of ['objectRef.resource', 'objectRef.namespace', 'objectRef.subresource'] as const)
            assert.equal(scan.get(slot), lookUp(event, slot), slot);
        if (scan.readMembers(slotIndex('responseStatus')) && !scan.isHidden)
          assert.equal(scan.code, lookUp(event, 'responseStatus.code'));
      }),
      { numRuns: 1000 },
    );
  });

  describe('of a hidden stage', () => {
    const HIDDEN = stageBits(['RequestReceived']);
    const RECEIVED = LINE.replace('ResponseComplete', 'RequestReceived');
    const scan = new ScannedLine();

    it('is read as far as its stage', () => {
      assert.equal(scan.scan(Buffer.from(RECEIVED), HIDDEN), true);
      assert.equal(scan.isHidden, true);
      assert.equal(scan.stage, 'RequestReceived');
      assert.equal(scan.receivedInMinute, undefined);
      assert.equal(scan.code, undefined);
    });

    it('is none where its URI, its user or a body only says so', () => {
      const received = '\\",\\"stage\\":\\"RequestReceived\\",\\"requestURI\\":\\"';
      for (const line of [
        LINE.replace('secrets"', `${received}"`),
        LINE.replace('a-1', received),
        LINE.replace('"eve"', `"${received}"`),
        LINE.replace(TIMES, `,"requestObject":${RECEIVED}${TIMES}`),
      ]) {
        scan.scan(Buffer.from(line), HIDDEN);
        assert.equal(scan.isHidden, false, line);
      }
    });

    it('is left to the parser where it was torn, or another event begins in it', () => {
      for (const line of [RECEIVED.slice(0, -20), `${RECEIVED.slice(0, 300)}${LINE}`, `${RECEIVED}${LINE}`])
        assert.equal(scan.scan(Buffer.from(line), HIDDEN), false, line);
    });
  });
});
