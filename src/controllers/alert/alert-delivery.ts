import {
  type AlertingRule,
  type Hit,
  OVERFLOW_KEY,
  overflowAlert,
  type PendingAlert,
  SEVERITIES,
} from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import type { Position } from '../../audit/index.ts';
import { Backoff, type Clock, describeError, isInvalid, type Logger } from '../../kube/index.ts';
import type { AlertWriter, Written } from './alert-writer.ts';

export interface AlertDeliveryOptions {
  readonly writer: Pick<AlertWriter, 'write' | 'positionOf'>;
  /** Whether the Alert is there, as far as is known. */
  readonly isKnown: (name: string) => boolean;
  /** Resolves when every Alert that there was at the time of the call is known. Rejects only with the signal's reason. */
  readonly catchUp: (signal: AbortSignal) => Promise<void>;
  readonly publish: (pending: PendingAlert, alert: Alert, hits: readonly Hit[], signal: AbortSignal) => Promise<void>;
  readonly metrics: AlertDeliveryMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AlertDeliveryMetrics {
  alertWrite(result: 'counted' | 'unchanged' | 'retried' | 'refused'): void;
  /** Matches of a rule found no room in Alerts of their own. */
  overflowed(rule: string, matches: number): void;
}

/** Alerts that are written at the same time. */
const WRITERS = 8;
/** An Alert that the API server calls invalid is given up after this many tries: it would hold up everything behind it. */
const MAX_INVALID = 3;

/**
 * Brings the Alerts of one partition's batches to the API server, however long it is away. One for each time that a partition
 * is followed: it remembers how far it was counted when it began.
 */
export class AlertDelivery {
  readonly #options: AlertDeliveryOptions;
  /** By rule: how far what found no room was counted in earlier terms. Nothing at or below was left uncounted. */
  readonly #floors = new Map<string, Position | undefined>();
  #caughtUp = false;
  #trouble: string | undefined;

  constructor(options: AlertDeliveryOptions) {
    this.#options = options;
  }

  /** Why Alerts cannot be written at the moment. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Resolves when all Alerts are written, and their Events on their way. Rejects only with the signal's reason.
   *
   * What finds no room is written last, when everything else of the batch is: so its position says that everything up to there
   * was counted, here or there, and an Alert that is created later counts only what comes after (semantics 12).
   *
   * What is read again may be counted already in an Alert that somebody else has created and that this replica has not heard
   * of: without room, it would be counted again in the other one. So it catches up before the first of all.
   */
  async deliver(alerts: Iterable<PendingAlert>, partition: string, signal: AbortSignal): Promise<void> {
    const pending = [...alerts];
    if (pending.length > 0 && !this.#caughtUp) {
      await this.#options.catchUp(signal);
      this.#caughtUp = true;
    }
    const without = new Map<AlertingRule, PendingAlert[]>();
    await concurrently(this.#inOrder(pending), async (pending) => {
      if ((await this.#deliverOne(pending, partition, signal)) !== 'no-room') return;
      const others = without.get(pending.rule);
      if (others === undefined) without.set(pending.rule, [pending]);
      else others.push(pending);
    });
    await concurrently(without, async ([rule, pendings]) => {
      const overflow = overflowAlert(rule, pendings);
      this.#options.metrics.overflowed(rule.name, overflow.hits.length);
      await this.#deliverOne(overflow, partition, signal);
    });
  }

  /** News before what is known already, and the worst first: writes take their time when there are many. */
  #inOrder(alerts: readonly PendingAlert[]): readonly PendingAlert[] {
    const rank = ({ name, rule }: PendingAlert): number =>
      (this.#options.isKnown(name) ? 0 : SEVERITIES.length) + SEVERITIES.indexOf(rule.severity);
    return alerts
      .map((pending) => [rank(pending), pending] as const)
      .sort(([a], [b]) => b - a)
      .map(([, pending]) => pending);
  }

  async #deliverOne(pending: PendingAlert, partition: string, signal: AbortSignal): Promise<Written['result']> {
    const { publish, metrics, clock, logger } = this.#options;
    const backoff = new Backoff({ initial: 200, max: 10_000, resetAfter: 60_000 }, clock, Math.random);
    for (let invalid = 0; ; ) {
      try {
        const written = await this.#write(pending, partition, signal);
        this.#trouble = undefined;
        if (written.result !== 'no-room') metrics.alertWrite(written.result);
        if (written.result === 'counted') await publish(pending, written.alert, written.hits, signal);
        return written.result;
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
          return 'unchanged';
        }
        metrics.alertWrite('retried');
        await clock.sleep(backoff.next(), signal);
      }
    }
  }

  async #write(pending: PendingAlert, partition: string, signal: AbortSignal): Promise<Written> {
    const { writer } = this.#options;
    const { rule } = pending;
    if (!this.#floors.has(rule.name)) {
      const overflow = { rule, key: OVERFLOW_KEY };
      this.#floors.set(rule.name, await writer.positionOf(overflow, partition, signal));
    }
    return await writer.write(pending, { partition, floor: this.#floors.get(rule.name) }, signal);
  }
}

async function concurrently<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const next = async (): Promise<void> => {
    for (let item = waiting.next(); item.done !== true; item = waiting.next()) await work(item.value);
  };
  await Promise.all(Array.from({ length: WRITERS }, next));
}
