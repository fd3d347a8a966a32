import assert from 'node:assert/strict';
import { CorrelationState, readSourceFields } from '../../../../src/sigma/index.ts';
import { correlationOf, type TestEvent, withRules } from './support.ts';

const COUNT = 'type: event_count\nrules: [a]\ngroup-by: [g]\ntimespan: 60s\ncondition: { gte: 3 }';
const SUM = 'type: value_sum\nrules: [a]\ngroup-by: [g]\ntimespan: 60s\ncondition: { gte: 3, field: v }';
const ABSENCE = 'type: temporal\nrules: [a, b]\ngroup-by: [g]\ntimespan: 60s\ncondition: a and not b';

function countOf(body = COUNT): CorrelationState<number> {
  return new CorrelationState<number>(correlationOf(withRules(body, body === ABSENCE ? ['a', 'b'] : ['a'])));
}

/** An event at `seconds` that rule a, or another, matches for a group. */
function event(seconds: number, group: unknown = 'x', more: Partial<TestEvent> = {}, rule = 'a'): TestEvent {
  return { time: seconds * 1000, sample: seconds, matches: [{ rule, fields: { g: [group], v: ['text'] } }], ...more };
}

function feed(state: CorrelationState<number>, ...events: readonly TestEvent[]) {
  return events.flatMap((one) => state.feed(one));
}

describe('the state of a correlation', () => {
  it('fires with the group, the window, the rules and samples', () => {
    const state = countOf();
    const [firing, ...more] = feed(state, event(1), event(2), event(3));
    assert.deepEqual(more, []);
    assert(firing !== undefined);
    const { id, ...rest } = firing;
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, {
      correlation: '1',
      groupBy: { g: 'x' },
      from: 1000,
      to: 3000,
      rules: [{ rule: 'a', title: 'Rule a', count: 3 }],
      value: 3,
      samples: [1, 2, 3].map((sample) => ({ rule: 'a', time: sample * 1000, sample })),
      undetermined: false,
    });
  });

  it('shows the latest samples, each rule among them', () => {
    const body = 'type: temporal\nrules: [a, b]\ngroup-by: [g]\ntimespan: 60s';
    const correlation = correlationOf(withRules(body, ['a', 'b']));
    const state = new CorrelationState<number>(correlation, { limits: { maxSamples: 3 } });
    const [firing] = feed(
      state,
      event(1, 'x', {}, 'b'),
      event(9, 'y'),
      event(1.5, 'x', {}, 'b'),
      ...[2].map((s) => event(s)),
    );
    assert.deepEqual(
      firing?.samples.map(({ sample }) => sample),
      [1, 1.5, 2],
    );
    const crowded = new CorrelationState<number>(correlation, { limits: { maxSamples: 2 } });
    const seconds = [1, 2, 3, 4];
    const [late] = feed(crowded, ...seconds.map((s) => event(s, 'x', {}, 'b')), event(5));
    assert.deepEqual(
      late?.samples.map(({ sample }) => sample),
      [4, 5],
    );
    assert.deepEqual(
      late.rules.map(({ count }) => count),
      [1, 4],
    );
  });

  it('ignores rules that it does not know, and times that are none', () => {
    const state = countOf();
    feed(state, event(1, 'x', {}, 'other'), event(Number.NaN), event(Infinity));
    assert.deepEqual([state.counters.matches, state.size], [0, { groups: 0, matches: 0 }]);
  });

  it('counts what it leaves out', () => {
    const state = countOf(SUM);
    feed(state, event(1), event(2, null), event(3, []), event(4, [null, {}]));
    assert.deepEqual([state.counters.ungrouped, state.counters.valueless], [3, 1]);
  });

  it('counts late matches', () => {
    const state = countOf();
    feed(state, event(500), event(500 - 121), event(500 - 120));
    assert.equal(state.counters.late, 1);
  });

  it('does not let a wrong clock silence a group', () => {
    const state = countOf();
    const wrong = event(1e9, 'x', { received: 2000 });
    const fired = feed(state, event(1, 'x', { received: 1000 }), wrong, event(3, 'x', { received: 3000 }));
    assert.deepEqual([fired.length, state.counters.ahead], [1, 1]);
  });

  it('skips what stands at or before a position that it was fed', () => {
    const state = countOf();
    const at = (partition: string, generation: number, offset: number) => ({
      position: { partition, generation, offset },
    });
    feed(state, event(1, 'x', at('p', 2, 10)), event(1, 'x', at('p', 2, 10)), event(1, 'x', at('p', 1, 99)));
    assert.deepEqual([state.counters.matches, state.counters.replayed], [1, 2]);
    feed(state, event(1, 'x', at('q', 1, 1)), event(1, 'x', at('p', 3, 1)));
    assert.equal(state.counters.matches, 3);
  });

  it('forgets groups when nothing came for timespan and lateness', () => {
    const state = countOf();
    feed(state, event(0, 'x'), event(0, 'y'));
    state.advance(180_000);
    assert.equal(state.size.groups, 2);
    state.advance(180_001);
    assert.deepEqual([state.size, state.counters.expiredGroups], [{ groups: 0, matches: 0 }, 2]);
  });

  it('evicts the group that was fed least recently', () => {
    const correlation = correlationOf(withRules(COUNT, ['a']));
    const state = new CorrelationState<number>(correlation, { limits: { maxGroups: 2 } });
    feed(state, event(0, 'x'), event(1, 'x'), event(2, 'y'), event(3, 'x'), event(4, 'z'));
    assert.deepEqual([state.counters.evictedGroups, state.counters.evictedMatches], [1, 1]);
    assert.equal(state.feed(event(5, 'y')).length, 0);
    assert.equal(state.counters.evictedGroups, 2);
  });

  it('evicts the oldest matches of a group that is full', () => {
    const correlation = correlationOf(withRules(COUNT, ['a']));
    const state = new CorrelationState<number>(correlation, { limits: { maxMatchesPerGroup: 3 } });
    const fired = feed(state, ...Array.from({ length: 9 }, (_, second) => event(second)));
    assert.deepEqual([fired.length, state.counters.evictedMatches, state.size.matches], [1, 6, 3]);
  });

  it('decides absence when told the time, after timespan and lateness', () => {
    const state = countOf(ABSENCE);
    assert.deepEqual(feed(state, event(1)), []);
    assert.deepEqual(state.advance(181_000), []);
    assert.deepEqual(
      state.advance(181_001).map(({ to }) => to),
      [1000],
    );
    assert.deepEqual(state.finish(), []);
  });

  it('judges a group of a log that lags behind by the time of that log', () => {
    const state = countOf(ABSENCE);
    feed(state, event(10_000, 'other'));
    const old = (seconds: number, rule: string) => event(seconds, 'x', { received: 10_000_000 + seconds }, rule);
    assert.deepEqual(feed(state, old(100, 'a'), old(130, 'b'), old(500, 'a')), []);
    assert.deepEqual(
      state.finish().map(({ groupBy, to }) => [groupBy['g'], to]),
      [
        ['other', 10_000_000],
        ['x', 500_000],
      ],
    );
  });

  it('lets a correlation above one that waits wait for it', () => {
    const source = [
      withRules('type: temporal\nrules: [alone, c]\ngroup-by: [g]\ntimespan: 60s', ['c']),
      withRules(ABSENCE, ['a', 'b'], 'title: Alone\nname: alone'),
    ].join('\n---\n');
    const state = new CorrelationState<number>(correlationOf(source));
    const quiet = Array.from({ length: 12 }, (_, i) => event(30 * i, 'other', {}, 'c'));
    const fired = feed(state, event(1), event(20, 'x', {}, 'c'), ...quiet);
    assert.deepEqual(
      [...fired, ...state.finish()].map(({ groupBy, to }) => [groupBy['g'], to]),
      [['x', 20_000]],
    );
  });

  it('starts anew from a snapshot of another correlation', () => {
    const state = countOf();
    feed(state, event(1), event(2));
    const snapshot = state.snapshot();
    const same = new CorrelationState<number>(correlationOf(withRules(COUNT, ['a'])), {}, snapshot);
    assert.equal(feed(same, event(3)).length, 1);
    const changed = correlationOf(withRules(COUNT.replace('gte: 3', 'gte: 2'), ['a']));
    assert.equal(new CorrelationState<number>(changed, {}, snapshot).size.matches, 0);
  });

  it('keeps of long values only what tells them apart', () => {
    const state = countOf();
    const long = 'x'.repeat(100_000);
    feed(state, event(1, `${long}1`), event(2, `${long}1`), event(3, `${long}2`));
    assert.equal(state.size.groups, 2);
    assert(JSON.stringify(state.snapshot()).length < 3000);
  });

  it('is fed with what its sources read of an event, under the mapping of the rule', () => {
    const rule =
      'title: R\nname: r\nlogsource: { product: kubernetes, service: audit }\ndetection: { s: { verb: get }, condition: s }';
    const body =
      'type: value_count\nrules: [r]\ngroup-by: [username, sourceIPs]\ntimespan: 1m\ncondition: { field: requestObject.x, gte: 2 }';
    const [source] = correlationOf(`${withRules(body, [])}\n---\n${rule}`).sources;
    assert(source !== undefined);
    const audit = {
      verb: 'get',
      user: { username: 'alice' },
      sourceIPs: ['1.1.1.1', '2.2.2.2'],
      requestObject: { x: 'y' },
    };
    assert.deepEqual(readSourceFields(source, audit), {
      'requestObject.x': ['y'],
      sourceIPs: ['["1.1.1.1","2.2.2.2"]'],
      username: ['alice'],
    });
    assert.deepEqual(readSourceFields(source, audit, { bodiesUnknown: true })['requestObject.x'], []);
  });
});
