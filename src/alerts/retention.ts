/** For how long Alerts are kept, in milliseconds. */
export interface Retention {
  readonly ttl: number;
  /** Of those that people have resolved; `ttl` where that is shorter. */
  readonly resolvedTtl: number;
}

/** What an Alert's end depends on. Times are RFC 3339. */
export interface Aging {
  /** When the last request was made, by the audit log. */
  readonly lastSeen: string | undefined;
  /** When the operator last wrote its status, by the API server's clock. */
  readonly lastWrite: string | undefined;
  readonly created: string | undefined;
  readonly state: string | undefined;
}

/**
 * When an Alert may be deleted, in milliseconds since the epoch: a while after it last counted something. An old log that is
 * read late counts with the time at which it was counted; a position that was counted is never counted again, so the Alert
 * must outlive the way of that position into the checkpoint. Undefined where not even the creation is known.
 */
export function expiryOf({ lastSeen, lastWrite, created, state }: Aging, retention: Retention): number | undefined {
  const times = [lastSeen, lastWrite, created].map((time) => Date.parse(time ?? '')).filter(Number.isFinite);
  if (times.length === 0) return undefined;
  const { ttl, resolvedTtl } = retention;
  return Math.max(...times) + (state === 'Resolved' ? Math.min(ttl, resolvedTtl) : ttl);
}
