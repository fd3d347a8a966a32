import type { Verdict } from '../verdict.ts';

/** Milliseconds before a filter expires from which on its status says so. */
const AHEAD = 7 * 24 * 3600_000;

/** The conditions ExpiresSoon and Expired at a time; times in milliseconds since the epoch. */
export function expiryConditions(expiresAt: number | undefined, now: number): readonly Verdict[] {
  const soon = (status: Verdict['status'], reason: string, message: string) =>
    ({ type: 'ExpiresSoon', status, reason, message }) as const;
  const expired = (status: Verdict['status'], reason: string, message: string) =>
    ({ type: 'Expired', status, reason, message }) as const;
  if (expiresAt === undefined) {
    const message = 'The filter has no expiresAt.';
    return [soon('False', 'NoExpiry', message), expired('False', 'NoExpiry', message)];
  }
  const time = new Date(expiresAt).toISOString();
  if (now >= expiresAt) {
    const message = `The filter leaves out nothing since ${time}. Delete it, or set another spec.expiresAt.`;
    return [soon('False', 'Expired', 'It has expired.'), expired('True', 'Expired', message)];
  }
  const message = `From ${time} on the filter leaves out nothing, and Alerts are raised again.`;
  const before = expired('False', 'NotExpired', message);
  if (now < expiresAt - AHEAD) return [soon('False', 'NotYet', message), before];
  return [soon('True', 'ExpiresSoon', `${message} If it is still wanted, set a later spec.expiresAt.`), before];
}

/** Milliseconds until these conditions change by themselves; undefined if they do not. */
export function nextExpiryChange(expiresAt: number | undefined, now: number): number | undefined {
  if (expiresAt === undefined || now >= expiresAt) return undefined;
  const at = now < expiresAt - AHEAD ? expiresAt - AHEAD : expiresAt;
  return at - now;
}
