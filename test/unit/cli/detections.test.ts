import assert from 'node:assert/strict';
import type { Alert } from '../../../src/api/alert.generated.ts';
import { age } from '../../../src/cli/detections/age.ts';
import { alertPage } from '../../../src/cli/detections/alert-page.ts';
import { alertTable } from '../../../src/cli/detections/alert-table.ts';
import { type AlertFilters, isSelective, matchesFilters } from '../../../src/cli/detections/filters.ts';
import { objectsText } from '../../../src/cli/detections/print-objects.ts';
import { sortAlerts } from '../../../src/cli/detections/sort-alerts.ts';
import { createStyle } from '../../../src/cli/output/style.ts';
import { terminalPage } from '../../../src/cli/pages/terminal-page.ts';
import { terminalTable } from '../../../src/cli/pages/terminal-table.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const NONE: AlertFilters = {
  rule: [],
  state: [],
  all: false,
  actor: [],
  namespace: [],
  resource: [],
  operation: [],
  outcome: [],
};

function alert(
  name: string,
  finding: Partial<Alert['finding']> = {},
  status: Alert['status'] = {},
  triage?: Alert['triage'],
): Alert {
  return {
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'Alert',
    metadata: { name, managedFields: [{}] },
    finding: {
      summary: 'alice changed cronjobs.batch shop/nightly',
      rule: { name: 'cronjob', title: 'CronJob Modification', id: '0c9b3bda-41a6-4442-9345-356ae86343dc' },
      severity: 'medium',
      actor: 'alice',
      operation: 'change',
      outcome: 'Allowed',
      target: 'cronjobs.batch shop/nightly',
      targetRef: { apiGroup: 'batch', resource: 'cronjobs', namespace: 'shop', name: 'nightly' },
      ...finding,
    },
    ...(triage !== undefined && { triage }),
    status: { count: 3, firstSeen: '2026-11-24T11:00:00Z', lastSeen: '2026-11-24T11:58:30Z', state: 'Open', ...status },
  };
}

describe('kubectl detections: filters', () => {
  const cases: readonly (readonly [Partial<AlertFilters>, Alert, boolean])[] = [
    [{}, alert('a'), true],
    [{}, alert('a', {}, { state: 'Reopened' }), true],
    [{}, alert('a', {}, { state: 'Acknowledged' }), true],
    [{}, alert('a', {}, { state: 'Resolved' }), false],
    [{ all: true }, alert('a', {}, { state: 'Resolved' }), true],
    [{ state: ['Resolved'] }, alert('a', {}, { state: 'Resolved' }), true],
    [{ state: ['Resolved'], all: true }, alert('a'), false],
    [{ rule: ['cronjob'] }, alert('a'), true],
    [{ rule: ['0C9B3BDA-41A6-4442-9345-356AE86343DC'] }, alert('a'), true],
    [{ rule: ['job modif'] }, alert('a'), true],
    [{ rule: ['other', 'secrets'] }, alert('a'), false],
    [{ severity: 'medium' }, alert('a'), true],
    [{ severity: 'high' }, alert('a'), false],
    [{ severity: 'high' }, alert('a', { severity: 'critical' }), true],
    [{ actor: ['alice'] }, alert('a'), true],
    [{ actor: ['bob'] }, alert('a', { impersonated: 'bob' }), true],
    [{ actor: ['bob'] }, alert('a', { actor: '(any)' }, { actors: { bob: 2 } }), true],
    [{ actor: ['ali'] }, alert('a'), false],
    [{ namespace: ['shop'] }, alert('a'), true],
    [{ namespace: ['default'] }, alert('a'), false],
    [{ resource: ['cronjobs'] }, alert('a'), true],
    [{ resource: ['cronjobs.batch'] }, alert('a'), true],
    [{ resource: ['jobs'] }, alert('a'), false],
    [{ operation: ['delete', 'change'] }, alert('a'), true],
    [{ outcome: ['denied'] }, alert('a'), false],
    [{ since: '2m' }, alert('a'), true],
    [{ since: '1m' }, alert('a'), false],
  ];
  for (const [filters, subject, expected] of cases) {
    it(`${JSON.stringify(filters)} of ${subject.status?.state}: ${expected}`, () => {
      assert.equal(matchesFilters(subject, { ...NONE, ...filters }, NOW), expected);
    });
  }

  it('that select nothing are no choice of what to triage', () => {
    assert.equal(isSelective({ ...NONE, all: true }), false);
    assert.equal(isSelective({ ...NONE, actor: ['alice'] }), true);
    assert.equal(isSelective({ ...NONE, since: '1h' }), true);
  });
});

describe('kubectl detections: order', () => {
  const alerts = [
    alert('old-high', { severity: 'high', actor: 'zoe' }, { lastSeen: '2026-11-20T00:00:00Z', count: 1 }),
    alert('new-low', { severity: 'low' }, { lastSeen: '2026-11-24T00:00:00Z', count: 9, state: 'Acknowledged' }),
    alert('new-high', { severity: 'high', actor: 'bob' }, { lastSeen: '2026-11-23T00:00:00Z', count: 5 }),
  ];
  for (const [order, expected] of [
    ['severity', 'new-high old-high new-low'],
    ['last-seen', 'new-low new-high old-high'],
    ['count', 'new-low new-high old-high'],
    ['actor', 'new-low new-high old-high'],
    ['state', 'new-high old-high new-low'],
  ] as const) {
    it(order, () => {
      const names = (reverse: boolean) => sortAlerts(alerts, order, reverse).map(({ metadata }) => metadata.name);
      assert.equal(names(false).join(' '), expected);
      assert.deepEqual(names(true), names(false).toReversed());
    });
  }
});

describe('kubectl detections: age', () => {
  for (const [time, expected] of [
    ['2026-11-24T11:59:18Z', '42s'],
    ['2026-11-24T11:58:20Z', '100s'],
    ['2026-11-24T10:30:00Z', '90m'],
    ['2026-11-23T00:00:00Z', '36h'],
    ['2026-11-01T00:00:00Z', '23d'],
    ['2026-11-24T12:00:05Z', '0s'],
    ['never', ''],
    [undefined, ''],
  ] as const) {
    it(`${time}: ${expected}`, () => assert.equal(age(time, NOW), expected));
  }
});

describe('kubectl detections: what is shown', () => {
  const plain = createStyle(false);

  it('of an Alert fits a line', () => {
    const [heading, row, ...rest] = terminalTable(alertTable([alert('a-1')], 'short', NOW), plain, Infinity);
    assert.equal(heading, 'NAME  SEVERITY  STATE  COUNT  LAST SEEN  WHAT HAPPENED');
    assert.equal(row, 'a-1   medium    Open       3  90s        alice changed cronjobs.batch shop/nightly');
    assert.deepEqual(rest, []);
  });

  it('of an Alert has every value with how often it occurred, the most frequent first, and what is left over', () => {
    const page = alertPage(
      alert(
        'a-1',
        {},
        { addresses: { '10.0.0.7': 1, '10.0.0.8': 2 }, clients: { kubectl: 2 }, unlisted: { clients: 1 } },
      ),
      NOW,
    );
    const text = terminalPage(page, plain, 100);
    assert.match(text, /From +10\.0\.0\.8 \(2\)\n +10\.0\.0\.7 \(1\)\n/);
    assert.match(text, /With +kubectl \(2\)\n +and others \(1 requests\)\n/);
  });

  it('says how many matches are undetermined, and which', () => {
    const samples = [
      { at: '2026-11-24T11:00:00Z', verb: 'create', auditID: 'seen' },
      { at: '2026-11-24T11:58:30Z', verb: 'create', auditID: 'cut off', undetermined: true },
    ];
    const subject = alert('a-1', {}, { undetermined: 1, samples });
    const text = terminalPage(alertPage(subject, NOW), plain, 120);
    assert.match(text, /How often +3, 1 of them undetermined: bodies were cut off\n/);
    const rows = text.split('\n');
    const row = rows.findIndex((line) => line.includes('cut off') && line.includes('create'));
    assert.match(rows.slice(row, row + 2).join(' '), /undetermined/);
    assert.doesNotMatch(rows.find((line) => line.includes(' seen')) ?? '', /undetermined/);
    const table = terminalTable(alertTable([subject, alert('a-2')], 'wide', NOW), plain, 300).join('\n');
    assert.match(table, /UNDETERMINED/);
    assert.match(table, /a-1 .* 1$/m);
  });

  it('has nothing that a terminal would act on, whatever people wrote into the triage', () => {
    const comment = '\u001b[2J\u202egone\nsecond line';
    const hostile = alert('a-1', {}, {}, { state: 'Resolved', by: 'tina', comment });
    for (const text of [
      terminalPage(alertPage(hostile, NOW), plain, 100),
      objectsText([hostile], 'json', true),
      objectsText([hostile], 'yaml', true),
    ]) {
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Cf}]/u);
    }
  });

  it('of objects is what the API server has, without managedFields', () => {
    const one = JSON.parse(objectsText([alert('a')], 'json', true));
    assert.deepEqual(one.metadata, { name: 'a' });
    assert.match(objectsText([alert('a'), alert('b')], 'yaml', true), /^apiVersion: v1\nkind: List\nitems:\n/);
  });
});
