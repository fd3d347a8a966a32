import { decodeEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { RecordReader } from '../journal/record-reader.ts';
import { HEADER_LENGTH } from '../journal/segment-format.ts';
import { RecentKeys } from './recent-keys.ts';

export interface WindowLimits {
  /** How many deliveries are remembered; at least half of that once there were as many. */
  readonly deliveries: number;
  /** How much of the journal is read again at the start. */
  readonly rebuildBytes: number;
}

/** A million deliveries take 32 MiB; they are what an API server sends in four minutes at the highest rate by default. */
const WINDOW_LIMITS: WindowLimits = Object.freeze({
  deliveries: 2 ** 20,
  rebuildBytes: 512 * 1024 * 1024,
});

/**
 * Knows what is in the journal, so that what is delivered again is not taken twice. Bounded: an older delivery is not
 * recognised. There is one window for a journal; it learns from the journal what became of what was appended.
 */
export class DeliveryWindow {
  readonly #safe: RecentKeys;
  /** Appended, and not known to be safe yet. */
  readonly #underWay = new Set<string>();

  /** Reads the newest part of the journal. */
  static async open(journal: Journal, limits: WindowLimits = WINDOW_LIMITS): Promise<DeliveryWindow> {
    const window = new DeliveryWindow(limits.deliveries);
    journal.onSettled((contents, safe) => window.#settle(contents, safe));
    await window.#rebuild(journal, limits.rebuildBytes);
    return window;
  }

  private constructor(deliveries: number) {
    this.#safe = new RecentKeys(deliveries);
  }

  /** How many deliveries it knows. */
  get size(): number {
    return this.#safe.size + this.#underWay.size;
  }

  /** A delivery that is known may not be safe yet: whoever relies on it has to commit as well. */
  has(key: Buffer): boolean {
    return this.#safe.has(key) || this.#underWay.has(key.toString('latin1'));
  }

  /** To be called once the event was appended, before anything else is waited for. */
  appended(key: Buffer): void {
    this.#underWay.add(key.toString('latin1'));
  }

  #settle(contents: readonly Buffer[], safe: boolean): void {
    for (const content of contents) {
      const entry = decodeEntry(content);
      if (entry?.kind !== 'event') continue;
      this.#underWay.delete(entry.key.toString('latin1'));
      if (safe) this.#safe.add(entry.key);
    }
  }

  async #rebuild(journal: Journal, bytes: number): Promise<void> {
    let left = bytes;
    const newest = journal.segments
      .toReversed()
      .filter(({ header, length }) => header !== undefined && (left -= length) >= 0);
    for (const segment of newest.reverse()) {
      const file = await journal.openSegment(segment);
      try {
        const reader = new RecordReader(file, segment.seed, HEADER_LENGTH);
        do {
          for (let step = reader.take(); step !== undefined; step = reader.take()) {
            if (step.kind === 'record') this.#settle([step.content], true);
          }
        } while (await reader.fill(segment.length));
      } finally {
        await file.close();
      }
    }
  }
}
