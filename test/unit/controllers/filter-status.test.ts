import assert from 'node:assert/strict';
import type { FilterSummary } from '../../../src/alerts/index.ts';
import { appliedRules } from '../../../src/controllers/detection-filter/applied-rules.ts';
import { expiryConditions, nextExpiryChange } from '../../../src/controllers/detection-filter/expiry.ts';
import {
  type DetectionFilterStatus,
  type FilterObservations,
  filterStatus,
  withoutCounts,
} from '../../../src/controllers/detection-filter/filter-status.ts';
import { resolveFilter } from '../../../src/controllers/detection-filter/resolve-filter.ts';
import { compileFilter, compileRule } from '../../../src/sigma/index.ts';
import { detectionFilter, FILTERS } from './filters.ts';

const NOW = Date.UTC(2026, 10, 24, 8);
const DAY = 24 * 3600_000;
const SOME = { count: 1, names: ['cronjobs'], unknown: [] };
const SUMMARY: FilterSummary = {
  suppressed: 12,
  lastSuppressed: '2026-11-24T07:59:00Z',
  byRule: { cronjobs: 12 },
  hidden: [
    {
      request: 'bob create jobs.batch',
      count: 10,
      last: { at: '2026-11-24T07:59:00Z', rule: 'cronjobs', auditID: 'x' },
    },
  ],
};

function observed(changes: Partial<FilterObservations> = {}): FilterObservations {
  return { replicas: { running: 2, total: 2 }, rules: SOME, summary: undefined, ...changes };
}

describe('the status of a DetectionFilter', () => {
  const resolve = (filter: ReturnType<typeof detectionFilter>) => resolveFilter(filter, undefined, {});
  const filter = detectionFilter(1, { sigma: FILTERS.bob });
  const conditions = ({ conditions: all = [] }: DetectionFilterStatus) =>
    all.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
  const condition = (status: DetectionFilterStatus, type: string) => {
    const found = status.conditions?.find((each) => each.type === type);
    return `${found?.status} ${found?.reason}`;
  };

  it('says that it runs', () => {
    assert.deepEqual(conditions(filterStatus(filter, resolve(filter), observed(), NOW)), [
      'Accepted True Compiled',
      'Ready True Running',
      'Stalled False Progressing',
      'Effective False NeverMatched',
      'ExpiresSoon False NoExpiry',
      'Expired False NoExpiry',
    ]);
  });

  it('says why it was refused', () => {
    const refused = detectionFilter(2, { sigma: FILTERS.onlyBob });
    const status = filterStatus(refused, resolve(refused), observed({ rules: undefined }), NOW);
    assert.deepEqual(conditions(status).slice(0, 4), [
      'Accepted False UndeclaredEffect',
      'Ready False Refused',
      'Stalled True Refused',
      'Effective False Refused',
    ]);
    assert.match(
      status.conditions?.[0]?.message ?? '',
      /Generation 2 was refused\. No version.*\n.*UndeclaredEffect at 7:14.*\n(?:.*\n)+.*effect: KeepOnly/,
    );
  });

  const effective: readonly [title: string, FilterObservations, expiresAt: string | undefined, expected: string][] = [
    ['suppresses', observed({ summary: SUMMARY }), undefined, 'True Suppressing'],
    ['has never matched', observed(), undefined, 'False NeverMatched'],
    ['applies to no rule', observed({ rules: { count: 0, names: [], unknown: ['gone'] } }), undefined, 'False NoRules'],
    ['has expired, whatever it did before', observed({ summary: SUMMARY }), '2026-11-24T08:00:00Z', 'False Expired'],
  ];
  for (const [title, observations, expiresAt, expected] of effective) {
    it(`says that it ${title}`, () => {
      const object = detectionFilter(1, { sigma: FILTERS.bob, ...(expiresAt !== undefined && { expiresAt }) });
      assert.equal(condition(filterStatus(object, resolve(object), observations, NOW), 'Effective'), expected);
    });
  }

  it('tells what it hides', () => {
    const {
      suppressed,
      lastSuppressed,
      byRule,
      hidden,
      unlisted,
      rules,
      filter: about,
    } = filterStatus(filter, resolve(filter), observed({ summary: SUMMARY }), NOW);
    assert.deepEqual({ suppressed, lastSuppressed, byRule, hidden }, SUMMARY);
    assert.equal(unlisted, 2);
    assert.deepEqual(rules, { count: 1, names: ['cronjobs'] });
    assert.deepEqual(about, { title: 'Known', id: '5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d' });
  });

  it('tells progress apart from news', () => {
    const of = (summary?: FilterSummary) =>
      withoutCounts(filterStatus(filter, resolve(filter), observed({ summary }), NOW));
    assert.deepEqual(of(SUMMARY), of({ ...SUMMARY, suppressed: 13 }));
    assert.notDeepEqual(of(SUMMARY), of());
  });
});

describe('the expiry of a filter', () => {
  const expiresAt = NOW + 30 * DAY;
  const cases: readonly [title: string, now: number, soon: string, expired: string, next: number | undefined][] = [
    ['long before', NOW, 'False NotYet', 'False NotExpired', 23 * DAY],
    ['a week before', expiresAt - 7 * DAY, 'True ExpiresSoon', 'False NotExpired', 7 * DAY],
    ['just before', expiresAt - 1, 'True ExpiresSoon', 'False NotExpired', 1],
    ['then', expiresAt, 'False Expired', 'True Expired', undefined],
  ];
  for (const [title, now, ...expected] of cases) {
    it(`is told ${title}`, () => {
      const told = expiryConditions(expiresAt, now).map(({ status, reason }) => `${status} ${reason}`);
      assert.deepEqual([...told, nextExpiryChange(expiresAt, now)], expected);
    });
  }
});

describe('the rules that a filter applies to', () => {
  const rule = (name: string, id: string, product = 'kubernetes') => {
    const result = compileRule(
      `title: ${id}\nname: ${name}\nlogsource: {product: ${product}, service: audit}\ndetection: {s: {verb: get}, condition: s}\n`,
    );
    assert.ok(result.ok);
    return { id, compiled: result.rule };
  };
  const rules = [rule('b_name', 'b'), rule('a_name', 'a'), rule('w', 'windows', 'windows')];
  const applied = (names: string) => {
    const result = compileFilter(
      `title: F\nlogsource: {product: kubernetes, service: audit}\nfilter: {rules: ${names}, s: {verb: get}, condition: not s}\n`,
    );
    assert.ok(result.ok);
    return appliedRules(result.filter, rules);
  };

  it('are all of its logsource, or those that it names', () => {
    assert.deepEqual(applied('any'), { count: 2, names: ['a', 'b'], unknown: [] });
    assert.deepEqual(applied('[b_name, nobody, windows]'), { count: 1, names: ['b'], unknown: ['nobody', 'windows'] });
  });
});
