import type { AuditEvent, AuditRecord } from '../../../src/audit/index.ts';

/** An audit event of alice patching a CronJob, but for what is given. */
export function auditEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: '7aafe7e0-302c-49bf-b9fa-aee5a707f9ef',
    stage: 'ResponseComplete',
    requestURI: '/apis/batch/v1/namespaces/shop/cronjobs/nightly?fieldManager=kubectl-patch',
    verb: 'patch',
    user: { username: 'alice', groups: ['developers', 'system:authenticated'] },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'kubectl/v1.37.2 (linux/amd64) kubernetes/abcdef0',
    objectRef: { resource: 'cronjobs', namespace: 'shop', name: 'nightly', apiGroup: 'batch', apiVersion: 'v1' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-11-24T05:48:24.739583Z',
    stageTimestamp: '2026-11-24T05:48:24.739976Z',
    ...changes,
  };
}

/** A record of the event at an offset of the first generation. */
export function auditRecord(offset: number, changes: Partial<AuditEvent> = {}): AuditRecord {
  return { event: auditEvent(changes), position: { generation: 1, offset }, bodiesUnknown: false, line: 500 };
}
