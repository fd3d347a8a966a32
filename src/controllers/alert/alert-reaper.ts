import type { Alert } from '../../api/alert.generated.ts';
import {
  type Clock,
  describeError,
  isConflict,
  isNotFound,
  type Logger,
  type Resource,
  TokenBucket,
} from '../../kube/index.ts';
import type { Expiry } from './retention-of.ts';
import type { SlimAlert } from './slim-alert.ts';

export interface AlertReaperOptions {
  readonly alerts: Pick<Resource<Alert>, 'delete'>;
  readonly all: () => Iterable<SlimAlert>;
  readonly expiry: Expiry;
  readonly metrics: { alertExpired(): void };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds between looks. */
const EVERY = 10_000;
/** Deletes per second. */
const RATE = { qps: 10, burst: 10 };

/**
 * Deletes Alerts whose ttl has run out; the leader's work. Each only as it was looked at: if it counted something meanwhile,
 * or somebody wrote into it, it stays.
 */
export class AlertReaper {
  readonly #options: AlertReaperOptions;
  readonly #rate: TokenBucket;

  constructor(options: AlertReaperOptions) {
    this.#options = options;
    this.#rate = new TokenBucket(RATE, options.clock);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await this.#reap(signal).catch(() => undefined);
      await clock.sleep(EVERY, signal).catch(() => undefined);
    }
  }

  async #reap(signal: AbortSignal): Promise<void> {
    const { all, expiry, clock } = this.#options;
    const now = clock.now();
    for (const alert of all()) {
      const end = expiry(alert);
      if (end === undefined || end > now || alert.metadata.deletionTimestamp !== undefined) continue;
      await this.#rate.take(signal);
      await this.#delete(alert, signal);
    }
  }

  async #delete({ metadata: { name, uid, resourceVersion } }: SlimAlert, signal: AbortSignal): Promise<void> {
    const { alerts, metrics, logger } = this.#options;
    if (uid === undefined || resourceVersion === undefined) return;
    try {
      await alerts.delete({ name }, { preconditions: { uid, resourceVersion }, signal });
      metrics.alertExpired();
    } catch (error) {
      signal.throwIfAborted();
      if (isNotFound(error) || isConflict(error)) return;
      logger.warn('an expired Alert could not be deleted; it is tried again', {
        alert: name,
        error: describeError(error),
      });
    }
  }
}
