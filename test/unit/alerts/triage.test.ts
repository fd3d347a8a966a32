import assert from 'node:assert/strict';
import { type AlertState, type AlertStatus, triagedStatus } from '../../../src/alerts/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';

type Triage = NonNullable<Alert['triage']>;
const NOON = '2026-11-24T12:00:00Z';
const at = (seconds: number): string => new Date(Date.parse(NOON) + seconds * 1000).toISOString();

/** An Alert whose triage was last written at noon. */
function alert(state: Triage['state'] | undefined, generation = 2): Pick<Alert, 'metadata' | 'triage'> {
  const managedFields = [
    { manager: 'sigma-operator', subresource: 'status', time: at(500), fieldsV1: { 'f:status': {} } },
    { manager: 'kubectl', time: NOON, fieldsV1: { 'f:triage': { 'f:state': {} } } },
    { manager: 'sigma-operator', time: at(-900), fieldsV1: { 'f:finding': {} } },
  ];
  return {
    metadata: { name: 'a', generation, managedFields },
    ...(state !== undefined && { triage: { state, by: 'tina' } }),
  };
}

function stateOf(state: Triage['state'] | undefined, lastSeen: string): AlertState | undefined {
  return triagedStatus(alert(state), { lastSeen }, Date.parse(at(3600))).state;
}

describe('the state of an Alert', () => {
  for (const [triage, lastSeen, expected] of [
    [undefined, at(-60), 'Open'],
    ['Open', at(60), 'Open'],
    ['Acknowledged', at(60), 'Acknowledged'],
    ['FalsePositive', at(60), 'FalsePositive'],
    ['Resolved', at(-60), 'Resolved'],
    ['Resolved', at(60), 'Reopened'],
  ] as const) {
    it(`triaged ${triage ?? 'not at all'}, last seen ${lastSeen < NOON ? 'before' : 'after'}: ${expected}`, () => {
      assert.equal(stateOf(triage, lastSeen), expected);
    });
  }

  it('is resolved again when people say so again, and not by what was counted late', () => {
    const resolved = triagedStatus(alert('Resolved'), { lastSeen: at(60), observedGeneration: 1 }, Date.parse(at(90)));
    assert.equal(resolved.state, 'Reopened');
    const later = {
      ...alert('Resolved', 3).metadata,
      managedFields: [{ time: at(120), fieldsV1: { 'f:triage': {} } }],
    };
    const again = triagedStatus({ ...alert('Resolved'), metadata: later }, resolved, Date.parse(at(120)));
    assert.deepEqual([again.state, again.triagedAt, again.observedGeneration], ['Resolved', at(120), 3]);
    const late = triagedStatus({ ...alert('Resolved'), metadata: later }, { ...again, lastSeen: at(110) }, 0);
    assert.equal(late.state, 'Resolved');
  });

  it('keeps the time of the triage while it does not change', () => {
    const before: AlertStatus = { lastSeen: at(-60), triagedAt: at(7), observedGeneration: 2 };
    assert.equal(triagedStatus(alert('Resolved'), before, Date.parse(at(3600))).triagedAt, at(7));
  });

  describe('knows when it was triaged', () => {
    for (const [what, seconds, expected] of [
      ['exactly, where it is seen at once', 0.4, at(0.4)],
      ['to the second, where it is seen late', 3600, at(1)],
      ['to the second, where our clock is behind', -5, at(0)],
    ] as const) {
      it(what, () => {
        const { triagedAt } = triagedStatus(alert('Resolved'), {}, Date.parse(NOON) + seconds * 1000);
        assert.equal(triagedAt, expected);
      });
    }

    it('by our clock, where nothing else tells', () => {
      const bare = { metadata: { name: 'a', generation: 2 }, triage: { state: 'Resolved', by: 'tina' } } as const;
      assert.equal(triagedStatus(bare, {}, Date.parse(at(9))).triagedAt, at(9));
    });
  });

  it('has no time where nobody triaged, also not any more', () => {
    const { triagedAt, observedGeneration } = triagedStatus(alert(undefined, 3), { triagedAt: NOON }, 0);
    assert.deepEqual([triagedAt, observedGeneration], [undefined, 3]);
  });
});
