import assert from 'node:assert/strict';
import { expiryOf, parseDuration, shortage } from '../../../src/alerts/index.ts';

const BUDGET = { alerts: 100, alertsPerRule: 11 };

describe('the budget of Alerts', () => {
  for (const [total, ofRule, ofActor, expected] of [
    [99, 10, 5, undefined],
    [100, 0, 0, 'cluster'],
    [99, 11, 0, 'rule'],
    [50, 10, 6, 'actor'],
  ] as const) {
    it(`with ${total} Alerts, ${ofRule} of the rule, ${ofActor} of the actor: ${expected ?? 'has room'}`, () => {
      assert.equal(shortage(BUDGET, { total, ofRule, ofActor }), expected);
    });
  }
});

describe('the end of an Alert', () => {
  const DAY = 86_400_000;
  const retention = { ttl: 30 * DAY, resolvedTtl: 7 * DAY };
  const seen = '2026-11-01T00:00:00.000000Z';
  const none = { lastSeen: undefined, lastWrite: undefined, created: undefined, state: undefined };
  for (const [what, aging, expected] of [
    ['is counted from when it was last seen', { lastSeen: seen }, '2026-12-01'],
    [
      'is counted from when it was last written, if that is later',
      { lastSeen: seen, lastWrite: '2026-11-11T00:00:00Z' },
      '2026-12-11',
    ],
    ['is counted from its creation where nothing was counted', { created: '2026-11-05T00:00:00Z' }, '2026-12-05'],
    ['comes sooner where people have resolved it', { lastSeen: seen, state: 'Resolved' }, '2026-11-08'],
    ['does not come sooner where it is a false positive', { lastSeen: seen, state: 'FalsePositive' }, '2026-12-01'],
  ] as const) {
    it(what, () => {
      const end = expiryOf({ ...none, ...aging }, retention);
      assert.equal(new Date(end ?? 0).toISOString().slice(0, 10), expected);
    });
  }

  it('is unknown where no time is', () => assert.equal(expiryOf(none, retention), undefined));
});

describe('duration', () => {
  for (const [text, expected] of [
    ['90s', 90_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['0m', undefined],
    ['1.5h', undefined],
    ['-1h', undefined],
    ['1w', undefined],
    ['', undefined],
    ['100000d', undefined],
  ] as const) {
    it(`${text || '(empty)'} is ${expected ?? 'refused'}`, () => assert.equal(parseDuration(text), expected));
  }
});
