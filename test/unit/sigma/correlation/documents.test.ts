import assert from 'node:assert/strict';
import { parseTimespan } from '../../../../src/sigma/correlation/timespan.ts';
import { compileCollection, formatDiagnostic } from '../../../../src/sigma/index.ts';
import { correlationOf, refusedCollection, withRules } from './support.ts';

function nodeOf(body: string, head?: string) {
  const node = correlationOf(withRules(body, ['a', 'b', 'c'], head)).nodes.at(-1);
  assert(node !== undefined);
  return node;
}

const THREE = 'rules: [a, b, c]\ngroup-by: [g]\ntimespan: 5m';

describe('correlation documents', () => {
  it('have timespans of a whole number and a unit', () => {
    const cases: Readonly<Record<string, number | undefined>> = {
      '90s': 90_000,
      '5m': 300_000,
      '24h': 86_400_000,
      '7d': 604_800_000,
      '2w': 1_209_600_000,
      '0s': undefined,
      '1.5h': undefined,
      '5 m': undefined,
      '90': undefined,
      '5H': undefined,
      '1M': undefined,
      '1y': undefined,
      '-5m': undefined,
      '': undefined,
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(parseTimespan(text), expected, text);
  });

  it('ask for all rules where a temporal one has no condition', () => {
    const { condition } = nodeOf(`type: temporal\n${THREE}`);
    assert.deepEqual(condition, { kind: 'Presence', terms: [{ present: [0, 1, 2], absent: [] }] });
  });

  it('join several comparisons by and', () => {
    const { condition } = nodeOf(`type: event_count\n${THREE}\ncondition: { gt: 100, lte: 200 }`);
    assert.deepEqual(condition, {
      kind: 'Compare',
      comparisons: [
        { operator: 'gt', bound: 100 },
        { operator: 'lte', bound: 200 },
      ],
      fields: [],
    });
  });

  it('take boolean conditions with operators in either case', () => {
    for (const text of ['a AND b AND NOT c', 'a and b and not c', '(b And a) and Not (c)']) {
      const { condition } = nodeOf(`type: temporal\n${THREE}\ncondition: ${text}`);
      assert.deepEqual(condition, { kind: 'Presence', terms: [{ present: [0, 1], absent: [2] }] }, text);
    }
  });

  it('resolve boolean conditions to alternatives, without those that contradict themselves', () => {
    const terms = (text: string): unknown => {
      const { condition } = nodeOf(`type: temporal\n${THREE}\ncondition: ${text}`);
      return condition.kind === 'Presence' && condition.terms.map(({ present, absent }) => [present, absent]);
    };
    assert.deepEqual(terms('a and (b or c)'), [
      [[0, 1], []],
      [[0, 2], []],
    ]);
    assert.deepEqual(terms('a and not (b and c)'), [
      [[0], [1]],
      [[0], [2]],
    ]);
    assert.deepEqual(terms('a and (not a or b) and c'), [[[0, 1, 2], []]]);
  });

  it('take the rules from the condition where they are not listed', () => {
    const { steps } = nodeOf('type: temporal\ngroup-by: [g]\ntimespan: 5m\ncondition: c and (a or b)');
    assert.deepEqual(
      steps.map(({ rule }) => rule),
      ['c', 'a', 'b'],
    );
  });

  it('take generate at the root and inside, one rule and one field as strings, and tags', () => {
    const inside = correlationOf(
      withRules('type: event_count\nrules: a\ngroup-by: g\ntimespan: 1m\ncondition: { gte: 2 }\ngenerate: true', ['a']),
    );
    assert.equal(inside.sources[0]?.output, true);
    const root = correlationOf(
      withRules(
        'type: event_count\nrules: a\ngroup-by: g\ntimespan: 1m\ncondition: { gte: 2 }',
        ['a'],
        'title: T\ngenerate: true\ntags: [attack.t1110]\nlevel: high',
      ),
    );
    assert.equal(root.sources[0]?.output, true);
    assert.deepEqual([root.document.tags, root.document.level], [['attack.t1110'], 'high']);
  });

  const refused: readonly (readonly [code: string, body: string])[] = [
    ['MissingField', 'rules: [a, b, c]\ntimespan: 1m\ncondition: { gte: 1 }'],
    ['MissingField', 'type: event_count\ntimespan: 1m\ncondition: { gte: 1 }'],
    ['MissingField', 'type: event_count\nrules: []\ntimespan: 1m\ncondition: { gte: 1 }'],
    ['MissingField', 'type: event_count\nrules: [a, b, c]\ncondition: { gte: 1 }'],
    ['MissingField', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m'],
    ['InvalidField', 'type: event_count\nrules: { a: b }\ntimespan: 1m\ncondition: { gte: 1 }'],
    ['InvalidField', 'type: event_count\nrules: [[a], b, c]\ntimespan: 1m\ncondition: { gte: 1 }'],
    ['InvalidField', 'type: event_count\nrules: [a, b, c]\ngroup-by: { a: b }\ntimespan: 1m\ncondition: { gte: 1 }'],
    ['InvalidField', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ngenerate: maybe'],
    ['InvalidField', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\naliases: [x]'],
    ['InvalidField', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\naliases: { x: y }'],
    ['InvalidField', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\naliases: { x: { a: [f] } }'],
    ['UnlistedRule', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\naliases: { x: { d: f } }'],
    ['UnlistedRule', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: a and b'],
    ['InvalidCorrelationCondition', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: { field: x }'],
    ['InvalidCorrelationCondition', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: { gte: many }'],
    ['InvalidCorrelationCondition', "type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: { gte: '5' }"],
    ['InvalidCorrelationCondition', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: [{ gte: 5 }]'],
    ['InvalidCorrelationCondition', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: 5'],
    ['InvalidCorrelationCondition', 'type: value_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: { gte: 5 }'],
    [
      'InvalidCorrelationCondition',
      'type: value_sum\nrules: [a, b, c]\ntimespan: 1m\ncondition: { gte: 5, field: [x, y] }',
    ],
    [
      'InvalidCorrelationCondition',
      'type: value_percentile\nrules: [a, b, c]\ntimespan: 1m\ncondition: { lte: 1, field: image }',
    ],
    [
      'InvalidCorrelationCondition',
      'type: value_percentile\nrules: [a, b, c]\ntimespan: 1m\ncondition: { lte: 1, field: x, percentile: 101 }',
    ],
    ['ConditionCannotHold', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: { gt: 10, lt: 5 }'],
    ['ConditionCannotHold', 'type: event_count\nrules: [a, b, c]\ntimespan: 1m\ncondition: { eq: 5, neq: 5 }'],
    ['ConditionCannotHold', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: { gte: 4 }'],
    ['ConditionCannotHold', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: a and not a and b and c'],
    ['AbsenceAlone', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: not a and not b and not c'],
    ['UnexpectedToken', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: a and b c'],
    ['UnexpectedToken', 'type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: 1 of them'],
    ['EmptyCondition', "type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: ' '"],
    [
      'ConditionTooDeep',
      `type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: ${'('.repeat(65)}a${')'.repeat(65)}`,
    ],
    ['UnresolvedReference', 'type: temporal\nrules: [a, b, c, d]\ntimespan: 1m'],
  ];
  for (const [code, body] of refused) {
    it(`are refused as ${code}: ${body.split('\n').at(-1)?.slice(0, 60)}`, () => {
      const errors = refusedCollection(withRules(body, ['a', 'b', 'c']));
      assert.equal(errors[0]?.code, code, errors.map(formatDiagnostic).join('\n'));
      assert(errors[0].excerpt.includes('^'));
    });
  }

  it('are refused where alternatives are too many', () => {
    const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
    const pairs = names.flatMap((name, index) => (index % 2 === 0 ? [`(${name} or ${names[index + 1]})`] : []));
    const body = `type: temporal\ntimespan: 1m\ncondition: ${pairs.join(' and ')}`;
    assert.equal(refusedCollection(withRules(body, names))[0]?.code, 'CorrelationTooLarge');
  });

  it('warn of what is legal and probably not meant', () => {
    const codes = (body: string, head?: string): readonly string[] => {
      const result = compileCollection(withRules(body, ['a', 'b'], head));
      assert(result.ok);
      return result.findings.map(({ code }) => code);
    };
    assert.deepEqual(codes('type: temporal\nrules: [a, b]\ntimespan: 1m'), ['UngroupedCorrelation']);
    assert.deepEqual(codes('type: temporal\nrules: [a, b]\ntimespan: 1m\ngroup-by: [x]\naliases: { x: { a: f } }'), [
      'IncompleteAlias',
    ]);
    assert.deepEqual(
      codes('type: temporal\nrules: [a, b]\ntimespan: 1m\ngroup-by: [x]\ncondition: { gte: 1, field: y }'),
      ['UnusualField'],
    );
    assert.deepEqual(
      codes(
        'type: temporal\nrules: [a, b]\ntimespan: 1m\ngroup-by: [x]',
        'title: T\nlogsource: { product: kubernetes }',
      ),
      ['UnusualField'],
    );
  });
});
