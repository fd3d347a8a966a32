import type { Hit, PendingAlert } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import { Backoff, type Clock, describeError, isInvalid, type Logger } from '../../kube/index.ts';
import type { WrittenAlert } from './alert-writer.ts';

export interface AlertDeliveryOptions {
  readonly write: (pending: PendingAlert, partition: string, signal: AbortSignal) => Promise<WrittenAlert>;
  readonly publish: (pending: PendingAlert, alert: Alert, hits: readonly Hit[], signal: AbortSignal) => Promise<void>;
  readonly metrics: AlertDeliveryMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AlertDeliveryMetrics {
  alertWrite(result: 'counted' | 'unchanged' | 'retried' | 'refused'): void;
}

/** Alerts that are written at the same time. */
const WRITERS = 8;
/** An Alert that the API server calls invalid is given up after this many tries: it would hold up everything behind it. */
const MAX_INVALID = 3;

/** Brings the Alerts of a batch to the API server, however long it is away. */
export class AlertDelivery {
  readonly #options: AlertDeliveryOptions;
  #trouble: string | undefined;

  constructor(options: AlertDeliveryOptions) {
    this.#options = options;
  }

  /** Why Alerts cannot be written at the moment. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Resolves when all Alerts are written, and their Events on their way. Rejects only with the signal's reason. */
  async deliver(alerts: Iterable<PendingAlert>, partition: string, signal: AbortSignal): Promise<void> {
    const waiting = alerts[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
        await this.#deliverOne(next.value, partition, signal);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, work));
  }

  async #deliverOne(pending: PendingAlert, partition: string, signal: AbortSignal): Promise<void> {
    const { write, publish, metrics, clock, logger } = this.#options;
    const backoff = new Backoff({ initial: 200, max: 10_000, resetAfter: 60_000 }, clock, Math.random);
    for (let invalid = 0; ; ) {
      try {
        const { alert, hits } = await write(pending, partition, signal);
        this.#trouble = undefined;
        metrics.alertWrite(hits.length === 0 ? 'unchanged' : 'counted');
        await publish(pending, alert, hits, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#trouble = `Alerts cannot be written: ${describeError(error)}`;
        logger.warn('an Alert could not be written; trying again', {
          rule: pending.rule.name,
          error: describeError(error),
        });
        if (isInvalid(error) && ++invalid >= MAX_INVALID) {
          metrics.alertWrite('refused');
          logger.error('the API server refuses an Alert as invalid: its matches are lost', {
            rule: pending.rule.name,
            matches: pending.hits.length,
            error: describeError(error),
          });
          return;
        }
        metrics.alertWrite('retried');
        await clock.sleep(backoff.next(), signal);
      }
    }
  }
}
