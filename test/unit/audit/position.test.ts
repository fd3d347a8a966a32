import assert from 'node:assert/strict';
import {
  comparePositions,
  formatPosition,
  isSourceCheckpoint,
  ORIGIN,
  type Position,
  parsePosition,
  requestIdentity,
} from '../../../src/audit/index.ts';
import { parseTimestamp } from '../../../src/audit/timestamp.ts';
import { auditEvent } from './events.ts';

describe('positions', () => {
  it('are ordered by generation, then by offset', () => {
    const sorted: Position[] = [
      ORIGIN,
      { generation: 1, offset: 9 },
      { generation: 2, offset: 0 },
      { generation: 2, offset: 3 },
    ];
    assert.deepEqual([...sorted].reverse().sort(comparePositions), sorted);
    assert.equal(comparePositions(ORIGIN, { ...ORIGIN }), 0);
  });

  it('are read back from what is written', () => {
    const position = { generation: 1795499304739976, offset: Number.MAX_SAFE_INTEGER };
    assert.deepEqual(parsePosition(formatPosition(position)), position);
  });

  for (const text of [
    '',
    '1',
    '1:',
    ':1',
    '1:2:3',
    '-1:2',
    '1.5:2',
    '1:2 ',
    '9007199254740993:0',
    '0x1:2',
    '1:99999999999999999999',
  ]) {
    it(`are not read from ${JSON.stringify(text)}`, () => assert.equal(parsePosition(text), undefined));
  }

  const checkpoint = { position: ORIGIN, files: [['f', 1]], floor: 0 };
  const checkpoints: readonly [value: unknown, expected: boolean][] = [
    [checkpoint, true],
    [{ ...checkpoint, lastEventTime: 'x' }, true],
    [{ ...checkpoint, lastEventTime: 1 }, false],
    [{ ...checkpoint, files: [['f']] }, false],
    [{ ...checkpoint, files: {} }, false],
    [{ ...checkpoint, position: { generation: -1, offset: 0 } }, false],
    [{ position: ORIGIN }, false],
    [null, false],
  ];
  for (const [value, expected] of checkpoints) {
    it(`${expected ? 'accepts' : 'refuses'} the checkpoint ${JSON.stringify(value)}`, () =>
      assert.equal(isSourceCheckpoint(value), expected));
  }
});

describe('timestamps', () => {
  const cases: readonly [text: string | undefined, expected: number | undefined][] = [
    ['2026-11-24T05:48:24.739976Z', 1795499304739976],
    ['2026-11-24T05:48:24Z', 1795499304000000],
    ['2026-11-24T05:48:24.7Z', 1795499304700000],
    ['2026-11-24T05:48:24.739976999Z', 1795499304739976],
    ['2026-11-24T06:48:24.739976+01:00', 1795499304739976],
    ['9999-12-31T23:59:59.999999Z', undefined],
    ['1969-12-31T23:59:59Z', undefined],
    ['2026-13-24T05:48:24Z', undefined],
    ['now', undefined],
    [undefined, undefined],
  ];
  for (const [text, expected] of cases)
    it(`${text} is ${expected}`, () => assert.equal(parseTimestamp(text), expected));
});

describe('request identity', () => {
  const request = auditEvent();

  it('is short, and the same at every stage', () => {
    const identity = requestIdentity(request);
    assert.match(identity, /^[\w-]{22}$/);
    assert.equal(
      requestIdentity({ ...request, stage: 'ResponseStarted', stageTimestamp: 'x', responseStatus: { code: 200 } }),
      identity,
    );
    assert.match(requestIdentity({ ...request, auditID: 'x'.repeat(1_000_000) }), /^[\w-]{22}$/);
  });

  it('differs for requests with the same Audit-ID', () => {
    const others = [
      { requestReceivedTimestamp: '2026-11-24T05:48:24.739584Z' },
      { user: { username: 'bob' } },
      { verb: 'delete' },
      { requestURI: '/' },
      { auditID: 'other' },
    ];
    const identities = [request, ...others.map((other) => ({ ...request, ...other }))].map(requestIdentity);
    assert.equal(new Set(identities).size, identities.length);
  });

  it('does not mix up neighbouring fields', () => {
    const a = requestIdentity(auditEvent({ verb: 'get', requestURI: 'x"/y' }));
    const b = requestIdentity(auditEvent({ verb: 'get","x', requestURI: '/y' }));
    assert.notEqual(a, b);
  });
});
