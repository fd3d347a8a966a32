import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { LogScreen } from '../../../src/alerts/index.ts';
import { StageGate } from '../../../src/audit/index.ts';
import { type BrokenPlace, EventReader, type FoundEvent } from '../../../src/cli/logs/event-reader.ts';
import { compileRule, LineScreen, RuleSet } from '../../../src/sigma/index.ts';
import { auditEvent, lines, SECRETS_RULE } from './events.ts';

const LOG = readFileSync(new URL('../../data/audit/kube-apiserver-1.37.jsonl', import.meta.url), 'utf8');
const EVENTS: readonly Record<string, unknown>[] = LOG.trimEnd()
  .split('\n')
  .map((line): Record<string, unknown> => JSON.parse(line));
/** As the webhook backend sends it: the items leave out what the list says. */
const LIST = {
  kind: 'EventList',
  apiVersion: 'audit.k8s.io/v1',
  metadata: {},
  items: EVENTS.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
};

function read(
  bytes: Buffer | string,
  options: { readonly piece?: number; readonly limit?: number } = {},
): { readonly found: readonly FoundEvent[]; readonly broken: readonly BrokenPlace[] } {
  const { piece = 64 * 1024, limit = 16 * 1024 * 1024 } = options;
  const broken: BrokenPlace[] = [];
  const reader = new EventReader({ limit, onBroken: (place) => broken.push(place) });
  const whole = Buffer.from(bytes);
  const found: FoundEvent[] = [];
  for (let at = 0; at < whole.length; at += piece) found.push(...reader.push(whole.subarray(at, at + piece)));
  found.push(...reader.end());
  return { found, broken };
}

/** Screens for reads of secrets, and nothing that the stages of requests ask for. */
function secretsScreen(): LogScreen {
  const compiled = compileRule(SECRETS_RULE);
  assert.ok(compiled.ok);
  const gate = new StageGate({ restore: { startsLogged: true, ledger: { requests: [], horizon: 0, evicted: 0 } } });
  return new LogScreen(new LineScreen(RuleSet.of([{ id: 'secrets', plan: compiled.rule.plan }])), gate);
}

describe('reading events', () => {
  const layouts: Readonly<Record<string, string>> = {
    'one event a line': LOG,
    'one event a line, without an end of the last line': LOG.trimEnd(),
    'Windows line ends': LOG.replaceAll('\n', '\r\n'),
    'a byte order mark': `\ufeff${LOG}`,
    'empty lines between': LOG.replaceAll('\n', '\n\n  \n'),
    'an EventList in one line': JSON.stringify(LIST),
    'an EventList a line for each event': EVENTS.map(
      (event) => `${JSON.stringify({ ...LIST, items: [event] })}\n`,
    ).join(''),
    'an EventList with its keys in another order': JSON.stringify({
      items: LIST.items,
      metadata: {},
      apiVersion: LIST.apiVersion,
      kind: LIST.kind,
    }),
    'a pretty-printed EventList': JSON.stringify(LIST, undefined, 2),
    'a byte order mark before a document': `\ufeff\n${JSON.stringify(LIST, undefined, 2)}`,
    'NUL bytes before a document': `\0\0${JSON.stringify(EVENTS)}`,
    'a JSON array': JSON.stringify(EVENTS),
    'a pretty-printed JSON array': JSON.stringify(EVENTS, undefined, 4),
    'pretty-printed events': EVENTS.map((event) => `${JSON.stringify(event, undefined, 2)}\n`).join(''),
    'an array a line for each event': EVENTS.map((event) => `${JSON.stringify([event])}\n`).join(''),
  };
  for (const [name, text] of Object.entries(layouts)) {
    for (const piece of [1, 7, 4096, 1024 * 1024]) {
      it(`finds every event of ${name}, in pieces of ${piece} bytes`, () => {
        const { found, broken } = read(text, { piece });
        assert.deepEqual(broken, []);
        assert.deepEqual(
          found.map(({ event }) => event),
          EVENTS,
        );
      });
    }
  }

  const event = auditEvent();
  const text = JSON.stringify(event);
  const envelopes: Readonly<Record<string, object>> = {
    'Fluent Bit': { log: `${text}\n`, time: '2026-11-24T05:48:24Z' },
    Vector: { message: text, file: '/var/log/audit.log' },
    'CloudWatch Logs': { messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: 1, message: text }] },
    'Azure Monitor': {
      records: [
        { category: 'kube-audit', properties: { log: text } },
        { category: 'kube-scheduler', properties: { log: 'x' } },
      ],
    },
  };
  for (const [name, envelope] of Object.entries(envelopes)) {
    for (const [layout, written] of [
      ['a line', `${JSON.stringify(envelope)}\n${JSON.stringify(envelope)}\n`],
      ['several lines', `${JSON.stringify(envelope, undefined, 2)}\n${JSON.stringify(envelope, undefined, 2)}\n`],
    ] as const) {
      it(`finds events in what ${name} makes of them, in ${layout}`, () => {
        const { found, broken } = read(written, { piece: 100 });
        assert.deepEqual(broken, []);
        assert.deepEqual(
          found.map((one) => one.event),
          [event, event],
        );
      });
    }
  }

  it('gives the line of each event, and its index in a list', () => {
    assert.deepEqual(
      read(lines(auditEvent(), auditEvent())).found.map(({ line, item }) => [line, item]),
      [
        [1, undefined],
        [2, undefined],
      ],
    );
    assert.deepEqual(
      read(`\n[\n${JSON.stringify(auditEvent())},\n\n${JSON.stringify(auditEvent(), undefined, 1)}]`).found.map(
        ({ line, item }) => [line, item],
      ),
      [
        [3, 0],
        [5, 1],
      ],
    );
    assert.deepEqual(
      read(`${JSON.stringify(LIST)}\n`)
        .found.slice(0, 2)
        .map(({ line, item }) => [line, item]),
      [
        [1, 0],
        [1, 1],
      ],
    );
  });

  it('is not fooled by what stands inside of an event', () => {
    const hostile = auditEvent({
      requestURI: '/x?items=[{"kind":"Event"}]',
      requestObject: { items: [auditEvent()], kind: 'EventList', nested: [[{ items: [auditEvent()] }]] },
      annotations: { 'a"}],"items":[{': '\\"}]' },
    });
    for (const text of [JSON.stringify(hostile), JSON.stringify([hostile]), JSON.stringify(hostile, undefined, 2)]) {
      const { found, broken } = read(text, { piece: 3 });
      assert.deepEqual(broken, []);
      assert.deepEqual(
        found.map(({ event }) => event),
        [hostile],
      );
    }
  });

  describe('of which not all need be parsed', () => {
    const screened = (text: string): { readonly found: readonly FoundEvent[]; readonly skipped: number } => {
      const reader = new EventReader({ screen: secretsScreen() });
      const found = [...reader.push(Buffer.from(text)), ...reader.end()];
      return { found, skipped: reader.skipped };
    };
    const { kind: _, apiVersion: __, ...item } = auditEvent();
    const others = ['list', 'watch', 'update'].map((verb) => ({ ...item, verb }));
    const listOf = (...items: readonly object[]): string => `${JSON.stringify({ ...LIST, items })}\n\n`;

    it('passes over items of lists', () => {
      const { found, skipped } = screened(listOf(...others, item, ...others, item));
      assert.deepEqual(
        found.map(({ event, item, line }) => [event.verb, item, line]),
        [
          ['get', 3, 1],
          ['get', 7, 1],
        ],
      );
      assert.equal(skipped, 6);
    });

    it('takes no items for events that stand in the body of one', () => {
      const level = 'RequestResponse';
      for (const requestObject of [[item, ...others], { items: [item] }, [item, { a: [item] }], item]) {
        for (const rest of [{ level }, { level, stage: 'RequestReceived' }, { level: 'Metadata' }]) {
          const hostile = { ...item, ...rest, verb: 'list', requestObject };
          const { level: first, ...behind } = hostile;
          const { found, skipped } = screened(listOf({ level: first, ...behind }, others[0] ?? {}));
          assert.ok(
            found.every((one) => one.event.verb !== 'get'),
            JSON.stringify(hostile),
          );
          assert.equal(found.length + skipped, 2, JSON.stringify(hostile));
        }
      }
    });

    it('passes over lines, and finds the others where they are, whatever stands between and however it is cut', () => {
      const text = (event: object): string => JSON.stringify(event);
      const withBody = { level: 'RequestResponse', requestObject: { a: ['\u00e4"\\', { b: 1 }] } };
      const line = fc.oneof(
        { arbitrary: fc.constantFrom('list', 'watch', 'update').map((verb) => text(auditEvent({ verb }))), weight: 6 },
        fc.constantFrom('get', 'list').map((verb) => text({ ...auditEvent({ verb }), ...withBody })),
        fc.constantFrom('RequestReceived', 'Other').map((stage) => text(auditEvent({ verb: 'list', stage }))),
        fc.constantFrom(text(auditEvent()), `${text(auditEvent())}\r`, ` ${text(auditEvent())}`),
        fc.constantFrom('', ' ', '{', '{}', 'x', text(auditEvent()).slice(0, 90), `\0\0${text(auditEvent())}`),
        fc.constantFrom(listOf(item, ...others).trimEnd(), text({ items: [item, ...others] })),
        fc
          .oneof(fc.nat(3000), fc.nat(90_000))
          .map((length) => text(auditEvent({ verb: 'list', requestURI: `/${'x'.repeat(length)}` }))),
      );
      let passedOver = 0;
      fc.assert(
        fc.property(
          fc.array(line, { maxLength: 40 }),
          fc.oneof(fc.integer({ min: 1, max: 4000 }), fc.constant(512 * 1024)),
          fc.constantFrom(2000, 1_000_000),
          fc.constantFrom('', '\n'),
          (all, size, limit, end) => {
            const bytes = Buffer.from(`${text(auditEvent({ verb: 'list' }))}\n${all.join('\n')}${end}`);
            const [whole, some] = [{}, { screen: secretsScreen() }].map((options) => {
              const broken: BrokenPlace[] = [];
              const reader = new EventReader({ ...options, limit, onBroken: (place) => broken.push(place) });
              const found: FoundEvent[] = [];
              for (let at = 0; at < bytes.length; at += size) {
                // A buffer is used for every second piece, as the command does.
                const piece = Buffer.from(bytes.subarray(at, at + size));
                found.push(...reader.push(piece));
                piece.fill('{');
              }
              found.push(...reader.end());
              return { found, broken, skipped: reader.skipped };
            });
            assert(whole !== undefined && some !== undefined);
            assert.deepEqual(some.broken, whole.broken);
            assert.equal(some.found.length + some.skipped, whole.found.length);
            const reads = ({ event }: FoundEvent): boolean => event.verb === 'get';
            assert.deepEqual(some.found.filter(reads), whole.found.filter(reads));
            passedOver += some.skipped;
          },
        ),
        { numRuns: 300 },
      );
      assert.ok(passedOver > 1000, String(passedOver));
    });

    it('tells the place of an item that is no event', () => {
      const broken: BrokenPlace[] = [];
      const reader = new EventReader({ screen: secretsScreen(), onBroken: broken.push.bind(broken) });
      const found = [...reader.push(Buffer.from(listOf(item, { level: 'Metadata', verb: 3 }, ...others)))];
      assert.equal(found.length + reader.skipped, 4);
      assert.deepEqual(broken, [{ line: 1, reason: 'not-an-event' }]);
    });
  });

  it('reads on behind a broken line', () => {
    const [first, second] = [JSON.stringify(auditEvent()), JSON.stringify(auditEvent({ verb: 'list' }))];
    const { found, broken } = read(
      `${first}\n{"kind":"Event","apiVersion":"aud\nnonsense\n{"kind":"Pod"}\n${second}\n`,
    );
    assert.deepEqual(
      found.map(({ line }) => line),
      [1, 5],
    );
    assert.deepEqual(broken, [
      { line: 2, reason: 'invalid-json' },
      { line: 3, reason: 'invalid-json' },
      { line: 4, reason: 'not-an-event' },
    ]);
  });

  it('reads on behind a broken document, at the next line that begins one', () => {
    const event = JSON.stringify(auditEvent(), undefined, 2);
    const { found, broken } = read(`{\n"a": [1, 2}\n"b": {}}\n${event}\n`);
    assert.equal(found.length, 1);
    assert.deepEqual(broken, [{ line: 2, reason: 'invalid-json' }]);
  });

  it('reads on behind a comma that is missing, and behind two documents that run into each other', () => {
    const [first, second] = ['get', 'list'].map((verb) => JSON.stringify(auditEvent({ verb })));
    for (const text of [`[\n${first}\n${second}\n]`, `[\n${first}\n]]\n${second}\n`]) {
      for (const piece of [1, 3, 1000]) {
        const { found, broken } = read(text, { piece });
        assert.deepEqual(
          found.map(({ event }) => event.verb),
          ['get', 'list'],
        );
        assert.equal(broken[0]?.line, 3);
      }
    }
  });

  it('gives up what is nested without an end', () => {
    const { found, broken } = read(`[\n${'['.repeat(100_000)}\n${JSON.stringify(auditEvent())}\n`);
    assert.equal(found.length, 1);
    assert.deepEqual(broken[0], { line: 2, reason: 'invalid-json' });
  });

  it('says where a document that breaks off began', () => {
    const { broken } = read(`[\n${JSON.stringify(auditEvent())},\n{"kind": "Event",\n`);
    assert.deepEqual(broken, [{ line: 3, reason: 'unterminated' }]);
  });

  for (const [name, wrap] of [
    ['lines', (event: string) => `${event}\n`],
    ['arrays', (event: string) => `[${event}]`],
  ] as const) {
    it(`keeps what stands outside of the bodies of events over the limit, in ${name}`, () => {
      const event = auditEvent({ requestObject: { data: 'x'.repeat(10_000) } });
      const { found } = read(wrap(JSON.stringify(event)), { limit: 4000, piece: 1000 });
      assert.deepEqual(
        found.map(({ event: { verb, requestObject }, bodiesUnknown }) => [verb, requestObject, bodiesUnknown]),
        [['get', undefined, true]],
      );
    });
  }

  it('never throws, and finds what stands in lines of their own, whatever stands between', () => {
    const good = JSON.stringify(auditEvent());
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(50), (garbage, piece) => {
        const text = [good, ...garbage.map((line) => line.replaceAll('\n', ' ')), good].join('\n');
        const { found } = read(text, { piece: piece + 1 });
        const [first, last] = [found[0], found.at(-1)];
        assert.equal(first?.line, 1);
        assert.equal(last?.line, garbage.length + 2);
      }),
      { numRuns: 50 },
    );
  });

  it('never throws on documents', () => {
    const text = fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'items', '\n', ' ', '1', 'kind'));
    fc.assert(
      fc.property(text, fc.nat(5), (parts, piece) => {
        read(`[${parts.join('')}`, { piece: piece + 1, limit: 50 });
      }),
    );
  });
});
