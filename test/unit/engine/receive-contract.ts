import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import type { PartitionSpec } from '../../../src/engine/detection-engine.ts';
import type { DetectedBatch, DetectionEngine, PartitionReader, RejectedRequests } from '../../../src/engine/index.ts';
import type { WebhookSpec } from '../../../src/engine/open-source.ts';
import { certificate } from '../audit/certificates.ts';
import { eventLine } from '../audit/log-directory.ts';
import { runnableRule } from './rules.ts';

const TOKEN = 'a-token-that-is-long-enough';
const SECRET = 'a-secret-that-nobody-may-see';
const START = Date.UTC(2026, 10, 24) * 1000;
const OWN = {
  username: 'operator',
  namespace: 'sigma-operator',
  placeholders: 'placeholders',
  lookUps: new Set<string>(),
};
const LIMITS = { files: 32, requests: 500 };

/** An event at this second after the start, whose id is that second. */
function event(second: number): string {
  return eventLine(String(second), START + second * 1_000_000);
}

/** What every engine does that takes deliveries, wherever it reads and matches. */
export function receiveContract(name: string, make: () => DetectionEngine): void {
  describe(`the engine ${name}, as a receiver`, () => {
    let directory: string;
    let engine: DetectionEngine;
    let port: number;
    let rejected: RejectedRequests[];
    const ca = certificate({ name: 'receiver-ca', use: 'ca' });

    beforeEach(async () => {
      directory = fs.mkdtempSync(path.join(os.tmpdir(), 'engine-receiver-'));
      const server = certificate({ name: 'receiver', issuer: ca });
      for (const [file, text] of Object.entries({ 'tls.crt': server.cert, 'tls.key': server.key, tokens: TOKEN }))
        fs.writeFileSync(path.join(directory, file), text);
      engine = make();
      rejected = [];
      const tls = { certFile: path.join(directory, 'tls.crt'), keyFile: path.join(directory, 'tls.key') };
      ({ port } = await engine.listen({ host: '127.0.0.1', port: 0, tls }, (each) => rejected.push(each)));
      await engine.setRules({ set: [runnableRule('creates')], remove: [] });
    });

    afterEach(async () => {
      await engine.close();
      fs.rmSync(directory, { recursive: true });
    });

    /** A reader that takes deliveries once its first `next` is asked for. */
    function open({
      resume,
      ...more
    }: Partial<WebhookSpec> & Pick<Partial<PartitionSpec>, 'resume'> = {}): PartitionReader {
      const source: WebhookSpec = {
        kind: 'webhook',
        name: 'main',
        journals: path.join(directory, 'journals'),
        limits: { bytes: 2 ** 20, age: 3_600_000 },
        format: 'Auto',
        tokenFile: path.join(directory, 'tokens'),
        acknowledge: 'Synced',
        isBackup: false,
        ...more,
      };
      return engine.open({ source, resume, cluster: '', own: OWN });
    }

    async function post(url: string, body: string, token = TOKEN): Promise<number> {
      return await new Promise<number>((resolve, reject) => {
        const request = https.request({
          host: '127.0.0.1',
          port,
          ca: ca.cert,
          path: url,
          method: 'POST',
          agent: false,
          headers: { authorization: `Bearer ${token}` },
        });
        request.on('error', reject);
        request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
        request.end(body);
      });
    }

    /** Resolves when the source takes deliveries. */
    async function delivered(url: string, body: string): Promise<void> {
      while ((await post(url, body)) !== 200);
    }

    const ids = ({ detection }: DetectedBatch): readonly string[] =>
      detection.alerts.flatMap(({ hits }) => hits.map(({ auditID }) => auditID));

    /** Batches until there is one in which something was found. */
    async function found(
      reader: PartitionReader,
      first?: Promise<DetectedBatch | undefined>,
    ): Promise<readonly string[]> {
      for (let batch = await (first ?? reader.next()); batch !== undefined; batch = await reader.next())
        if (ids(batch).length > 0) return ids(batch);
      return assert.fail('the reading ended');
    }

    it('finds what was delivered, and says what came', async () => {
      const reader = open();
      const first = reader.next();
      await delivered('/audit/main/cp-1', `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${event(1)}]}`);
      assert.deepEqual(await found(reader, first), ['1']);
      assert.equal(await post('/events/main', event(1)), 200);
      const { state, intake } = reader.status();
      assert.deepEqual([state, intake?.accepted], ['Following', 1]);
      await reader.close();
    });

    it('goes on at the checkpoint, and on taking deliveries until it is told otherwise', async () => {
      const before = open();
      const first = before.next();
      await delivered('/events/main', event(1));
      await found(before, first);
      const state = await before.state(LIMITS);
      before.release(state?.stored.checkpoint ?? assert.fail());
      await before.close();
      assert.equal(await post('/events/main', event(2)), 200);
      const after = open({ resume: state?.stored });
      assert.deepEqual(await found(after), ['2']);
      await after.close();
      await engine.takeNoMore('main');
      assert.equal(await post('/events/main', event(3)), 404);
    });

    it('acknowledges what was consumed once the checkpoint is stored, where that is wanted', async () => {
      const reader = open({ acknowledge: 'Consumed' });
      const first = reader.next();
      await first;
      let answered = false;
      const posting = post('/events/main', event(1)).then((code) => {
        answered = true;
        return code;
      });
      assert.deepEqual(await found(reader), ['1']);
      const state = await reader.state(LIMITS);
      assert.equal(answered, false);
      reader.release(state?.stored.checkpoint ?? assert.fail());
      assert.equal(await posting, 200);
      await reader.close();
    });

    it('counts, as a backup, what falls into a gap, once it is known', async () => {
      const reader = open({ isBackup: true });
      const first = reader.next();
      await delivered('/events/main', [1, 5, 9].map(event).join('\n'));
      const at = (second: number): number => START + second * 1_000_000;
      reader.setPrimaries([{ origin: 'cp-1', countedTo: at(6), gaps: [{ from: at(4), to: at(6) }] }]);
      reader.setPrimaries([{ origin: 'cp-1', countedTo: at(20), gaps: [{ from: at(4), to: at(6) }] }]);
      assert.deepEqual(await found(reader, first), ['5']);
      await reader.close();
    });

    it('tells of what it refuses, and never what was sent', async () => {
      const reader = open();
      const first = reader.next();
      await delivered('/events/main', event(1));
      await found(reader, first);
      assert.equal(await post('/events/main', event(2), SECRET), 401);
      assert.equal(await post(`/events/main?token=${SECRET}`, event(2)), 400);
      assert.equal(await post('/events/other', event(2), SECRET), 404);
      while (new Set(rejected.map(({ reason }) => reason)).size < 3) await new Promise(setImmediate);
      assert.ok(!JSON.stringify([rejected, reader.status()]).includes(SECRET));
      await reader.close();
    });

    it('cannot listen where the certificate makes no sense', async () => {
      const other = make();
      const tls = { certFile: path.join(directory, 'tokens'), keyFile: path.join(directory, 'tls.key') };
      await assert.rejects(other.listen({ host: '127.0.0.1', port: 0, tls }, () => {}));
      await other.close();
    });
  });
}
