import type { AlertCensus } from './alert-census.ts';
import type { Expiry } from './retention-of.ts';

/** Milliseconds by which the leader's clock and that of the API server, whose times these are, may differ. */
const SKEW = 30_000;

/**
 * Whether an Alert's ttl had run out at a time: then its deletion by the operator's identity is the leader's. An Alert that
 * this replica has never seen, because it was deleted while no replica here was running, has not, as far as can be told.
 */
export function hasExpired(
  census: Pick<AlertCensus, 'getOrDeleted'>,
  expiry: Expiry,
): (alert: string, at: number) => boolean {
  return (name, at) => {
    const alert = census.getOrDeleted(name);
    const end = alert === undefined ? undefined : expiry(alert);
    return end !== undefined && end <= at + SKEW;
  };
}
