import { ItemSplitter } from '../decode/item-splitter.ts';
import type { AuditFormat } from '../formats/audit-format.ts';
import { type Found, readEvents } from '../formats/read-events.ts';
import { type DeliveryError, encodeErrors, encodeEvent } from '../journal/entry.ts';
import type { Journal, JournalBatch } from '../journal/journal.ts';
import { deliveryKey } from './delivery-key.ts';
import type { DeliveryWindow } from './delivery-window.ts';
import type { LargeItems } from './large-items.ts';

export interface DeliveryContext {
  readonly journal: Journal;
  readonly window: DeliveryWindow;
  readonly format: AuditFormat;
  /** Which API server it comes from, or ''. */
  readonly origin: string;
  /** Shared by all deliveries. */
  readonly largeItems: LargeItems;
  /** Bytes of an event; more is taken without its bodies. */
  readonly itemBytes: number;
}

/** An item that is longer has to have a place among the large ones. */
const LARGE = 256 * 1024;

/** Takes one body of any length into the journal, event by event. What it counts is right at any time. */
export class Delivery {
  /** Events that were appended to the journal. */
  accepted = 0;
  /** Events that were in the journal already. */
  duplicates = 0;
  /** What is not about requests to the API server. */
  ignored = 0;
  /** Of the body, uncompressed. */
  bytes = 0;
  /** Whole values at the outermost level of the body. */
  values = 0;
  readonly errors: Partial<Record<DeliveryError, number>> = {};
  readonly #context: DeliveryContext;
  readonly #batch: JournalBatch;

  constructor(context: DeliveryContext) {
    this.#context = context;
    this.#batch = context.journal.batch();
  }

  /**
   * Resolves once everything is safe. Rejects with `MalformedBody`, `JournalRefused`, or as the body does; then a part of
   * it may be in the journal, and is recognised when it is delivered again.
   */
  async take(body: AsyncIterable<Buffer>): Promise<void> {
    const splitter = new ItemSplitter(this.#context.itemBytes);
    let release: (() => void) | undefined;
    try {
      for await (const piece of body) {
        this.bytes += piece.length;
        await this.#takeItems(splitter, piece);
        if (splitter.held <= LARGE) {
          release?.();
          release = undefined;
        } else release ??= await this.#context.largeItems.acquire();
      }
    } finally {
      release?.();
    }
    splitter.end();
    this.values = splitter.values;
    await this.#commit();
  }

  async #takeItems(splitter: ItemSplitter, piece: Buffer): Promise<void> {
    splitter.push(piece);
    for (let item = splitter.next(); item !== undefined; item = splitter.next()) {
      for (const found of readEvents(item, this.#context.format)) {
        const room = this.#takeFound(found);
        if (room !== undefined) await room;
      }
    }
  }

  /** A promise where to wait before the next one. */
  #takeFound(found: Found): Promise<void> | undefined {
    if (found.kind === 'ignored') this.ignored += 1;
    else if (found.kind === 'error') this.errors[found.reason] = (this.errors[found.reason] ?? 0) + 1;
    else return this.#takeEvent(found);
    return undefined;
  }

  #takeEvent({ event, text, stripped }: Extract<Found, { kind: 'event' }>): Promise<void> | undefined {
    const { window, origin } = this.#context;
    const key = deliveryKey(event, text);
    if (window.has(key)) {
      this.duplicates += 1;
      return undefined;
    }
    const room = this.#batch.append(encodeEvent({ key, origin, event: text, stripped }));
    window.appended(key);
    this.accepted += 1;
    return room;
  }

  /** What could not be read goes into the journal as well: once, with the delivery that was whole. */
  async #commit(): Promise<void> {
    if (Object.keys(this.errors).length > 0) await this.#batch.append(encodeErrors(this.errors));
    await this.#batch.commit();
  }
}
