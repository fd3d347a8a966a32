import assert from 'node:assert/strict';
import { EventRate } from '../../../src/controllers/audit-source/event-rate.ts';

describe('the rate of events', () => {
  it('is what came in the last minute', () => {
    let now = 1_000_000;
    const rate = new EventRate({ monotonic: () => now });
    assert.equal(rate.perMinute(), 0);
    rate.add(5);
    rate.add(7);
    now += 30_000;
    rate.add(100);
    assert.equal(rate.perMinute(), 112);
    now += 30_000;
    assert.equal(rate.perMinute(), 100);
    now += 30_000;
    assert.equal(rate.perMinute(), 0);
    rate.add(1);
    assert.equal(rate.perMinute(), 1);
  });
});
