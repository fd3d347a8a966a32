import type { AuditEvent } from '../audit/index.ts';
import type { NamedFilter } from '../sigma/index.ts';

/** A filter that runs: a compiled Sigma filter under the name of its DetectionFilter. */
export interface ActiveFilter extends NamedFilter {
  /**
   * Requests that the API server receives from this time on are not filtered; milliseconds since the epoch. By the log's
   * clock, not by ours: the same log gives the same Alerts whenever it is read.
   */
  readonly expiresAt: number | undefined;
}

/** An event without a time is after every expiry: when in doubt it is shown. */
export function isInEffect(
  { expiresAt }: Pick<ActiveFilter, 'expiresAt'>,
  { requestReceivedTimestamp }: AuditEvent,
): boolean {
  return expiresAt === undefined || Date.parse(requestReceivedTimestamp ?? '') < expiresAt;
}
