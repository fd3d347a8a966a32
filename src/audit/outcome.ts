import type { AuditEvent } from './event.ts';

/** What became of a request, by its HTTP status. `Unknown` before there is one (stage RequestReceived). */
export type Outcome = 'Allowed' | 'Denied' | 'Failed' | 'Unknown';

/** Allowed below 400, Denied for 401 and 403, Failed for every other code from 400 on. */
export function outcome(event: AuditEvent): Outcome {
  const code = event.responseStatus?.code;
  if (code === undefined || !Number.isInteger(code) || code < 100) return 'Unknown';
  if (code < 400) return 'Allowed';
  return code === 401 || code === 403 ? 'Denied' : 'Failed';
}
