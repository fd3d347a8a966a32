import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** An audit log in a temporary directory, written and rotated as kube-apiserver, lumberjack and logrotate do it. */
export class LogDirectory {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'audit-log-'));
  readonly path = path.join(this.directory, 'audit.log');
  #micros: number;

  constructor(micros = Date.UTC(2026, 10, 24, 5, 48, 24) * 1000) {
    this.#micros = micros;
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  /** The time of the last event. */
  get micros(): number {
    return this.#micros;
  }

  stepClock(micros: number): void {
    this.#micros += micros;
  }

  /** The line of an event with this auditID, at the next microsecond. */
  line(auditID: string): string {
    this.#micros += 1;
    return eventLine(auditID, this.#micros);
  }

  append(text: string | Uint8Array, name = 'audit.log'): void {
    fs.appendFileSync(this.file(name), text);
  }

  /** Writes whole events; returns their ids. */
  events(...ids: string[]): void {
    this.append(ids.map((id) => `${this.line(id)}\n`).join(''));
  }

  /** Renames the active file as lumberjack does; returns the backup's name. */
  rotate(): string {
    const name = this.#unusedBackupName();
    fs.renameSync(this.path, this.file(name));
    return name;
  }

  compress(name: string): string {
    fs.writeFileSync(this.file(`${name}.gz`), gzipSync(fs.readFileSync(this.file(name))));
    fs.unlinkSync(this.file(name));
    return `${name}.gz`;
  }

  /** logrotate's copytruncate; earlier numbered copies move up. Returns the new names of those by their old ones. */
  copyTruncate(): ReadonlyMap<string, string> {
    const moved = new Map<string, string>();
    const number = (name: string): number => Number(/\d+/.exec(name)?.[0]);
    const numbered = this.names().filter((name) => /^audit\.log\.\d+/.test(name));
    for (const name of numbered.sort((a, b) => number(b) - number(a))) {
      const next = name.replace(/\d+/, (n) => String(Number(n) + 1));
      fs.renameSync(this.file(name), this.file(next));
      moved.set(name, next);
    }
    fs.copyFileSync(this.path, this.file('audit.log.1'));
    fs.truncateSync(this.path, 0);
    return moved;
  }

  delete(name: string): void {
    fs.unlinkSync(this.file(name));
  }

  exists(name = 'audit.log'): boolean {
    return fs.existsSync(this.file(name));
  }

  names(): string[] {
    return fs.readdirSync(this.directory).sort();
  }

  file(name: string): string {
    return path.join(this.directory, name);
  }

  #unusedBackupName(): string {
    for (let millis = Math.floor(this.#micros / 1000); ; millis++) {
      const name = `audit-${new Date(millis).toISOString().slice(0, -1).replaceAll(':', '-')}.log`;
      if (!this.exists(name) && !this.exists(`${name}.gz`)) return name;
    }
  }
}

/** An event as kube-apiserver writes it, with nothing in it but what it cannot do without. */
export function eventLine(auditID: string, micros: number, more: Record<string, unknown> = {}): string {
  const time = timestamp(micros);
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/default/configmaps',
    verb: 'create',
    user: { username: 'alice@example.test', groups: ['system:authenticated'] },
    ...more,
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  });
}

export function timestamp(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros % 1e6).padStart(6, '0')}Z`;
}
