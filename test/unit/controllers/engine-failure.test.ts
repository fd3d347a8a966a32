import assert from 'node:assert/strict';
import type { Hit } from '../../../src/alerts/index.ts';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import { LocalStates } from '../../../src/controllers/audit-source/local-states.ts';
import { NodeAgent } from '../../../src/controllers/audit-source/node-agent.ts';
import { fileRole } from '../../../src/controllers/audit-source/source-role.ts';
import { WorkerEngine } from '../../../src/engine/index.ts';
import { Store } from '../../../src/kube/index.ts';
import { Log, OWN } from '../engine/log.ts';
import { runnableRule } from '../engine/rules.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { until } from '../kube/until.ts';

describe('an engine that fails', () => {
  const entry = new URL('../engine/failing-worker.ts', import.meta.url);
  let log: Log;
  let engine: WorkerEngine;
  beforeEach(() => {
    log = new Log();
    engine = new WorkerEngine({ expired: async () => [], entry });
  });
  afterEach(async () => {
    await engine.close();
    log.remove();
  });

  it('is said of the sources, and what it read goes on at the checkpoint: nothing is lost, and nothing comes twice', async () => {
    const clock = new FakeClock();
    const logger = new RecordingLogger();
    const sources = new Store<AuditSource>();
    const source = { metadata: { name: 'main' }, spec: { file: { path: log.path }, startAt: 'Beginning' } } as const;
    sources.set({ apiVersion: 'detection.sigma-operator.dev/v1alpha1', kind: 'AuditSource', ...source });
    const hits: Hit[] = [];
    const agent = new NodeAgent({
      role: fileRole('one'),
      sources,
      engine,
      own: OWN,
      delivery: () => ({
        deliver: async (alerts) => void hits.push(...[...alerts].flatMap((alert) => alert.hits)),
        trouble: undefined,
      }),
      states: new LocalStates(log.file('state.json'), logger),
      metrics: { batchDone: () => {} },
      tellGap: () => {},
      clock,
      logger,
    });
    await engine.setRules({ set: [runnableRule('creates')], remove: [] });
    const term = new AbortController();
    const running = agent.run(undefined, term.signal);
    const report = () => agent.report()?.sources['main'];
    const found = (): readonly string[] => hits.map(({ auditID }) => auditID);
    log.write('a');
    await until(() => report()?.partition !== undefined && found().includes('a'));

    const other = engine.open(log.spec());
    await assert.rejects(other.state({ files: 0, requests: 0 }), { code: 'EngineEnded' });
    log.write('b');
    await until(() => report()?.state === 'Failed');
    assert.match(report()?.message ?? '', /the thread that reads and matches has ended: ERR_BUG: a bug/);

    // Until its time has come to try again, and then for as long as the new thread takes to begin.
    while (!found().includes('b')) await clock.advance(100);
    log.write('c');
    await until(() => found().includes('c'));
    assert.deepEqual(found(), ['a', 'b', 'c']);
    await until(() => report()?.state === 'Following');
    assert.equal(report()?.message, undefined);
    term.abort();
    await running;
  });
});
