import assert from 'node:assert/strict';
import type { PendingAlert } from '../../../src/alerts/index.ts';
import type { DetectionRule } from '../../../src/api/detection-rule.generated.ts';
import { AlertCensus } from '../../../src/controllers/alert/alert-census.ts';
import { AlertReaper } from '../../../src/controllers/alert/alert-reaper.ts';
import { AlertWriter } from '../../../src/controllers/alert/alert-writer.ts';
import { hasExpired } from '../../../src/controllers/alert/has-expired.ts';
import { expiryBy } from '../../../src/controllers/alert/retention-of.ts';
import { slimAlert } from '../../../src/controllers/alert/slim-alert.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { AlertObjects, pendingOf, ruleNamed } from './alert-objects.ts';
import { detectionRule } from './rules.ts';

const HOUR = 3_600_000;
/** When the hits of the tests were made. */
const SEEN = Date.parse('2026-11-24T05:10:00Z');
const never = new AbortController().signal;

describe('expired Alerts', () => {
  let objects: AlertObjects;
  let clock: FakeClock;
  let rules: Record<string, DetectionRule>;
  let expired: number;
  let logger: RecordingLogger;
  beforeEach(() => {
    objects = new AlertObjects();
    clock = new FakeClock(SEEN);
    rules = {};
    expired = 0;
    logger = new RecordingLogger();
  });

  const expiry = expiryBy({ ttl: 24 * HOUR, resolvedTtl: HOUR }, (name) => rules[name]);
  const raise = async (pending: PendingAlert): Promise<void> => {
    const census = { get: () => undefined, reserve: () => true, release: () => undefined };
    const writer = new AlertWriter({ alerts: objects, census, mayWrite: async () => undefined, clock });
    await writer.write(pending, { partition: 'p', floor: undefined }, never);
  };
  /** Lets the leader work for a time. */
  const lead = async (milliseconds: number): Promise<void> => {
    const stop = new AbortController();
    const metrics = { alertExpired: () => void (expired += 1) };
    const all = () => objects.store.values();
    const running = new AlertReaper({ alerts: objects, all, expiry, metrics, clock, logger }).run(stop.signal);
    await clock.advance(milliseconds);
    stop.abort();
    await running;
  };
  const names = (): readonly string[] => [...objects.objects.keys()];
  const short = pendingOf(ruleNamed('short'), 'alice', 'a', [10]);
  const long = pendingOf(ruleNamed('long'), 'alice', 'a', [10]);

  it('are deleted after the ttl of their rule, or the operator’s', async () => {
    rules = { short: detectionRule(1, { sigma: 'x', alert: { ttl: '2h' } }) };
    await raise(short);
    await raise(long);
    await lead(HOUR);
    assert.deepEqual(names(), [short.name, long.name]);
    await lead(1.1 * HOUR);
    assert.deepEqual(names(), [long.name]);
    await lead(24 * HOUR);
    assert.deepEqual(names(), []);
    assert.equal(expired, 2);
  });

  it('are kept where they counted something at that very moment', async () => {
    await raise(long);
    objects.before = (method) => {
      objects.before = () => undefined;
      if (method === 'delete')
        objects.objects.set(long.name, { ...stored(), metadata: { name: long.name, resourceVersion: '999' } });
    };
    const stored = () => objects.objects.get(long.name) ?? assert.fail();
    await lead(25 * HOUR);
    assert.deepEqual(names(), [long.name]);
    assert.deepEqual(logger.at('warn'), []);
  });

  it('are deleted at a bounded rate', async () => {
    for (let n = 0; n < 100; n++) await raise(pendingOf(ruleNamed('long'), 'alice', `job-${n}`, [10]));
    await lead(24 * HOUR + 25_000);
    const left = names().length;
    assert.ok(left > 0 || objects.writes.filter((write) => write.startsWith('delete')).length === 100);
    await lead(60_000);
    assert.deepEqual(names(), []);
  });

  it('are known as such to every replica, also when they are gone: their deletion is the leader’s', async () => {
    const census = new AlertCensus(objects.store, { alerts: 10, alertsPerRule: 10 }, clock);
    const isExpired = hasExpired(census, expiry);
    await raise(long);
    assert.equal(isExpired(long.name, SEEN + 23 * HOUR), false);
    assert.equal(isExpired(long.name, SEEN + 25 * HOUR), true);
    await objects.delete({ name: long.name });
    assert.equal(isExpired(long.name, SEEN + 23 * HOUR), false, 'whoever deletes it before its time is not the leader');
    assert.equal(isExpired(long.name, SEEN + 25 * HOUR), true);
    assert.equal(isExpired('never-seen', SEEN + 25 * HOUR), false);
    assert.equal(isExpired(long.name, Number.NaN), false);
  });

  it('do not expire sooner because somebody rewrites when they were last seen', () => {
    const alert = slimAlert({
      apiVersion: '',
      kind: 'Alert',
      metadata: {
        name: 'x',
        managedFields: [{ subresource: 'status', time: '2026-11-24T05:10:00Z' }, { time: '2026-11-25T00:00:00Z' }],
      },
      finding: { actor: 'alice', rule: { name: 'long' } },
      status: { lastSeen: '1970-01-01T00:00:00Z' },
    });
    assert.equal(expiry(alert), SEEN + 24 * HOUR);
  });
});
