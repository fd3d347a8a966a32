import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

let requests = 0;

/** An audit log that a test writes itself, line by line. */
export class WrittenLog {
  readonly path: string;
  #backups = 0;

  constructor(directory: string) {
    mkdirSync(directory);
    this.path = join(directory, 'audit.log');
  }

  append(...parts: readonly (string | Buffer)[]): void {
    for (const part of parts) appendFileSync(this.path, part);
  }

  /** Renames the file, as kube-apiserver does; the next line goes into a new one. Returns the backup's path. */
  rotate(): string {
    this.#backups += 1;
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    const backup = join(dirname(this.path), `audit-${time}.${String(this.#backups).padStart(3, '0')}.log`);
    renameSync(this.path, backup);
    return backup;
  }
}

/** What kube-apiserver does with a backup after a while. */
export function compress(backup: string): void {
  writeFileSync(`${backup}.gz`, gzipSync(readFileSync(backup)));
  rmSync(backup);
}

/** One line: alice created the CronJob `shop/<name>`. Longer by `padding` characters in the body. */
export function auditLine(name: string, padding = 0): string {
  requests += 1;
  const time = new Date(Date.now() - 1000).toISOString().replace('Z', `${String(requests % 1000).padStart(3, '0')}Z`);
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: padding > 0 ? 'Request' : 'Metadata',
    auditID: `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: '/apis/batch/v1/namespaces/shop/cronjobs',
    verb: 'create',
    user: { username: 'alice', groups: ['developers', 'system:authenticated'] },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'kubectl/v1.37.0',
    objectRef: { resource: 'cronjobs', namespace: 'shop', name, apiGroup: 'batch', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 201 },
    ...(padding > 0 && { requestObject: { metadata: { name }, padding: 'x'.repeat(padding) } }),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  };
  return `${JSON.stringify(event)}\n`;
}
