import {
  type Clock,
  describeError,
  isConflict,
  isNotFound,
  type Lease,
  type Logger,
  type Resource,
} from '../../kube/index.ts';
import { COMPONENT_LABEL, REPLICA_COMPONENT } from './lease-labels.ts';
import { encodeRulesReport, RULES_ANNOTATION, type RulesReport } from './rules-report.ts';

export interface ReplicaPublisherOptions {
  readonly leases: Resource<Lease>;
  readonly namespace: string;
  readonly replica: string;
  /** What runs now. */
  readonly report: () => RulesReport;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Seconds after which a replica that no longer renews its Lease counts as gone. */
export const REPLICA_LEASE_SECONDS = 40;
/** Milliseconds. */
const RENEW_EVERY = 10_000;
/** Milliseconds in which several changes become one write. */
const SETTLE = 100;
const RETRY_AFTER = 2_000;

/** Keeps this replica's Lease: it says that the replica lives, and in an annotation which rules it runs. */
export class ReplicaPublisher {
  readonly #options: ReplicaPublisherOptions;
  #changed = Promise.withResolvers<void>();

  constructor(options: ReplicaPublisherOptions) {
    this.#options = options;
  }

  /** What runs has changed: publish it soon. */
  changed(): void {
    this.#changed.resolve();
  }

  /** Publishes until the signal aborts, then takes the Lease away. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      let wait = RENEW_EVERY;
      this.#changed = Promise.withResolvers();
      try {
        await this.#write(signal);
      } catch (error) {
        if (signal.aborted) break;
        logger.warn('cannot publish what this replica runs', { error: describeError(error) });
        wait = RETRY_AFTER;
      }
      const pause = clock.sleep(wait, signal).catch(() => undefined);
      await Promise.race([pause, this.#changed.promise.then(() => clock.sleep(SETTLE, signal)).catch(() => undefined)]);
    }
    await this.#withdraw();
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { leases, report, clock } = this.#options;
    const renewTime = new Date(clock.now()).toISOString().replace('Z', '000Z');
    const wanted = {
      metadata: {
        ...this.#key,
        labels: { [COMPONENT_LABEL]: REPLICA_COMPONENT },
        annotations: { [RULES_ANNOTATION]: encodeRulesReport(report()) },
      },
      spec: { holderIdentity: this.#options.replica, leaseDurationSeconds: REPLICA_LEASE_SECONDS, renewTime },
    };
    try {
      const current = await leases.get(this.#key, { signal });
      const metadata = { ...current.metadata, ...wanted.metadata };
      await leases.replace({ ...current, ...wanted, metadata }, { signal });
    } catch (error) {
      // A conflict: somebody else took the Lease away or touched it; the next round puts it right.
      if (isNotFound(error)) await leases.create(wanted, { signal });
      else if (!isConflict(error)) throw error;
    }
  }

  async #withdraw(): Promise<void> {
    try {
      await this.#options.leases.delete(this.#key, { timeout: 2_000 });
    } catch (error) {
      if (!isNotFound(error)) {
        this.#options.logger.debug('cannot take the Lease away; it expires', { error: describeError(error) });
      }
    }
  }

  get #key(): { readonly namespace: string; readonly name: string } {
    return { namespace: this.#options.namespace, name: `replica-${this.#options.replica}` };
  }
}
