import assert from 'node:assert/strict';
import fs from 'node:fs';
import {
  type Batch,
  directoryFiles,
  Intakes,
  type SourceCheckpoint,
  type SourceStatus,
  WebhookSource,
  type WebhookSourceOptions,
} from '../../../src/audit/index.ts';
import { TOKEN, WebhookWorld } from './webhook-world.ts';

const LIMITS = { bytes: 1024 * 1024, age: 3_600_000 };

describe('a webhook source', () => {
  let world: WebhookWorld;
  let intakes: Intakes;
  beforeEach(async () => {
    world = new WebhookWorld();
    await world.start();
    intakes = new Intakes(world.receiver, world.clock);
  });
  afterEach(async () => {
    await intakes.closeAll();
    await world.remove();
  });

  /** Reads in the background until it is stopped. */
  function consume(options: Partial<WebhookSourceOptions> = {}) {
    const source = new WebhookSource({
      name: 'other',
      intakes,
      files: directoryFiles(world.file('journal')),
      tokenFile: world.file('tokens'),
      limits: LIMITS,
      ...options,
    });
    const stop = new AbortController();
    const batches: Batch[] = [];
    let wake = Promise.withResolvers<void>();
    const ended = (async () => {
      for await (const batch of source.batches(stop.signal)) {
        batches.push(batch);
        source.release(source.checkpoint(batch));
        wake.resolve();
        wake = Promise.withResolvers();
      }
    })();
    const ids = (): string[] => batches.flatMap(({ records }) => records.map(({ event }) => event.auditID ?? ''));
    return {
      source,
      ended,
      ids,
      until: async (count: number) => {
        while (ids().length < count) await Promise.race([wake.promise, ended]);
      },
      attached: async () => {
        while (batches.length === 0) await Promise.race([wake.promise, ended]);
      },
      checkpoint: (): SourceCheckpoint | undefined => {
        const last = batches.at(-1);
        return last && source.checkpoint(last);
      },
      stop: async () => {
        stop.abort();
        await ended;
      },
    };
  }

  it('gives what is delivered, and says what came', async () => {
    const reading = consume();
    await reading.attached();
    assert.equal((await world.post('/audit/other/cp-1', world.eventList('a', 'b'))).status, 200);
    assert.equal((await world.post('/audit/other/cp-1', world.eventList('b', 'c'))).status, 200);
    assert.equal((await world.post('/audit/other', world.eventList('d'), { token: 'x'.repeat(20) })).status, 401);
    await reading.until(3);
    assert.deepEqual(reading.ids(), ['a', 'b', 'c']);
    const { intake, state, errors } = reading.source.status();
    assert.deepEqual([state, errors], ['Following', []]);
    const { deliveries, accepted, duplicates, rejected, refusing } = intake ?? assert.fail();
    assert.deepEqual(
      [deliveries, accepted, duplicates, rejected['unauthenticated'], refusing],
      [2, 3, 1, 1, undefined],
    );
    await reading.stop();
  });

  it('goes on taking deliveries while nobody reads, and on reading at its checkpoint', async () => {
    const first = consume();
    await first.attached();
    await world.post('/audit/other', world.eventList('a'));
    await first.until(1);
    await first.stop();
    assert.equal((await world.post('/audit/other', world.eventList('b'))).status, 200);
    const second = consume({ resume: first.checkpoint() });
    await second.until(1);
    await world.post('/audit/other', world.eventList('a', 'b', 'c'));
    await second.until(2);
    assert.deepEqual(second.ids(), ['b', 'c']);
    await second.stop();
    await intakes.close('other');
    assert.equal((await world.post('/audit/other', world.eventList('d'))).status, 404);
    const third = consume({ resume: second.checkpoint() });
    await third.attached();
    await world.post('/audit/other', world.eventList('b', 'd'));
    await third.until(1);
    assert.deepEqual(third.ids(), ['d']);
    await third.stop();
  });

  it('takes deliveries as the source says now', async () => {
    const first = consume();
    await first.attached();
    await first.stop();
    world.writeFile('others', 'the-token-of-somebody-else');
    const second = consume({ tokenFile: world.file('others'), resume: first.checkpoint() });
    await second.attached();
    assert.equal((await world.post('/audit/other', world.eventList('a'))).status, 401);
    const token = 'the-token-of-somebody-else';
    assert.equal((await world.post('/audit/other', world.eventList('a'), { token })).status, 200);
    await second.until(1);
    await second.stop();
  });

  it('gives positions behind the checkpoint, also where another journal was read meanwhile', async () => {
    const first = consume();
    await first.attached();
    await world.post('/audit/other', world.eventList('a'));
    await first.until(1);
    await first.stop();
    const { position } = first.checkpoint() ?? assert.fail();
    const resume = { position: { generation: position.generation + 1e12, offset: 99 }, files: [], floor: 0 };
    const second = consume({ resume });
    await second.attached();
    await world.post('/audit/other', world.eventList('b'));
    await second.until(1);
    assert.ok((second.checkpoint()?.position.generation ?? 0) > resume.position.generation);
    await second.stop();
  });

  it('makes room when its checkpoint is stored', async () => {
    const reading = consume();
    await reading.attached();
    const fill = 'x'.repeat(100_000);
    for (let i = 0; i < 30; i++) {
      const event = world.event(`id-${i}`, { requestObject: fill });
      assert.equal((await world.post('/events/other', `${event}\n`)).status, 200);
      await reading.until(i + 1);
    }
    await reading.stop();
  });

  it('says why it cannot be read, and that nobody may deliver', async () => {
    const failed = async (options: Partial<WebhookSourceOptions>): Promise<SourceStatus> => {
      const reading = consume(options);
      await assert.rejects(reading.ended);
      return reading.source.status();
    };
    fs.writeFileSync(world.file('no-directory'), '');
    const { state, errors } = await failed({ files: directoryFiles(world.file('no-directory')) });
    assert.deepEqual([state, errors[0]?.code], ['Failed', 'EEXIST']);
    world.writeFile('short', 'secret\n');
    const short = await failed({ tokenFile: world.file('short') });
    assert.match(short.errors[0]?.message ?? '', /shorter than 16/);
    assert.ok(!JSON.stringify(short).includes('secret'));
    const { certFile, keyFile } = { certFile: world.file('tls.crt'), keyFile: world.file('tls.key') };
    await world.stop();
    await world.start({ tls: { certFile, keyFile } });
    intakes = new Intakes(world.receiver, world.clock);
    const reading = consume({ tokenFile: world.file('no-tokens') });
    await reading.attached();
    assert.deepEqual(
      reading.source.status().errors.map(({ code }) => code),
      ['NoCredentials'],
    );
    world.writeFile('no-tokens', TOKEN);
    await world.receiver.refresh();
    assert.deepEqual(reading.source.status().errors, []);
    assert.equal((await world.post('/audit/other', world.eventList('a'))).status, 200);
    await reading.stop();
  });
});
