import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type CompiledCorrelation,
  type CorrelationLimits,
  type CorrelationSnapshot,
  CorrelationState,
  correlationReach,
  type Firing,
} from '../../../../src/sigma/index.ts';
import { type OracleFiring, type OracleMatch, oracleOfAbsence, oracleOfWindows } from './oracle.ts';
import { correlationOf, type TestEvent, withRules } from './support.ts';

const RULES = ['a', 'b', 'c'];
const TIMESPAN_SECONDS = 10;
const operator = fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'neq');

/** A condition that can hold, as a map or (for the temporal types) as a boolean expression. */
function comparisons(values: fc.Arbitrary<number>, extra: string): fc.Arbitrary<string> {
  const one = fc.record({ operator, bound: values });
  return fc
    .uniqueArray(one, { minLength: 1, maxLength: 2, selector: (c) => c.operator })
    .map((list) => `{ ${list.map(({ operator, bound }) => `${operator}: ${bound}`).join(', ')}${extra} }`);
}

const presence = fc.constantFrom('a and b and c', '(a or b) and c', 'a or (b and c)', 'a and b or b and c or a and c');
const absence = fc.constantFrom(
  'a and b and not c',
  'a and not (b or c)',
  '(a or b) and not c',
  'a and not b or b and not c',
  'c and not a and not b',
);

const body = fc.oneof(
  comparisons(fc.integer({ min: 0, max: 5 }), '').map((condition) => ({ type: 'event_count', condition })),
  comparisons(fc.integer({ min: 0, max: 4 }), ', field: v').map((condition) => ({ type: 'value_count', condition })),
  ...['value_sum', 'value_avg', 'value_median'].map((type) =>
    comparisons(fc.integer({ min: -5, max: 12 }), ', field: v').map((condition) => ({ type, condition })),
  ),
  ...[0, 25, 90, 100].map((percentile) =>
    comparisons(fc.integer({ min: -3, max: 5 }), `, field: v, percentile: ${percentile}`).map((condition) => ({
      type: 'value_percentile',
      condition,
    })),
  ),
  ...['temporal', 'temporal_ordered'].flatMap((type) => [
    comparisons(fc.integer({ min: 1, max: 3 }), '').map((condition) => ({ type, condition })),
    fc.oneof(presence, absence).map((condition) => ({ type, condition })),
    fc.constant({ type, condition: undefined }),
  ]),
);

const correlations = body
  .map(({ type, condition }) =>
    [
      `type: ${type}`,
      `rules: [${RULES.join(', ')}]`,
      'group-by: [g]',
      `timespan: ${TIMESPAN_SECONDS}s`,
      ...(condition === undefined ? [] : [`condition: ${condition}`]),
    ].join('\n'),
  )
  .map((text) => {
    try {
      return correlationOf(withRules(text, RULES));
    } catch {
      return undefined;
    }
  })
  .filter((correlation) => correlation !== undefined);

/** Events that are received in order and happened up to some seconds before; now and then a long time passes. */
const events = fc
  .array(
    fc.record({
      pause: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 5, max: 40 })),
      delay: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 14 })),
      step: fc.nat({ max: 2 }),
      group: fc.constantFrom('x', 'x', 'y'),
      value: fc.integer({ min: -3, max: 5 }),
      undetermined: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 40 },
  )
  .map((list) => {
    let clock = 1_000_000;
    return list.map(({ pause, delay, ...rest }): OracleMatch => {
      clock += pause * 1000;
      return { ...rest, time: clock - delay * 1000, received: clock };
    });
  });

const latenesses = fc.integer({ min: 0, max: 8 }).map((seconds) => seconds * 1000);

function eventOf({ time, received, step, group, value, undetermined }: OracleMatch, index: number): TestEvent {
  const matches = [{ rule: RULES[step] ?? '', fields: { g: [group], v: [value] }, undetermined }];
  return { time, received, sample: index, matches, position: { partition: 'p', generation: 1, offset: index + 1 } };
}

function told(firings: readonly Firing<number>[]): readonly OracleFiring[] {
  return firings.map(({ groupBy, to, undetermined }) => ({ group: groupBy['g'] ?? '', at: to, undetermined }));
}

function run(
  correlation: CompiledCorrelation,
  lateness: number,
  list: readonly TestEvent[],
): readonly Firing<number>[] {
  const state = new CorrelationState<number>(correlation, { lateness });
  return [...list.flatMap((event) => state.feed(event)), ...state.finish()];
}

function inOrder(firings: readonly OracleFiring[]): readonly OracleFiring[] {
  return firings.toSorted((a, b) => a.at - b.at || (a.group < b.group ? -1 : 1));
}

describe('the correlation engine', () => {
  it('fires as a computation from the full list does', () => {
    fc.assert(
      fc.property(correlations, events, latenesses, (correlation, list, lateness) => {
        const [node] = correlation.nodes;
        assert(node !== undefined);
        const { condition } = node;
        const waits = condition.kind === 'Presence' && condition.terms.some(({ absent }) => absent.length > 0);
        const expected = (waits ? oracleOfAbsence : oracleOfWindows)(node, lateness, list);
        const actual = told(run(correlation, lateness, list.map(eventOf)));
        if (waits) assert.deepEqual(inOrder(actual), inOrder(expected));
        else assert.deepEqual(actual, expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('fires the same over any snapshots, restarts and replays', () => {
    const tight: Partial<CorrelationLimits> = { maxGroups: 1, maxMatches: 7, maxMatchesPerGroup: 5 };
    fc.assert(
      fc.property(
        correlations,
        events,
        latenesses,
        fc.array(fc.record({ after: fc.nat({ max: 40 }), again: fc.nat({ max: 10 }) }), { maxLength: 4 }),
        fc.array(fc.record({ after: fc.nat({ max: 40 }), by: fc.nat({ max: 30_000 }) }), { maxLength: 4 }),
        fc.constantFrom(undefined, tight),
        (correlation, list, lateness, restarts, ticks, limits) => {
          const options = { lateness, ...(limits && { limits }) };
          const fed = list.map(eventOf);
          const whole = new CorrelationState<number>(correlation, options);
          const step = (
            state: CorrelationState<number>,
            event: TestEvent,
            index: number,
          ): readonly Firing<number>[] => [
            ...state.feed(event),
            ...ticks.flatMap(({ after, by }) =>
              after === index ? state.advance((event.received ?? event.time) + by) : [],
            ),
          ];
          const expected = [...fed.flatMap((event, index) => step(whole, event, index)), ...whole.finish()];
          let state = new CorrelationState<number>(correlation, options);
          const actual: Firing<number>[] = [];
          for (const [index, event] of fed.entries()) {
            actual.push(...step(state, event, index));
            for (const { after, again } of restarts) {
              if (after !== index) continue;
              const stored: CorrelationSnapshot<number> = JSON.parse(JSON.stringify(state.snapshot()));
              state = new CorrelationState<number>(correlation, options, stored);
              for (const old of fed.slice(Math.max(0, index + 1 - again), index + 1)) actual.push(...state.feed(old));
            }
          }
          actual.push(...state.finish());
          assert.deepEqual(actual, expected);
          assert.deepEqual({ ...state.counters, replayed: 0 }, { ...whole.counters, replayed: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('fires from any moment on as if it had been fed everything, once it was fed what is in its reach', () => {
    fc.assert(
      fc.property(correlations, events, latenesses, fc.nat({ max: 40 }), (correlation, list, lateness, cut) => {
        const fed = list.map(eventOf);
        const receipt = ({ time, received = time }: TestEvent): number => received;
        const now = fed.slice(0, cut).reduce((latest, event) => Math.max(latest, receipt(event)), 0);
        const since = now - correlationReach(correlation, lateness);
        const after = (from: number): readonly Firing<number>[] => {
          const state = new CorrelationState<number>(correlation, { lateness });
          for (const event of fed.slice(0, cut)) if (receipt(event) >= from) state.feed(event);
          return [...fed.slice(cut).flatMap((event) => state.feed(event)), ...state.finish()];
        };
        assert.deepEqual(after(since), after(0));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps within its bounds and counts what it evicts', () => {
    const limits = { maxGroups: 3, maxMatches: 9, maxMatchesPerGroup: 4 };
    fc.assert(
      fc.property(correlations, fc.array(fc.nat({ max: 6 }), { maxLength: 60 }), (correlation, groups) => {
        const state = new CorrelationState<number>(correlation, { limits });
        for (const [index, group] of groups.entries()) {
          state.feed({
            time: index * 100,
            sample: index,
            matches: [{ rule: RULES[index % 3] ?? '', fields: { g: [group], v: [index] } }],
          });
          const { size } = state;
          assert(size.groups <= limits.maxGroups && size.matches <= limits.maxMatches);
        }
        const { matches, evictedMatches } = state.counters;
        assert.equal(matches, evictedMatches + state.size.matches);
      }),
      { numRuns: 300 },
    );
  });
});
