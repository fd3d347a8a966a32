import assert from 'node:assert/strict';
import {
  type CompiledCorrelation,
  CorrelationState,
  compileCollection,
  evaluate,
  type Firing,
  readSourceFields,
} from '../../../../src/sigma/index.ts';
import { readRecords } from '../support/corpus.ts';

interface ConformanceEvent {
  /** Seconds. */
  readonly at: number;
  readonly received?: number;
  readonly bodiesUnknown?: boolean;
  readonly event: object;
}

interface ExpectedFiring {
  readonly at: number;
  readonly groupBy: Readonly<Record<string, string>>;
  readonly rules?: Readonly<Record<string, number>>;
  readonly correlation?: string;
  readonly undetermined?: boolean;
}

interface ConformanceCase {
  readonly section: string;
  readonly title: string;
  readonly documents: string;
  readonly events: readonly ConformanceEvent[];
  readonly expected: readonly ExpectedFiring[] | 'refused';
  readonly level?: string;
  readonly standalone?: readonly string[];
}

function fire(correlation: CompiledCorrelation, events: readonly ConformanceEvent[]): readonly Firing<unknown>[] {
  const state = new CorrelationState(correlation);
  const fired = events.flatMap(({ at, received = at, bodiesUnknown = false, event }) => {
    const matches = correlation.sources.flatMap((source) => {
      const verdict = evaluate(source.rule.plan, event, { bodiesUnknown });
      const fields = readSourceFields(source, event, { bodiesUnknown });
      return verdict === 'no-match' ? [] : [{ rule: source.key, fields, undetermined: verdict === 'undetermined' }];
    });
    return state.feed({ time: at * 1000, received: Math.max(at, received) * 1000, matches, sample: null });
  });
  return [...fired, ...state.finish()];
}

describe('conformance of correlations', () => {
  const sections = Map.groupBy(readRecords<ConformanceCase>('conformance-correlation.jsonl'), ({ section }) => section);
  for (const [section, cases] of sections) {
    describe(section, () => {
      for (const { title, documents, events, expected, level, standalone } of cases) {
        it(title, () => {
          const result = compileCollection(documents, { name: 'root' });
          if (!result.ok) {
            assert.equal(expected, 'refused', result.errors[0]?.message);
            return;
          }
          assert(result.kind === 'correlation' && expected !== 'refused', 'it compiles');
          if (level !== undefined) assert.equal(result.correlation.document.level, level);
          const own = result.correlation.sources
            .filter(({ output }) => output)
            .map(({ key }) => key.replace('root/', ''));
          if (standalone !== undefined) assert.deepEqual(own, standalone);
          const actual = fire(result.correlation, events);
          assert.equal(actual.length, expected.length, JSON.stringify(actual));
          for (const [index, { at, groupBy, rules, correlation, undetermined = false }] of expected.entries()) {
            const firing = actual[index];
            assert(firing !== undefined);
            assert.deepEqual([firing.to / 1000, firing.groupBy, firing.undetermined], [at, groupBy, undetermined]);
            const key = correlation === undefined ? 'root' : `root/${correlation}`;
            assert.equal(firing.correlation, key);
            const counts = firing.rules.map(({ rule, count }) => [rule.replace('root/', ''), count]);
            if (rules !== undefined) assert.deepEqual(Object.fromEntries(counts), rules);
          }
        });
      }
    });
  }
});
