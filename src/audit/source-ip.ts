import type { AuditEvent } from './event.ts';

/**
 * The address that the API server itself saw as its peer: the last of `sourceIPs`. The ones before it come from
 * headers that any caller may send. It may be a load balancer's.
 */
export function trustedSourceIP(event: AuditEvent): string | undefined {
  return event.sourceIPs?.at(-1);
}
