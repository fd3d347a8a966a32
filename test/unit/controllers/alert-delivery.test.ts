import assert from 'node:assert/strict';
import type { PendingAlert } from '../../../src/alerts/index.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import { AlertDelivery, type AlertDeliveryOptions } from '../../../src/controllers/alert/alert-delivery.ts';
import { ConnectionError, StatusError } from '../../../src/kube/index.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { pendingAlert } from './pending.ts';

type Write = AlertDeliveryOptions['writer']['write'];

const REQUEST = { method: 'PUT', path: '/alerts/x/status' };
const alert: Alert = {
  apiVersion: 'detection.sigma-operator.dev/v1alpha1',
  kind: 'Alert',
  metadata: { name: 'x' },
  finding: pendingFinding(),
};

describe('the delivery of Alerts', () => {
  let clock: FakeClock;
  let logger: RecordingLogger;
  let results: string[];
  let published: number;
  beforeEach(() => {
    clock = new FakeClock();
    logger = new RecordingLogger();
    results = [];
    published = 0;
  });

  const delivery = (write: Write, publish?: AlertDeliveryOptions['publish']): AlertDelivery =>
    new AlertDelivery({
      writer: { write, positionOf: async () => undefined },
      isKnown: () => false,
      catchUp: async () => undefined,
      publish: publish ?? (async (_pending, _alert, hits) => void (published += hits.length)),
      metrics: { alertWrite: (result) => void results.push(result), overflowed: () => undefined },
      clock,
      logger,
    });
  const never = new AbortController().signal;
  const away = new ConnectionError('ECONNREFUSED', 'nobody listens', REQUEST);
  const invalid = new StatusError({ code: 422, reason: 'Invalid', message: 'finding: too long' }, REQUEST);
  /** Fails with these errors, one after the other, then writes. */
  const failing = (errors: readonly Error[]): Write => {
    const left = [...errors];
    return async ({ hits }) => {
      const error = left.shift();
      if (error !== undefined) throw error;
      return { result: 'counted', alert, hits };
    };
  };

  it('writes every Alert, then publishes what was counted', async () => {
    await delivery(failing([])).deliver([pendingAlert([100]), pendingAlert([100, 200])], 'p', never);
    assert.deepEqual(results, ['counted', 'counted']);
    assert.equal(published, 3);
  });

  it('publishes nothing where everything had been counted before', async () => {
    await delivery(async () => ({ result: 'unchanged' })).deliver([pendingAlert([100])], 'p', never);
    assert.deepEqual(results, ['unchanged']);
    assert.equal(published, 0);
  });

  it('tries again until the API server is back, and says meanwhile what is wrong', async () => {
    const outage = Array.from({ length: 20 }, () => away);
    const one = delivery(failing(outage));
    const delivered = one.deliver([pendingAlert([100])], 'p', never);
    await clock.advance(60_000);
    assert.match(one.trouble ?? '', /^Alerts cannot be written: .*nobody listens/);
    await clock.runUntil(delivered);
    assert.equal(one.trouble, undefined);
    assert.deepEqual(results, [...outage.map(() => 'retried'), 'counted']);
    assert.ok(clock.now() - Date.UTC(2026, 0, 1) > 60_000, 'it waits longer and longer');
  });

  it('gives an Alert up that the API server calls invalid, and says how much is lost', async () => {
    const delivered = delivery(failing([invalid, invalid, invalid])).deliver([pendingAlert([100, 200])], 'p', never);
    await clock.runUntil(delivered);
    assert.deepEqual(results, ['retried', 'retried', 'refused']);
    const [error] = logger.at('error');
    assert.equal(error?.fields?.['matches'], 2);
    assert.match(String(error?.fields?.['error']), /finding: too long/);
  });

  it('does not let one Alert hold up the others of a batch', async () => {
    const stuck = Promise.withResolvers<never>();
    const written: PendingAlert[] = [];
    const [first, ...others] = Array.from({ length: 20 }, (_, n) => pendingAlert([n + 1]));
    const stop = new AbortController();
    const one = delivery(async (pending, _partition, signal) => {
      if (pending === first) {
        signal.addEventListener('abort', () => stuck.reject(signal.reason));
        return await stuck.promise;
      }
      written.push(pending);
      return { result: 'counted', alert, hits: pending.hits };
    });
    const delivered = one.deliver(first === undefined ? [] : [first, ...others], 'p', stop.signal);
    await clock.advance(0);
    assert.deepEqual(written, others);
    stop.abort(new Error('over'));
    await assert.rejects(delivered, /over/);
  });

  it('rejects with the signal’s reason, also while it waits', async () => {
    const stop = new AbortController();
    const delivered = delivery(failing(Array.from({ length: 50 }, () => away))).deliver(
      [pendingAlert([100])],
      'p',
      stop.signal,
    );
    await clock.advance(1000);
    stop.abort(new Error('over'));
    await assert.rejects(delivered, /over/);
  });
});

function pendingFinding(): Alert['finding'] {
  return {
    rule: { name: 'test', title: 'Test' },
    severity: 'low',
    summary: '',
    actor: 'alice',
    operation: 'change',
    outcome: 'Allowed',
    target: '',
    targetRef: {},
  };
}
