import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MalformedBody } from '../../../src/audit/decode/malformed-body.ts';
import {
  comparePositions,
  Journal,
  JournalSource,
  ORIGIN,
  type Position,
  type SourceCheckpoint,
} from '../../../src/audit/index.ts';
import { JournalRefused } from '../../../src/audit/journal/journal-refused.ts';
import { Delivery } from '../../../src/audit/webhook/delivery.ts';
import { DeliveryWindow } from '../../../src/audit/webhook/delivery-window.ts';
import { LargeItems } from '../../../src/audit/webhook/large-items.ts';
import { FakeDisk, type PowerLoss } from './fake-disk.ts';
import { eventLine } from './log-directory.ts';

export type Operation =
  /** A new batch is made; it is delivered until it was acknowledged. */
  | { readonly do: 'log'; readonly events: number }
  /** Each batch that was not acknowledged is delivered, broken off after a share of it where that is below 1. */
  | { readonly do: 'deliver'; readonly share: number }
  /** The last answer is lost on its way. */
  | { readonly do: 'forget an answer' }
  | { readonly do: 'lose power'; readonly loss: PowerLoss }
  | { readonly do: 'restart' }
  | { readonly do: 'fail'; readonly operation: 'write' | 'sync' | 'truncate' | 'create' | 'syncDirectory' }
  | { readonly do: 'fill the disk'; readonly room: number }
  | { readonly do: 'heal the disk' }
  | { readonly do: 'pass time' };

export interface Step {
  readonly operation: Operation;
  readonly turns: number;
}

interface Sent {
  readonly first: number;
  readonly events: number;
  state: 'waiting' | 'on its way' | 'acknowledged';
}

const LIMITS = { segmentBytes: 1500, pendingBytes: 2000, retryAfter: 100 };
const MICROS = Date.UTC(2026, 10, 24) * 1000;

/**
 * An API server that delivers each of its batches until it is acknowledged, and what must come out: every event exactly
 * once, whatever fails and crashes in between.
 */
export class DeliveryModel {
  #time = 0;
  readonly #disk = new FakeDisk(() => this.#time);
  readonly #batches: Sent[] = [];
  #logged = 0;
  #era = 0;
  #journal: Journal | undefined;
  #window: DeliveryWindow | undefined;
  #deliveries: Promise<void>[] = [];
  #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();
  readonly #counted: string[] = [];
  /** To make room, what was consumed is removed: what is then delivered again after a restart is not recognised. */
  #windowHarmed = false;
  #countedTo: Position = ORIGIN;
  #checkpoint: SourceCheckpoint | undefined;

  async run(steps: readonly Step[]): Promise<void> {
    await this.#start();
    for (const { operation, turns } of steps) {
      await this.#apply(operation);
      for (let turn = 0; turn < turns; turn++) await nextTurn();
    }
    await this.#finish();
    const expected = Array.from({ length: this.#logged }, (_, i) => String(i));
    const counted = this.#windowHarmed ? [...new Set(this.#counted)] : this.#counted;
    assert.deepEqual(
      counted.toSorted((a, b) => Number(a) - Number(b)),
      expected,
    );
  }

  async #apply(operation: Operation): Promise<void> {
    switch (operation.do) {
      case 'log':
        this.#batches.push({ first: this.#logged, events: operation.events, state: 'waiting' });
        this.#logged += operation.events;
        return;
      case 'deliver':
        for (const batch of this.#batches) {
          if (batch.state === 'waiting') this.#deliveries.push(this.#deliver(batch, operation.share));
        }
        return;
      case 'forget an answer': {
        const last = this.#batches.findLast(({ state }) => state === 'acknowledged');
        if (last !== undefined) last.state = 'waiting';
        return;
      }
      case 'lose power':
        this.#era += 1;
        for (const batch of this.#batches) if (batch.state === 'on its way') batch.state = 'waiting';
        await this.#stopReading();
        this.#deliveries = [];
        this.#disk.losePower(operation.loss);
        this.#disk.heal();
        return await this.#start();
      case 'restart':
        await Promise.all(this.#deliveries.splice(0));
        await this.#stopReading();
        await this.#journal?.close();
        this.#disk.heal();
        return await this.#start();
      case 'fail':
        return this.#disk.fail(operation.operation);
      case 'fill the disk':
        this.#windowHarmed = true;
        this.#disk.quota = this.#disk.used + operation.room;
        return;
      case 'heal the disk':
        return this.#disk.heal();
      case 'pass time':
        this.#time += LIMITS.retryAfter;
        return;
      default:
        return operation satisfies never;
    }
  }

  async #deliver(sent: Sent, share: number): Promise<void> {
    const era = this.#era;
    sent.state = 'on its way';
    const lines = Array.from({ length: sent.events }, (_, i) =>
      eventLine(String(sent.first + i), MICROS + sent.first + i),
    );
    const body = Buffer.from(`{"kind":"EventList","items":[${lines.join(',')}]}`);
    try {
      const delivery = new Delivery({
        journal: this.#journal!,
        window: this.#window!,
        format: 'Kubernetes',
        origin: '',
        largeItems: new LargeItems(1),
        itemBytes: 1e6,
      });
      await delivery.take(pieces(body.subarray(0, Math.floor(body.length * share))));
      if (era === this.#era) sent.state = 'acknowledged';
    } catch (error) {
      if (!(error instanceof JournalRefused || error instanceof MalformedBody)) throw error;
      if (era === this.#era) sent.state = 'waiting';
    }
  }

  async #start(): Promise<void> {
    this.#journal = await Journal.open({
      files: this.#disk.mount(),
      limits: LIMITS,
      consumed: this.#checkpoint?.position,
      clock: { now: () => this.#time, monotonic: () => this.#time },
    });
    this.#window = await DeliveryWindow.open(this.#journal);
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const source = new JournalSource({
      journal: this.#journal,
      resume: this.#checkpoint,
      pause: async () => await nextTurn(),
    });
    this.#reading = this.#read(source, signal);
  }

  async #read(source: JournalSource, signal: AbortSignal): Promise<void> {
    for await (const batch of source.batches(signal)) {
      if (signal.aborted) return;
      for (const { event, position } of batch.records) {
        if (comparePositions(position, this.#countedTo) <= 0) continue;
        this.#counted.push(event.auditID ?? '');
        this.#countedTo = position;
      }
      this.#checkpoint = source.checkpoint(batch);
    }
  }

  async #stopReading(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #finish(): Promise<void> {
    this.#disk.heal();
    for (let attempt = 0; this.#batches.some(({ state }) => state !== 'acknowledged'); attempt++) {
      assert.ok(attempt < 20, 'it does not recover');
      this.#time += LIMITS.retryAfter;
      await this.#apply({ do: 'deliver', share: 1 });
      await Promise.all(this.#deliveries.splice(0));
    }
    while (comparePositions(this.#checkpoint?.position ?? ORIGIN, this.#journal!.end) < 0) await nextTurn();
    await this.#stopReading();
    await this.#journal?.close();
  }
}

async function* pieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 300) {
    await nextTurn();
    yield body.subarray(at, at + 300);
  }
}
