import {
  alertName,
  type Counting,
  counted,
  type Finding,
  finding,
  type Hit,
  isSameGroup,
  type PendingAlert,
} from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import { isAlreadyExists, isConflict, isNotFound, type Resource } from '../../kube/index.ts';
import { BoundedMap } from './bounded-map.ts';

/** An Alert after hits were counted in it. */
export interface WrittenAlert {
  readonly alert: Alert;
  /** The hits that this write counted; none where all of them had been counted before. */
  readonly hits: readonly Hit[];
}

/** How many objects that are no Alert of the group may already have its name, by chance or by somebody's intent. */
const MAX_SALT = 8;
/** Alerts whose newest version is remembered, so that the next write needs no GET. */
const REMEMBERED = 2000;

/**
 * Writes Alerts under resourceVersion: creates them, then counts in their status. Stateless but for a cache: whatever was
 * written before a crash, by this replica or another, the same hits are counted once (see `counted`).
 */
export class AlertWriter {
  readonly #alerts: Resource<Alert>;
  readonly #newest = new BoundedMap<string, Alert>(REMEMBERED);

  constructor(alerts: Resource<Alert>) {
    this.#alerts = alerts;
  }

  /** Counts the hits. Throws what the API client throws, but for conflicts, which it resolves; then nothing or all is counted. */
  async write(pending: PendingAlert, partition: string, signal: AbortSignal): Promise<WrittenAlert> {
    const wanted = finding(pending.rule, pending.key);
    for (;;) {
      signal.throwIfAborted();
      const alert = await this.#find(pending, wanted, signal);
      const { status, hits } = counted(alert.status, countingOf(pending, partition));
      if (hits.length === 0) return { alert, hits };
      try {
        const written = await this.#alerts.replaceStatus({ ...alert, status }, { signal });
        this.#newest.set(written.metadata.name, written);
        return { alert: written, hits };
      } catch (error) {
        // Somebody else wrote it, or deleted it, since it was read: read it again.
        if (!isConflict(error) && !isNotFound(error)) throw error;
        this.#newest.delete(alert.metadata.name);
      }
    }
  }

  async #find(pending: PendingAlert, wanted: Finding, signal: AbortSignal): Promise<Alert> {
    for (let salt = 0; salt < MAX_SALT; salt++) {
      const name = alertName(pending.rule.name, pending.key, salt);
      const alert = this.#newest.get(name) ?? (await this.#getOrCreate(name, wanted, signal));
      this.#newest.set(name, alert);
      if (isSameGroup(alert.finding, wanted)) return alert;
    }
    throw new Error(
      `${MAX_SALT} objects have names of the Alert ${alertName(pending.rule.name, pending.key)} and are not it`,
    );
  }

  async #getOrCreate(name: string, wanted: Finding, signal: AbortSignal): Promise<Alert> {
    for (;;) {
      try {
        return await this.#alerts.get({ name }, { signal });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      try {
        return await this.#alerts.create({ metadata: { name }, finding: wanted }, { signal });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    }
  }
}

function countingOf({ key, hits, evidence }: PendingAlert, partition: string): Counting {
  return { partition, hits, evidence, anyActor: key.actor === undefined };
}
