import type { AuditEvent } from './event.ts';

/** Set to `"true"` by kube-apiserver's truncating backend on an event whose bodies it cut off. */
const TRUNCATED_ANNOTATION = 'audit.k8s.io/truncated';

/**
 * Whether bodies were cut off, so that nothing can be said of what stood in them. A body that the audit policy does
 * not log is absent, not unknown.
 */
export function bodiesUnknown(event: AuditEvent): boolean {
  return event.annotations?.[TRUNCATED_ANNOTATION] === 'true';
}
