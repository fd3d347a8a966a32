import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ItemSplitter, MalformedBody } from '../../../src/audit/index.ts';
import { REAL_LINES } from './events.ts';

interface Split {
  readonly items: (string | undefined)[];
  readonly stripped: (string | undefined)[];
  readonly values: number;
}

function split(body: Buffer | string, places: readonly number[] = [], limit = 1e6): Split {
  const splitter = new ItemSplitter(limit);
  const items: (string | undefined)[] = [];
  const stripped: (string | undefined)[] = [];
  const bytes = Buffer.from(body);
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < cuts.length; i++) {
    splitter.push(bytes.subarray(cuts[i - 1], cuts[i]));
    for (let item = splitter.next(); item !== undefined; item = splitter.next()) {
      items.push(item.bytes?.toString());
      stripped.push(item.stripped?.toString());
    }
  }
  splitter.end();
  return { items, stripped, values: splitter.values };
}

const PLACES = fc.array(fc.nat(), { maxLength: 8 });

describe('splitting a body into items', () => {
  const cases: readonly [name: string, body: string, items: readonly string[]][] = [
    [
      'an EventList',
      '{"kind":"EventList","metadata":{"items":[0]},"items":[{"a":[1]},{"b":"}]"}]}',
      ['{"a":[1]}', '{"b":"}]"}'],
    ],
    ['an EventList with keys behind its items', '{"items":[{}],"kind":"EventList"}', ['{}']],
    ['an empty EventList', '{"items":[]}', []],
    ['an EventList without a list', '{"items":null}', ['{"items":null}']],
    ['an EventList with spaces', ' {\n"items" : [ {} ,\t{ } ] }\r\n', ['{}', '{ }']],
    ['Azure records', '{"records":[{"a":1},{"b":2}]}', ['{"a":1}', '{"b":2}']],
    ['CloudWatch logEvents', '{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1"}]}', ['{"id":"1"}']],
    ['an array', '[{"a":1},{"b":[2]}]', ['{"a":1}', '{"b":[2]}']],
    ['an array of anything', '[1,"a,b",null,[2],{}]', ['1', '"a,b"', 'null', '[2]', '{}']],
    ['an empty array', '[]', []],
    ['NDJSON', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['objects without anything between them', '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    [
      'arrays and EventLists, line by line',
      '[{"a":1}]\n{"items":[{"b":2}]}\n{"c":3}',
      ['{"a":1}', '{"b":2}', '{"c":3}'],
    ],
    ['an object with a key like a list that is none', '{"items":{"items":[1]}}', ['{"items":{"items":[1]}}']],
    ['an object with a value like such a key', '{"a":"items","b":[1]}', ['{"a":"items","b":[1]}']],
    ['an object with such a key deeper', '{"a":{"items":[1]}}', ['{"a":{"items":[1]}}']],
    ['escapes', '{"items":[{"a":"\\"]}"},{"b":"\\\\"}]}', ['{"a":"\\"]}"}', '{"b":"\\\\"}']],
  ];
  for (const [name, body, items] of cases) {
    it(name, () => assert.deepEqual(split(body).items, items));
  }

  for (const body of [
    '',
    '  \n',
    'no json',
    '"text"',
    '1',
    ']',
    '}',
    '{"items":[{}',
    '{"items":[{}]',
    '{"items":[{}]]',
    '[{"a":[1}]',
    '{"a":{"b":1]}',
    '{"items":[{},]}',
    '{"items":[{} {}]}',
    '{"items":[,{}]}',
    '{"items":["',
    '[{}',
    '[{}}',
    '{"a":"',
    '{"a":1}\n,',
    '\u0000',
  ]) {
    it(`refuses ${JSON.stringify(body)}`, () => assert.throws(() => split(body), MalformedBody));
  }

  it('takes what is nested deeply, as Go does, and refuses what is nested without an end', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    assert.deepEqual(split(`[${nested(10_000)}]`).items, [nested(10_000)]);
    assert.throws(() => split(`[${nested(100_000)}]`), MalformedBody);
  });

  it('says where each item stood', () => {
    const splitter = new ItemSplitter(1000, 5);
    const places: [line: number, index: number | undefined][] = [];
    for (const piece of ['[{},\n\n{"a":\n1}', ',\n2]\n{"b":1}', '{"items":\n[{}\n,{}]}\n']) {
      splitter.push(Buffer.from(piece));
      for (let item = splitter.next(); item !== undefined; item = splitter.next()) places.push([item.line, item.index]);
    }
    assert.deepEqual(places, [
      [5, 0],
      [7, 1],
      [9, 2],
      [10, undefined],
      [11, 0],
      [12, 1],
    ]);
    assert.equal(splitter.openSince, undefined);
    assert.equal(splitter.line, 13);
  });

  it('gives the same items wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...REAL_LINES), { maxLength: 5 }),
        PLACES,
        fc.nat({ max: 2 }),
        (lines, places, form) => {
          const body = [
            `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${lines.join(',')}]}`,
            `[${lines.join(',\n')}]`,
            `${lines.join('\n')}\n{}`,
          ][form];
          assert.deepEqual(split(body ?? '', places).items, form === 2 ? [...lines, '{}'] : lines);
        },
      ),
    );
  });

  it('gives any JSON values as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 5 }), PLACES, fc.boolean(), (values, places, isArray) => {
        const body = isArray ? `[${values.join(',')}]` : `{"a":{"records":[]},"records":[${values.join(',')}]}`;
        assert.deepEqual(split(body, places).items, values);
      }),
    );
  });

  it('never throws anything but MalformedBody, whatever the bytes', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc
        .string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '"items"', ' ', '1') })
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(noise, PLACES, (body, places) => {
        try {
          split(body, places);
        } catch (error) {
          assert.ok(error instanceof MalformedBody);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('strips an item over the limit, and goes on behind it', () => {
    const long = `{"requestObject":"${'x'.repeat(100)}","a":1}`;
    for (const body of [`{"items":[${long},{"b":2}]}`, `[${long},{"b":2}]`, `${long}\n{"b":2}`]) {
      const { items, stripped } = split(body, [30, 60, 90], 40);
      assert.deepEqual(items, [undefined, '{"b":2}']);
      assert.deepEqual(stripped, ['{"requestObject":null,"a":1}', undefined]);
    }
  });

  it('holds no more than the limit of what does not end', () => {
    const splitter = new ItemSplitter(1000);
    for (let i = 0; i < 1000; i++) {
      splitter.push(Buffer.from(i === 0 ? '[{"requestObject":"' : 'x'.repeat(1000)));
      assert.equal(splitter.next(), undefined);
    }
    assert.throws(() => splitter.end(), MalformedBody);
  });
});
