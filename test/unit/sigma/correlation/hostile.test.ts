import fc from 'fast-check';
import { CorrelationState, compileCollection, compileFilter } from '../../../../src/sigma/index.ts';
import { baseRule } from './support.ts';

const leaf = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'not a',
    'a and (b',
    'any',
    '5m',
    '1M',
    '',
    'temporal',
    'event_count',
    'value_sum',
    'g',
    '__proto__',
    'constructor',
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const anything = fc.oneof(
  leaf,
  fc.array(fc.oneof(leaf, fc.array(leaf, { maxLength: 2 })), { maxLength: 4 }),
  fc.dictionary(fc.constantFrom('gte', 'lt', 'field', 'percentile', 'a', '__proto__'), fc.oneof(leaf, fc.array(leaf))),
);
const body = fc.record(
  {
    type: fc.oneof(
      fc.constantFrom('temporal', 'temporal_ordered', 'event_count', 'value_count', 'value_percentile'),
      anything,
    ),
    rules: fc.oneof(fc.constant(['a']), fc.constant('a'), anything),
    'group-by': fc.oneof(fc.constant(['g']), anything),
    timespan: fc.oneof(fc.constant('5m'), anything),
    condition: anything,
    aliases: anything,
    generate: anything,
    selection: anything,
  },
  { requiredKeys: [] },
);

describe('hostile meta rules', () => {
  it('are refused or run, but never crash', () => {
    const fields = Object.fromEntries(['g', '__proto__', 'constructor'].map((name) => [name, ['x']]));
    fc.assert(
      fc.property(fc.oneof(body, anything), (value) => {
        const result = compileCollection(`title: T\ncorrelation: ${JSON.stringify(value)}\n---\n${baseRule('a')}`);
        compileFilter(`title: T\nlogsource: { category: test }\nfilter: ${JSON.stringify(value)}`);
        if (!result.ok || result.kind !== 'correlation') return;
        const state = new CorrelationState<null>(result.correlation);
        const matches = [{ rule: 'a', fields }];
        for (let time = 0; time < 5; time++) state.feed({ time, sample: null, matches });
        JSON.stringify(state.snapshot());
      }),
      { numRuns: 2000 },
    );
  });
});
