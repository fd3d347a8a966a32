import assert from 'node:assert/strict';
import { type Event, eventType, KubeClient, type Occurrence, Resource } from '../../../src/kube/index.ts';
import { eventRecorder } from '../../../src/operator/event-recording.ts';
import { OperatorMetrics } from '../../../src/operator/metrics.ts';
import { FakeApiServer } from '../kube/fake-api-server.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { kubeConfigFor } from '../kube/kube-config-for.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { until } from '../kube/until.ts';

const ALERT = { apiVersion: 'detection.sigma-operator.dev/v1alpha1', kind: 'Alert', name: 'test-abc', uid: 'uid' };
const OCCURRENCE: Occurrence = {
  regarding: { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'closing', name: 'nightly' },
  related: ALERT,
  type: 'Warning',
  reason: 'DetectionMatch',
  action: 'Change',
  note: 'Test: alice patched it.',
};

describe('Events whose namespace is gone', () => {
  const terminating = {
    kind: 'Status',
    code: 403,
    reason: 'Forbidden',
    message: 'because it is being terminated',
    details: { causes: [{ reason: 'NamespaceTerminating' }] },
  };
  const missing = { kind: 'Status', code: 404, reason: 'NotFound', message: '', details: { kind: 'namespaces' } };

  for (const [title, code, body] of [
    ['terminating', 403, terminating],
    ['missing', 404, missing],
  ] as const) {
    it(`go to the Alert, with their count, and are counted: ${title}`, async () => {
      const server = await FakeApiServer.start();
      const stop = new AbortController();
      const metrics = new OperatorMetrics();
      const client = new KubeClient(kubeConfigFor(server.url), { userAgent: 'test' });
      const events = new Resource<Event>(client, eventType);
      const recorder = eventRecorder(events, 'replica', metrics, new FakeClock(), new RecordingLogger());
      server.fault = ({ path }) => (path.includes('/namespaces/closing/') ? { code, body } : undefined);
      const running = recorder.run(stop.signal);
      try {
        recorder.record(OCCURRENCE, 3);
        await until(() => server.contents('events').size === 1, 'the Event about the Alert');
        const [event] = server.contents('events').values();
        assert.equal(event?.metadata.namespace, 'default');
        assert.deepEqual(event['regarding'], ALERT);
        assert.equal(event['related'], undefined);
        assert.equal(event['note'], OCCURRENCE.note);
        const { text } = await metrics.text();
        assert.match(text, /^sigma_operator_kubernetes_events_redirected_total 3$/m);
        assert.doesNotMatch(text, /^sigma_operator_kubernetes_events_dropped_total\{/m);
      } finally {
        stop.abort();
        await running;
        await server.stop();
      }
    });
  }
});
