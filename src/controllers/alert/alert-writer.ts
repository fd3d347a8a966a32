import {
  alertName,
  type Counting,
  counted,
  type Finding,
  finding,
  type Hit,
  hasNews,
  isSameGroup,
  type PendingAlert,
  positionIn,
  triagedStatus,
} from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import type { Position } from '../../audit/index.ts';
import { type Clock, isAlreadyExists, isConflict, isNotFound, type Resource } from '../../kube/index.ts';
import type { AlertCensus } from './alert-census.ts';
import { BoundedMap } from './bounded-map.ts';

export interface AlertWriterOptions {
  readonly alerts: Pick<Resource<Alert>, 'get' | 'create' | 'replaceStatus'>;
  readonly census: Pick<AlertCensus, 'get' | 'reserve' | 'release'>;
  /** Resolves when the next write may be made. */
  readonly mayWrite: (signal: AbortSignal) => Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The place in the log that hits are from. */
export interface HitOrigin {
  readonly partition: string;
  /** Hits at or below it were counted already, in this Alert or in another one. */
  readonly floor: Position | undefined;
}

/** What became of hits. */
export type Written =
  /** Some had not been counted before, and are now. */
  | { readonly result: 'counted'; readonly alert: Alert; readonly hits: readonly Hit[] }
  | { readonly result: 'unchanged' }
  /** There is no such Alert, and no room for another one. */
  | { readonly result: 'no-room' };

/** How many objects that are no Alert of the group may already have its name, by chance or by somebody's intent. */
const MAX_SALT = 8;
/** Alerts whose newest version is remembered, so that the next write needs no GET. */
const REMEMBERED = 2000;

/**
 * Writes Alerts under resourceVersion: creates them, then counts in their status. Stateless but for a cache: whatever was
 * written before a crash, by this replica or another, the same hits are counted once (see `counted`).
 */
export class AlertWriter {
  readonly #options: AlertWriterOptions;
  /** `outdated`: it is there, or was a moment ago, whatever the census knows; read it before anything is concluded. */
  readonly #newest = new BoundedMap<string, Alert | 'outdated'>(REMEMBERED);

  constructor(options: AlertWriterOptions) {
    this.#options = options;
  }

  /** Counts the hits. Throws what the API client throws, but for conflicts, which it resolves; then nothing or all is counted. */
  async write(pending: PendingAlert, origin: HitOrigin, signal: AbortSignal): Promise<Written> {
    const wanted = finding(pending.rule, pending.key);
    const counting = countingOf(pending, origin);
    if (!hasNews(counting)) return { result: 'unchanged' };
    for (;;) {
      signal.throwIfAborted();
      const alert = await this.#findOrCreate(pending, wanted, signal);
      if (alert === undefined) return { result: 'no-room' };
      const { status, hits } = counted(alert.status, counting);
      if (hits.length === 0) return { result: 'unchanged' };
      try {
        await this.#options.mayWrite(signal);
        const now = this.#options.clock.now();
        const changed = { ...alert, status: triagedStatus(alert, status, now) };
        const written = await this.#options.alerts.replaceStatus(changed, { signal });
        this.#newest.set(written.metadata.name, written);
        return { result: 'counted', alert: written, hits };
      } catch (error) {
        // Somebody else wrote it, or deleted it, since it was read: read it again.
        if (!isConflict(error) && !isNotFound(error)) throw error;
        this.#newest.set(alert.metadata.name, 'outdated');
      }
    }
  }

  /** How far an Alert has counted a partition. It is read anew: another replica may have counted last. */
  async positionOf(
    pending: Pick<PendingAlert, 'rule' | 'key'>,
    partition: string,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    const wanted = finding(pending.rule, pending.key);
    for (let salt = 0; salt < MAX_SALT; salt++) {
      const alert = await this.#read(alertName(pending.rule.name, pending.key, salt), signal);
      if (alert === undefined) return undefined;
      if (isSameGroup(alert.finding, wanted)) return positionIn(alert.status, partition);
    }
    return undefined;
  }

  /** Undefined where there is neither the Alert nor room for it. */
  async #findOrCreate(pending: PendingAlert, wanted: Finding, signal: AbortSignal): Promise<Alert | undefined> {
    const { census } = this.#options;
    for (let salt = 0; salt < MAX_SALT; salt++) {
      const name = alertName(pending.rule.name, pending.key, salt);
      const newest = this.#newest.get(name) ?? (census.get(name) === undefined ? undefined : 'outdated');
      const known = newest === 'outdated' ? await this.#read(name, signal) : newest;
      const alert = known ?? (await this.#create(name, wanted, signal));
      if (alert === undefined) return undefined;
      this.#newest.set(name, alert);
      if (isSameGroup(alert.finding, wanted)) return alert;
    }
    throw new Error(
      `${MAX_SALT} objects have names of the Alert ${alertName(pending.rule.name, pending.key)} and are not it`,
    );
  }

  /** Creates the Alert if there is room, or reads it if somebody else created it meanwhile. */
  async #create(name: string, wanted: Finding, signal: AbortSignal): Promise<Alert | undefined> {
    const { alerts, census, mayWrite } = this.#options;
    const owner = { rule: wanted.rule.name, actor: wanted.actor };
    for (;;) {
      if (wanted.overflow !== true && !census.reserve(name, owner)) return undefined;
      try {
        await mayWrite(signal);
        return await alerts.create({ metadata: { name }, finding: wanted }, { signal });
      } catch (error) {
        census.release(name);
        if (!isAlreadyExists(error)) throw error;
      }
      const alert = await this.#read(name, signal);
      if (alert !== undefined) return alert;
    }
  }

  async #read(name: string, signal: AbortSignal): Promise<Alert | undefined> {
    try {
      return await this.#options.alerts.get({ name }, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function countingOf({ key, hits, evidence }: PendingAlert, { partition, floor }: HitOrigin): Counting {
  return { partition, floor, hits, evidence, anyActor: key.actor === undefined };
}
