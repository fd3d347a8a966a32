import fs from 'node:fs';
import type { AuditEvent } from '../../../src/audit/index.ts';

/** An event with what every event has, and the fields given. */
export function auditEvent(fields: Partial<AuditEvent> = {}): AuditEvent {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: '7aafe7e0-302c-49bf-b9fa-aee5a707f9ef',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/default/configmaps',
    verb: 'create',
    user: { username: 'alice@example.test', groups: ['system:authenticated'] },
    sourceIPs: ['192.0.2.1'],
    requestReceivedTimestamp: '2026-11-24T05:48:24.739583Z',
    stageTimestamp: '2026-11-24T05:48:24.739976Z',
    ...fields,
  };
}

/** Lines that a kube-apiserver 1.37.2 wrote. */
export const REAL_LINES: readonly string[] = fs
  .readFileSync(new URL('../../data/audit/kube-apiserver-1.37.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
