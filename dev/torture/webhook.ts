import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ControlPlane } from '../control-plane/index.ts';
import { NODE } from './replica.ts';

const execute = promisify(execFile);

/** The AuditSource of what is delivered. */
const BACKUP_SOURCE = 'webhook';

/** Where the receiver listens, and what it and kube-apiserver need for that, set up as the documentation says. */
export interface WebhookSetup {
  /** Of the receiver. */
  readonly flags: readonly string[];
  /** Of kube-apiserver. */
  readonly apiServerFlags: readonly string[];
}

/** Makes a certificate, a token and kube-apiserver's configuration. `program` is the bundle. */
export async function setUpWebhook(plane: ControlPlane, program: string, port: number): Promise<WebhookSetup> {
  const directory = join(plane.directory, 'webhook');
  const tokens = join(directory, 'tokens');
  mkdirSync(tokens, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('hex');
  writeFileSync(join(directory, 'token'), token, { mode: 0o600 });
  writeFileSync(join(tokens, BACKUP_SOURCE), `${token}\n`, { mode: 0o600 });
  await makeCertificate(directory);
  const config = async (format: 'yaml' | 'flags'): Promise<string> => {
    const flags = { server: `https://127.0.0.1:${port}`, source: BACKUP_SOURCE, 'api-server': NODE, directory, format };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const { stdout } = await execute(process.execPath, [program, 'webhook-config', ...args]);
    return stdout;
  };
  writeFileSync(join(directory, 'webhook.yaml'), await config('yaml'));
  return {
    flags: [
      `--webhook-listen=127.0.0.1:${port}`,
      `--webhook-tls-cert=${join(directory, 'tls.crt')}`,
      `--webhook-tls-key=${join(directory, 'tls.key')}`,
      `--webhook-tokens=${tokens}`,
    ],
    apiServerFlags: (await config('flags')).trimEnd().split('\n'),
  };
}

async function makeCertificate(directory: string): Promise<void> {
  const at = (name: string): string => join(directory, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const ca = ['-subj', '/CN=torture-ca', '-keyout', at('ca.key'), '-out', at('ca.crt')];
  await execute('openssl', ['req', '-x509', ...key, '-days', '1', ...ca]);
  await execute('openssl', ['req', ...key, '-subj', '/CN=torture', '-keyout', at('tls.key'), '-out', at('tls.csr')]);
  writeFileSync(at('tls.ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  const signer = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial'];
  const signed = ['-in', at('tls.csr'), '-out', at('tls.crt'), '-extfile', at('tls.ext'), '-days', '1'];
  await execute('openssl', ['x509', '-req', ...signer, ...signed]);
}

/** What is delivered counts only where the files have a gap. */
export function backupSource(): string {
  return JSON.stringify({
    apiVersion: 'detection.sigma-operator.dev/v1alpha1',
    kind: 'AuditSource',
    metadata: { name: BACKUP_SOURCE },
    spec: { webhook: {}, backupFor: 'kube-apiserver' },
  });
}
