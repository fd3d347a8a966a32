import { hash } from 'node:crypto';
import type { AuditEvent } from './event.ts';

/**
 * Names one request in all its stages and deliveries: 22 characters of `[A-Za-z0-9_-]`.
 *
 * `auditID` alone will not do: the caller may set it, to any length, also to that of another request. It is hashed
 * together with what the server sets and what stays the same over the stages of a request. 128 bits of SHA-256 over a
 * JSON array, so that no two different tuples read the same.
 */
export function requestIdentity(event: AuditEvent): string {
  const facts = [
    event.auditID ?? null,
    event.requestReceivedTimestamp ?? null,
    event.user?.username ?? null,
    event.user?.uid ?? null,
    event.verb,
    event.requestURI ?? null,
  ];
  return hash('sha256', JSON.stringify(facts), 'base64url').slice(0, 22);
}
