import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../../dev/control-plane/index.ts';
import {
  type AuditRecord,
  directoryFiles,
  Journal,
  JournalSource,
  listenForWebhooks,
  type WebhookReceiver,
  webhookConfig,
} from '../../src/audit/index.ts';
import { certificate } from '../unit/audit/certificates.ts';
import { eventually } from './support/eventually.ts';

const TOKEN = 'the-token-of-the-api-server';

describe("kube-apiserver's audit webhook", () => {
  const directory = mkdtempSync(join(tmpdir(), 'audit-webhook-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const ca = certificate({ name: 'receiver-ca', use: 'ca' });
  const server = certificate({ name: 'receiver', issuer: ca });
  const tls = { certFile: file('tls.crt', server.cert), keyFile: file('tls.key', server.key) };
  const tokenFile = file('token', TOKEN);
  let plane: ControlPlane | undefined;
  let journal: Journal;
  let receiver: WebhookReceiver;
  let port = 0;

  async function startReceiver(): Promise<void> {
    journal = await Journal.open({ files: directoryFiles(join(directory, 'journal')) });
    receiver = await listenForWebhooks({ tls, host: '127.0.0.1', port });
    ({ port } = receiver);
    await receiver.attach('main', { journal, tokenFile });
  }

  async function stopReceiver(): Promise<void> {
    await receiver.close();
    await journal.close();
  }

  before(startReceiver);

  after(async () => {
    await plane?.stop();
    await stopReceiver();
    rmSync(directory, { recursive: true });
  });

  it('delivers every event that is in the log, once, also over a restart of the receiver', async () => {
    const { kubeconfig, flags } = webhookConfig({
      server: `https://127.0.0.1:${port}`,
      source: 'main',
      origin: 'cp-1',
      caFile: file('ca.crt', ca.cert),
      credentials: { tokenFile },
      configFile: join(directory, 'webhook.yaml'),
    });
    plane = await startControlPlane({
      controllerManager: false,
      audit: { webhook: { kubeconfig: file('webhook.yaml', JSON.stringify(kubeconfig)) } },
      apiServerFlags: [
        ...flags
          .filter(({ name }) => name !== 'audit-webhook-config-file')
          .map(({ name, value }) => `--${name}=${value}`),
        '--audit-webhook-initial-backoff=1s',
      ],
    });
    await configMaps(plane, 'before');
    await eventually(async () => assert.ok(created(await records(journal)).includes('before-0')));

    await stopReceiver();
    await configMaps(plane, 'away');
    await startReceiver();
    await eventually(async () => assert.ok(created(await records(journal)).includes('away-0')));
    await configMaps(plane, 'after');

    const log = plane.auditLog;
    await plane.stopApiServer();
    const logged = readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const read = await records(journal);
    assert.deepEqual(
      read.map(({ event }) => `${event.auditID} ${event.stage}`).sort(),
      logged.map(({ auditID, stage }) => `${auditID} ${stage}`).sort(),
    );
    assert.ok(read.every(({ origin }) => origin === 'cp-1'));
    const { rejected } = receiver.status().inlets['main'] ?? assert.fail();
    assert.deepEqual(
      Object.entries(rejected).filter(([, count]) => count > 0),
      [],
    );
  });
});

async function configMaps(plane: ControlPlane, prefix: string): Promise<void> {
  const items = Array.from({ length: 50 }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${prefix}-${i}`, namespace: 'default' },
  }));
  await plane.kubectl(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
}

function created(all: readonly AuditRecord[]): (string | undefined)[] {
  return all.filter(({ event }) => event.verb === 'create').map(({ event }) => event.objectRef?.name);
}

async function records(journal: Journal): Promise<AuditRecord[]> {
  const abort = new AbortController();
  const source = new JournalSource({ journal, pause: async () => abort.abort() });
  const all: AuditRecord[] = [];
  for await (const batch of source.batches(abort.signal)) all.push(...batch.records);
  return all;
}
