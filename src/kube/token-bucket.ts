import type { Clock } from './clock.ts';

/** `qps` tokens flow in per second, at most `burst` are kept. */
export interface RateLimit {
  readonly qps: number;
  readonly burst: number;
}

/** A token bucket that hands out reservations, as golang.org/x/time/rate does: it may be in debt. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  /** At most `#burst`; negative while reservations wait for tokens that have not flowed in yet. */
  #tokens: number;
  #updatedAt: number;

  constructor({ qps, burst }: RateLimit, clock: Clock) {
    if (!(qps > 0) || !(burst >= 1))
      throw new RangeError(`a rate limit needs qps > 0 and burst >= 1: ${qps}, ${burst}`);
    this.#clock = clock;
    this.#perMs = qps / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#updatedAt = clock.monotonic();
  }

  /** Takes a token and returns how many milliseconds to wait before acting on it. */
  reserve(): number {
    this.#refill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }

  /** Takes a token if there is one now. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Waits for a token. An aborted wait gives it back. */
  async take(signal?: AbortSignal): Promise<void> {
    const wait = this.reserve();
    if (wait === 0) return;
    try {
      await this.#clock.sleep(wait, signal);
    } catch (error) {
      this.#tokens = Math.min(this.#burst, this.#tokens + 1);
      throw error;
    }
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#updatedAt) * this.#perMs);
    this.#updatedAt = now;
  }
}
