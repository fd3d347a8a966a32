import type { Clock } from './clock.ts';
import { type RateLimit, TokenBucket } from './token-bucket.ts';

/** Decides how long a key has to wait before it is tried again. */
export interface RateLimiter {
  /** Counts one more failure of the key. Milliseconds. */
  when(key: string): number;
  /** The key is well again, or given up. */
  forget(key: string): void;
  /** Failures since the key was last well. */
  retries(key: string): number;
}

export interface RetryRate extends RateLimit {
  /** Milliseconds before the first retry of a key; they double. */
  readonly baseDelay: number;
  readonly maxDelay: number;
}

/** client-go's for controllers: 5 ms doubling to 1000 s for each key, and 10 retries a second (100 at once) for all of them. */
export const defaultRetryRate: RetryRate = Object.freeze({ baseDelay: 5, maxDelay: 1_000_000, qps: 10, burst: 100 });

/** The longer of the key's own exponential wait and the wait for a token that all keys share. */
export function retryLimiter(rate: RetryRate, clock: Clock): RateLimiter {
  /** Holds only keys whose last try failed. */
  const failures = new Map<string, number>();
  const bucket = new TokenBucket(rate, clock);
  return {
    when(key) {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      return Math.max(Math.min(rate.maxDelay, rate.baseDelay * 2 ** failed), bucket.reserve());
    },
    forget: (key) => void failures.delete(key),
    retries: (key) => failures.get(key) ?? 0,
  };
}
