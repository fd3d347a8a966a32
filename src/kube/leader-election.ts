import { type Clock, realClock } from './clock.ts';
import { givenUp, heldBy, type Lease } from './lease.ts';
import { describeError, type Logger, silentLogger } from './logger.ts';
import { formatKey, type ObjectKey } from './object.ts';
import type { Resource } from './resource.ts';
import { isConflict, isNotFound } from './status-error.ts';

/** Milliseconds. The defaults are client-go's. */
export interface LeaseTimings {
  /** How long others wait after they last saw the lease change, before they take it. A whole number of seconds. */
  readonly leaseDuration: number;
  /** How long the holder may go without a renewal before it must stop. */
  readonly renewDeadline: number;
  /** Between two tries. Those who do not hold the lease wait up to 2.2 times as long. */
  readonly retryPeriod: number;
}

const defaultLeaseTimings: LeaseTimings = Object.freeze({
  leaseDuration: 15_000,
  renewDeadline: 10_000,
  retryPeriod: 2000,
});

const JITTER_FACTOR = 1.2;

export interface LeaderElectorOptions {
  readonly leases: Pick<Resource<Lease>, 'get' | 'create' | 'replace'>;
  readonly key: ObjectKey;
  /** Different for every process that runs at a time. Whoever had it before is gone: what it held is ours. */
  readonly identity: string;
  /**
   * The work of the leader. When the signal aborts it must stop and settle; nobody else starts before, as far as time
   * allows (see `isLeader`). It may settle early and leave things running that follow the signal. A rejection gives the
   * lease up, and it is sought again.
   */
  readonly onStartedLeading: (signal: AbortSignal) => Promise<void>;
  /** Called after the work has settled. */
  readonly onStoppedLeading?: () => void;
  /** Called when another holder is seen than before, ourselves included. */
  readonly onNewLeader?: (identity: string) => void;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * What the holder publishes on the lease: merged into its annotations with every renewal, and when it is given up.
   * Undefined leaves them as they are, e.g. until the holder has read what the one before published (see `lease`).
   */
  readonly annotations?: () => Readonly<Record<string, string>> | undefined;
  readonly timings?: LeaseTimings;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly random?: () => number;
}

type Attempt =
  | { readonly held: true; readonly until: number }
  /** `taken`: somebody else certainly holds it. */
  | { readonly held: false; readonly taken: boolean };

/** Why the work of a leader has to stop; the reason of its signal. */
class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}

/**
 * One candidate for one Lease, with client-go's semantics: clocks are never compared between machines; a lease has expired
 * when this process has seen it unchanged for its whole duration.
 *
 * In one point it is stricter: the time that a holder may lead counts from when its last renewal was *sent*, not answered,
 * so that a slow answer cannot stretch it past the moment when another may take over.
 */
export class LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #timings: LeaseTimings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #random: () => number;
  /** The lease as last seen or written here, and when it was first seen so. */
  #observed: { readonly lease: Lease; readonly at: number } | undefined;
  /** While leading: until when, on the monotonic clock. */
  #heldUntil: number | undefined;
  /** While work runs, whether or not it still should: when the lease was last certainly ours. */
  #workingSince: number | undefined;
  #reportedLeader: string | undefined;

  constructor(options: LeaderElectorOptions) {
    const timings = options.timings ?? defaultLeaseTimings;
    if (timings.leaseDuration <= timings.renewDeadline)
      throw new RangeError('leaseDuration must be above renewDeadline');
    if (timings.renewDeadline <= timings.retryPeriod * JITTER_FACTOR) {
      throw new RangeError(`renewDeadline must be above ${JITTER_FACTOR} times retryPeriod`);
    }
    if (options.identity === '') throw new RangeError('the identity must not be empty');
    this.#options = options;
    this.#timings = timings;
    this.#clock = options.clock ?? realClock;
    this.#logger = options.logger ?? silentLogger;
    this.#random = options.random ?? Math.random;
  }

  /** Whether this process leads at this very moment. Right even if it was frozen and its timers are late. */
  get isLeader(): boolean {
    return this.#heldUntil !== undefined && this.#clock.monotonic() < this.#heldUntil;
  }

  /** Who holds the lease, as last seen here. */
  get leader(): string | undefined {
    return this.#observed?.lease.spec?.holderIdentity || undefined;
  }

  /** The lease, as last seen or written here. */
  get lease(): Lease | undefined {
    return this.#observed?.lease;
  }

  /**
   * False when work still runs although the lease has not been ours for `tolerance` milliseconds: it does not stop, and
   * the process had better be killed. For a liveness probe.
   */
  healthy(tolerance: number): boolean {
    if (this.#workingSince === undefined) return true;
    return this.#clock.monotonic() - this.#workingSince <= this.#timings.leaseDuration + tolerance;
  }

  /**
   * Seeks the lease, leads, and seeks it again when it was lost, until the signal aborts. Then the work is stopped (the
   * lease is renewed while it stops) and the lease is given up. Never rejects.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = await this.#tryAcquireOrRenew(signal);
      if (attempt.held && this.#clock.monotonic() < attempt.until) await this.#lead(attempt.until, signal);
      const wait = this.#timings.retryPeriod * (1 + this.#random() * JITTER_FACTOR);
      await this.#clock.sleep(wait, signal).catch(() => undefined);
    }
  }

  async #lead(until: number, signal: AbortSignal): Promise<void> {
    const { key, identity } = this.#options;
    const lease = formatKey(key);
    /** Aborts when the work has to stop. */
    const term = new AbortController();
    /** Aborts when there is nothing left to renew for. */
    const over = new AbortController();
    const lose = (why: string) => {
      this.#heldUntil = undefined;
      this.#logger.warn('lost the lease', { lease, identity, why });
      over.abort();
      term.abort(new LeadershipLostError(`${lease}: ${why}`));
    };
    const expire = () => lose('not renewed in time');
    const hold = (end: number) => {
      this.#heldUntil = end;
      this.#workingSince = this.#clock.monotonic();
      return this.#clock.setTimer(end - this.#clock.monotonic(), expire);
    };
    let expiry = hold(until);
    this.#logger.info('leading', { lease, identity });
    const work = this.#work(term, over, signal);

    while (!over.signal.aborted) {
      await this.#clock.sleep(this.#timings.retryPeriod, over.signal).catch(() => undefined);
      if (over.signal.aborted) break;
      const attempt = await this.#tryAcquireOrRenew(over.signal);
      if (over.signal.aborted) break;
      if (attempt.held) {
        expiry.cancel();
        expiry = hold(attempt.until);
      } else if (attempt.taken) {
        lose(`held by ${this.leader ?? 'somebody else'}`);
      }
    }
    expiry.cancel();
    const stillOurs = this.isLeader;
    this.#heldUntil = undefined;
    await work;
    this.#workingSince = undefined;
    if (stillOurs) await this.#release();
    this.#call(() => this.#options.onStoppedLeading?.());
  }

  /** Runs the work, and ends the term when the work failed, or has settled after it was told to stop. */
  async #work(term: AbortController, over: AbortController, signal: AbortSignal): Promise<void> {
    const stop = () => term.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#options.onStartedLeading(term.signal);
      if (!term.signal.aborted) await aborted(term.signal);
    } catch (error) {
      if (!term.signal.aborted) this.#logger.error("the leader's work failed", { error: describeError(error) });
      term.abort(error);
    } finally {
      signal.removeEventListener('abort', stop);
      over.abort();
    }
  }

  /** One try. Failures to reach the server are logged and count as not held. */
  async #tryAcquireOrRenew(signal: AbortSignal): Promise<Attempt> {
    try {
      return (await this.#renewOptimistically(signal)) ?? (await this.#acquire(signal));
    } catch (error) {
      if (!signal.aborted) {
        this.#logger.warn('cannot acquire or renew the lease', {
          lease: formatKey(this.#options.key),
          error: describeError(error),
        });
      }
      return { held: false, taken: false };
    } finally {
      this.#reportLeader();
    }
  }

  /** While we hold it, nobody else should have changed it: one request instead of two. */
  async #renewOptimistically(signal: AbortSignal): Promise<Attempt | undefined> {
    const observed = this.#observed;
    if (observed === undefined || this.leader !== this.#options.identity || this.#hasExpired()) return undefined;
    try {
      return await this.#write(observed.lease, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#logger.debug('renewing the lease the slow way', { error: describeError(error) });
      return undefined;
    }
  }

  async #acquire(signal: AbortSignal): Promise<Attempt> {
    const { leases, key, identity } = this.#options;
    let lease: Lease;
    try {
      lease = await leases.get(key, { signal, timeout: this.#requestTimeout });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return this.#write(undefined, signal);
    }
    this.#observe(lease);
    const holder = this.leader;
    if (holder !== undefined && holder !== identity && !this.#hasExpired()) return { held: false, taken: true };
    return this.#write(lease, signal);
  }

  /** Takes or renews the lease, if it is still as it was read. */
  async #write(before: Lease | undefined, signal: AbortSignal): Promise<Attempt> {
    const { leases, identity, labels } = this.#options;
    const { namespace, name } = this.#options.key;
    const sentAt = this.#clock.monotonic();
    const spec = heldBy(identity, before?.spec, this.#timings.leaseDuration, this.#clock.now());
    const options = { signal, timeout: this.#requestTimeout };
    const lease =
      before === undefined
        ? await leases.create(
            { metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) }, spec },
            options,
          )
        : await leases.replace({ ...before, metadata: this.#annotated(before), spec }, options);
    this.#observed = { lease, at: this.#clock.monotonic() };
    return { held: true, until: sentAt + this.#timings.renewDeadline };
  }

  /** Gives the lease up, if it is still ours. */
  async #release(): Promise<void> {
    const { leases, key, identity } = this.#options;
    const options = { timeout: this.#requestTimeout };
    try {
      for (let tries = 0; tries < 3; tries++) {
        const { lease } = this.#observed ?? {};
        if (lease === undefined || this.leader !== identity) return;
        try {
          const spec = givenUp(lease.spec, this.#clock.now());
          this.#observe(await leases.replace({ ...lease, metadata: this.#annotated(lease), spec }, options));
          return;
        } catch (error) {
          // A renewal that was broken off may have arrived after all.
          if (!isConflict(error)) throw error;
          this.#observe(await leases.get(key, options));
        }
      }
    } catch (error) {
      this.#logger.warn('cannot give up the lease', { lease: formatKey(key), error: describeError(error) });
    }
  }

  /** A holder that cannot say what to publish still holds the lease. */
  #annotated({ metadata }: Lease): Lease['metadata'] {
    let annotations: Readonly<Record<string, string>> | undefined;
    this.#call(() => {
      annotations = this.#options.annotations?.();
    });
    return annotations === undefined
      ? metadata
      : { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
  }

  #observe(lease: Lease): void {
    const unchanged = JSON.stringify(lease.spec) === JSON.stringify(this.#observed?.lease.spec);
    const at = unchanged ? this.#observed?.at : undefined;
    this.#observed = { lease, at: at ?? this.#clock.monotonic() };
  }

  #hasExpired(): boolean {
    if (this.#observed === undefined) return true;
    const { lease, at } = this.#observed;
    return at + (lease.spec?.leaseDurationSeconds ?? 0) * 1000 <= this.#clock.monotonic();
  }

  /** Two requests fit into the time that a holder has. */
  get #requestTimeout(): number {
    return this.#timings.renewDeadline / 2;
  }

  #reportLeader(): void {
    const { leader } = this;
    if (leader === undefined || leader === this.#reportedLeader) return;
    this.#reportedLeader = leader;
    this.#call(() => this.#options.onNewLeader?.(leader));
  }

  #call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#logger.error('a callback of the leader election threw', { error: describeError(error) });
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
