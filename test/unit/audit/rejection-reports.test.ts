import assert from 'node:assert/strict';
import { RejectionReports, type WebhookRejection } from '../../../src/audit/index.ts';
import { FakeClock } from '../kube/fake-clock.ts';

describe('reports of refused requests', () => {
  const rejection = (reason: WebhookRejection['reason'], remoteAddress = '192.0.2.1'): WebhookRejection => ({
    reason,
    source: 'main',
    remoteAddress,
    cause: undefined,
  });
  let clock: FakeClock;
  let told: string[];
  let reports: RejectionReports;
  beforeEach(() => {
    clock = new FakeClock(0);
    told = [];
    reports = new RejectionReports(
      ({ reason, remoteAddress, count }) => void told.push(`${reason} ${remoteAddress} ${count}`),
      clock,
    );
  });

  it('come at once of the first of a kind, and then once a minute with how many more there were', async () => {
    reports.add(rejection('unauthenticated'));
    for (let i = 0; i < 1000; i++) reports.add(rejection('unauthenticated', `192.0.2.${i % 9}`));
    reports.add(rejection('query'));
    assert.deepEqual(told, ['unauthenticated 192.0.2.1 1', 'query 192.0.2.1 1']);
    await clock.advance(60_000);
    assert.deepEqual(told.slice(2), ['unauthenticated 192.0.2.0 1000']);
    await clock.advance(60_000);
    reports.add(rejection('unauthenticated'));
    assert.deepEqual(told.slice(3), ['unauthenticated 192.0.2.1 1']);
  });

  it('end', async () => {
    reports.add(rejection('unauthenticated'));
    reports.add(rejection('unauthenticated'));
    reports.close();
    await clock.advance(120_000);
    assert.equal(told.length, 1);
  });
});
