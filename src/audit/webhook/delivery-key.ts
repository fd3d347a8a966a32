import { hash } from 'node:crypto';
import type { AuditEvent } from '../event.ts';
import { KEY_LENGTH } from '../journal/entry.ts';
import { requestIdentity } from '../request-identity.ts';

/**
 * Names an event, the same in each delivery of it: the request (see `requestIdentity`), the stage, and when that was
 * reached, which the server says. Where it does not say enough, only the same text is the same event.
 */
export function deliveryKey(event: AuditEvent, text: Buffer): Buffer {
  const isNamed = event.auditID && event.requestReceivedTimestamp && event.stageTimestamp;
  const name = isNamed ? `${requestIdentity(event)} ${event.stage} ${event.stageTimestamp}` : text;
  return hash('sha256', name, 'buffer').subarray(0, KEY_LENGTH);
}
