import type { AuditEvent } from '../../../src/audit/index.ts';
import type { PartitionSpec } from '../../../src/engine/detection-engine.ts';
import { eventLine, LogDirectory, timestamp } from '../audit/log-directory.ts';

export const OWN = Object.freeze({
  username: 'system:serviceaccount:sigma-operator:sigma-operator',
  namespace: 'sigma-operator',
  placeholders: 'sigma-placeholders',
  lookUps: new Set<string>(),
});

/** An audit log with events of this content. */
export class Log extends LogDirectory {
  /** Returns the time of the event. */
  write(auditID: string, fields: Partial<AuditEvent> = {}): string {
    this.stepClock(1);
    const event: AuditEvent = { ...JSON.parse(eventLine(auditID, this.micros)), ...fields };
    this.append(`${JSON.stringify(event)}\n`);
    return timestamp(this.micros);
  }

  /** Reads it from its beginning, or where it was read to. */
  spec(resume?: PartitionSpec['resume']): PartitionSpec {
    return { source: { kind: 'file', path: this.path, startAt: 'Beginning' }, resume, cluster: 'prod', own: OWN };
  }
}
