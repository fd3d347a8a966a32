import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import type { PartitionSpec } from '../../../src/engine/detection-engine.ts';
import type { ListenSpec } from '../../../src/engine/receiving.ts';
import { certificate } from '../audit/certificates.ts';
import { eventLine } from '../audit/log-directory.ts';
import { OWN } from './log.ts';

const TOKEN = 'correct-horse-battery-staple';
const MICROS = Date.UTC(2026, 10, 24, 5, 48, 24) * 1000;

/** Who delivers to an engine; its files, and those of the engine, are in a temporary directory. */
export class Sender {
  readonly #directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sender-'));
  readonly #ca = certificate({ name: 'receiver-ca', use: 'ca' });
  #sent = 0;

  constructor() {
    const { cert, key } = certificate({ name: 'receiver', issuer: this.#ca });
    fs.writeFileSync(this.#file('tls.crt'), cert);
    fs.writeFileSync(this.#file('tls.key'), key);
    fs.writeFileSync(this.#file('tokens'), TOKEN);
  }

  remove(): void {
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }

  listen(port = 0): ListenSpec {
    const tls = { certFile: this.#file('tls.crt'), keyFile: this.#file('tls.key'), clientCaFile: undefined };
    return { host: '127.0.0.1', port, tls };
  }

  spec(name: string, resume?: PartitionSpec['resume']): PartitionSpec {
    const source = {
      kind: 'webhook',
      name,
      journals: this.#directory,
      limits: { bytes: 1 << 28, age: 60 * 60_000 },
      format: 'Auto',
      tokenFile: this.#file('tokens'),
      acknowledge: 'Synced',
      isBackup: false,
    } as const;
    return { source, resume, cluster: 'prod', own: OWN };
  }

  /** The status code of the answer; 0 where there was none. */
  async send(port: number, source: string, auditID: string, token = TOKEN): Promise<number> {
    const body = eventLine(auditID, MICROS + ++this.#sent);
    return await new Promise((resolve) => {
      const request = https.request({
        host: '127.0.0.1',
        port,
        path: `/events/${source}`,
        method: 'POST',
        ca: this.#ca.cert,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
        agent: false,
      });
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', () => resolve(0));
      request.end(body);
    });
  }

  #file(name: string): string {
    return path.join(this.#directory, name);
  }
}
