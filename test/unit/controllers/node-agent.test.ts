import assert from 'node:assert/strict';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import { NodeAgent } from '../../../src/controllers/audit-source/node-agent.ts';
import { fileRole, receiverRole } from '../../../src/controllers/audit-source/source-role.ts';
import type { SourceSpec } from '../../../src/engine/index.ts';
import { Store } from '../../../src/kube/index.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { until } from '../kube/until.ts';
import { FakeReader } from './fake-reader.ts';

describe('the agent that reads AuditSources', () => {
  let sources: Store<AuditSource>;
  let opened: { readonly spec: SourceSpec; readonly reader: FakeReader }[];
  /** What happened, in order. */
  let events: string[];
  let term: AbortController;
  beforeEach(() => {
    sources = new Store();
    opened = [];
    events = [];
    term = new AbortController();
  });

  let version = 0;
  const sourceOf = (name: string, spec: AuditSource['spec'], uid = name): AuditSource => ({
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'AuditSource',
    metadata: { name, uid, resourceVersion: String(++version) },
    spec,
  });

  function agentOf(role = receiverRole({ journals: '/journals', tokensDir: '/tokens' })): NodeAgent {
    return new NodeAgent({
      role,
      sources,
      engine: {
        open: ({ source }) => {
          const reader = new FakeReader();
          opened.push({ spec: source, reader });
          events.push('open');
          const close = reader.close.bind(reader);
          reader.close = async () => {
            events.push('close');
            await close();
          };
          return reader;
        },
        takeNoMore: async (source) => void events.push(`take no more of ${source}`),
      },
      own: { username: 'operator', namespace: 'sigma-operator', placeholders: 'none', lookUps: new Set() },
      delivery: () => ({ deliver: async () => {}, trouble: undefined }),
      states: { load: async () => {}, get: () => undefined, save: async () => {} },
      listen: async () => void events.push('listen'),
      metrics: { batchDone: () => {} },
      tellGap: () => {},
      clock: new FakeClock(),
      logger: new RecordingLogger(),
    });
  }

  async function happened(...wanted: string[]): Promise<void> {
    await until(() => events.length >= wanted.length, wanted.join(', '));
    assert.deepEqual(events, wanted);
  }

  async function ended(running: Promise<void>): Promise<void> {
    term.abort();
    await running;
  }

  it('reads what is for its role, and reports of that only', async () => {
    sources.set(sourceOf('files', { file: { path: '/log' } }));
    sources.set(sourceOf('webhook', { webhook: {} }));
    const agent = agentOf(fileRole('one'));
    const running = agent.run(undefined, term.signal);
    await happened('listen', 'open');
    assert.deepEqual(
      opened.map(({ spec }) => spec.kind),
      ['file'],
    );
    const { node, sources: reported } = agent.report() ?? assert.fail();
    assert.deepEqual([node, Object.keys(reported)], ['one', ['files']]);
    await ended(running);
  });

  it('takes no more deliveries of a source that is deleted, and begins anew only after that', async () => {
    sources.set(sourceOf('webhook', { webhook: {} }));
    const running = agentOf().run(undefined, term.signal);
    await happened('listen', 'open');
    sources.delete(sourceOf('webhook', { webhook: {} }));
    sources.set(sourceOf('webhook', { webhook: {} }, 'another'));
    await happened('listen', 'open', 'close', 'take no more of webhook', 'open');
    await ended(running);
  });

  it('reads with another spec after it has ended with the one before', async () => {
    sources.set(sourceOf('webhook', { webhook: {} }));
    const running = agentOf().run(undefined, term.signal);
    await happened('listen', 'open');
    sources.set(sourceOf('webhook', { webhook: { acknowledge: 'Consumed' } }));
    await happened('listen', 'open', 'close', 'open');
    await ended(running);
  });

  it('leaves deliveries alone when its term ends, but for sources that are gone when the next one begins', async () => {
    sources.set(sourceOf('kept', { webhook: {} }));
    sources.set(sourceOf('gone', { webhook: {} }));
    const agent = agentOf();
    const running = agent.run(undefined, term.signal);
    await happened('listen', 'open', 'open');
    await ended(running);
    agent.stopped();
    assert.equal(agent.report(), undefined);
    sources.delete(sourceOf('gone', { webhook: {} }));
    term = new AbortController();
    const again = agent.run(undefined, term.signal);
    await happened('listen', 'open', 'open', 'close', 'close', 'listen', 'take no more of gone', 'open');
    await ended(again);
  });
});
