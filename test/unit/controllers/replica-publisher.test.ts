import assert from 'node:assert/strict';
import { ReplicaPublisher } from '../../../src/controllers/replica/replica-publisher.ts';
import {
  decodeRulesReport,
  RULES_ANNOTATION,
  type RulesReport,
} from '../../../src/controllers/replica/rules-report.ts';
import { KubeClient, type Lease, leaseType, Resource } from '../../../src/kube/index.ts';
import { FakeApiServer } from '../kube/fake-api-server.ts';
import { FakeClock } from '../kube/fake-clock.ts';
import { kubeConfigFor } from '../kube/kube-config-for.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { until } from '../kube/until.ts';

const KEY = 'sigma-operator/replica-one';

describe('the Lease of a replica', () => {
  let server: FakeApiServer;
  let clock: FakeClock;
  let logger: RecordingLogger;
  let report: RulesReport;
  let publisher: ReplicaPublisher;
  let stop: AbortController;
  let running: Promise<void>;
  beforeEach(async () => {
    server = await FakeApiServer.start();
    clock = new FakeClock();
    logger = new RecordingLogger();
    report = { test: '1:aaa' };
    stop = new AbortController();
    const client = new KubeClient(kubeConfigFor(server.url), { userAgent: 'test' });
    publisher = new ReplicaPublisher({
      leases: new Resource<Lease>(client, leaseType),
      namespace: 'sigma-operator',
      replica: 'one',
      report: () => report,
      clock,
      logger,
    });
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await server.stop();
  });

  const start = async (): Promise<void> => {
    running = publisher.run(stop.signal);
    await until(() => lease() !== undefined, 'the Lease');
  };
  const lease = () => server.contents('leases').get(KEY);
  const annotation = (): RulesReport => {
    const annotations: unknown = lease()?.metadata['annotations'];
    const text =
      typeof annotations === 'object' && annotations !== null ? Reflect.get(annotations, RULES_ANNOTATION) : '';
    return decodeRulesReport(String(text));
  };
  const writes = (): number => server.requests.filter(({ method }) => method === 'PUT' || method === 'POST').length;
  const whenWritten = (count: number): Promise<void> => until(() => writes() >= count, `write ${count}`);

  it('says which rules it runs, and is renewed', async () => {
    await start();
    assert.deepEqual(annotation(), { test: '1:aaa' });
    const { resourceVersion } = lease()?.metadata ?? {};
    await clock.advance(10_000);
    await whenWritten(2);
    assert.notEqual(lease()?.metadata.resourceVersion, resourceVersion);
  });

  it('is written soon when what runs changes, once for several changes', async () => {
    await start();
    for (const version of ['2:bbb', '3:ccc']) {
      report = { test: version };
      publisher.changed();
    }
    await clock.advance(200);
    await whenWritten(2);
    await until(() => annotation()['test'] === '3:ccc', 'the newest report');
    await clock.advance(1000);
    assert.equal(writes(), 2);
  });

  it('keeps what others have put on it', async () => {
    server.put('leases', { metadata: { name: 'replica-one', namespace: 'sigma-operator', finalizers: ['x'] } });
    running = publisher.run(stop.signal);
    await whenWritten(1);
    await until(() => annotation()['test'] === '1:aaa', 'the report');
    assert.deepEqual(lease()?.metadata['finalizers'], ['x']);
  });

  it('is made anew when somebody deletes it', async () => {
    await start();
    server.remove('leases', { namespace: 'sigma-operator', name: 'replica-one' });
    await clock.advance(10_000);
    await until(() => lease() !== undefined, 'the Lease');
  });

  it('is tried again soon when it cannot be written, and says so', async () => {
    server.fault = () => ({ code: 500 });
    running = publisher.run(stop.signal);
    await until(() => logger.at('warn').length === 1, 'the warning');
    server.fault = () => undefined;
    await clock.advance(2000);
    await until(() => lease() !== undefined, 'the Lease');
  });

  it('is taken away in the end', async () => {
    await start();
    stop.abort();
    await running;
    assert.equal(lease(), undefined);
  });
});
