import { ReceiptTimes } from './receipt-times.ts';

/** What a {@link RequestLedger} stores with a checkpoint. Plain JSON. */
export interface LedgerSnapshot {
  /** Per request: its identity, when it was received (µs), and the rules that counted it. Oldest first. */
  readonly requests: readonly LedgerEntry[];
  /** Requests received up to here (µs) may have been counted without being in the ledger. */
  readonly horizon: number;
  /** Entries forgotten for lack of room. */
  readonly evicted: number;
}

type LedgerEntry = readonly [identity: string, received: number, rules: readonly string[]];

interface OpenRequest {
  readonly received: number;
  readonly rules: Set<string>;
}

/**
 * Remembers which rules counted which requests that are still running. Bounded: beyond its capacity (in pairs of
 * request and rule) the oldest requests are forgotten and counted, and the horizon says up to when memory is incomplete.
 */
export class RequestLedger {
  readonly #capacity: number;
  readonly #open = new Map<string, OpenRequest>();
  /** When the requests in `#open` were received. */
  readonly #times = new ReceiptTimes();
  #pairs = 0;
  #horizon: number;
  #evicted: number;
  #snapshot: LedgerSnapshot | undefined;

  /** A new ledger starts with an incomplete memory of everything received up to `horizon`. */
  constructor(capacity: number, from: LedgerSnapshot | { readonly horizon: number }) {
    this.#capacity = Math.max(1, capacity);
    this.#horizon = from.horizon;
    this.#evicted = 'evicted' in from ? from.evicted : 0;
    for (const [identity, received, rules] of 'requests' in from ? from.requests : []) {
      for (const rule of rules) this.remember(identity, received, rule);
    }
  }

  get size(): number {
    return this.#pairs;
  }

  get evicted(): number {
    return this.#evicted;
  }

  counted(identity: string, rule: string): boolean {
    return this.#open.get(identity)?.rules.has(rule) ?? false;
  }

  /** Whether a request that was received so many µs after a full minute may be in the ledger. */
  mayKnow(inMinute: number): boolean {
    return this.#times.mayHave(inMinute);
  }

  /** Whether a request received then (µs) would be in the ledger, had it been counted. */
  covers(received: number): boolean {
    return received > this.#horizon;
  }

  remember(identity: string, received: number, rule: string): void {
    let request = this.#open.get(identity);
    if (request === undefined) {
      this.#open.set(identity, (request = { received, rules: new Set() }));
      this.#times.add(received);
    }
    if (request.rules.has(rule)) return;
    request.rules.add(rule);
    this.#pairs += 1;
    this.#snapshot = undefined;
    this.#evict(identity);
  }

  /** The request has ended: no later stage of it will come. */
  forget(identity: string): void {
    const request = this.#open.get(identity);
    if (request === undefined) return;
    this.#open.delete(identity);
    this.#times.delete(request.received);
    this.#pairs -= request.rules.size;
    this.#snapshot = undefined;
  }

  /**
   * The same object until something changes. @param limit keeps it small: of the requests, only the newest are in it,
   * and the horizon says so.
   */
  snapshot(limit = Number.POSITIVE_INFINITY): LedgerSnapshot {
    const whole = (this.#snapshot ??= Object.freeze({
      requests: [...this.#open].map(([identity, { received, rules }]): LedgerEntry => [identity, received, [...rules]]),
      horizon: this.#horizon,
      evicted: this.#evicted,
    }));
    if (whole.requests.length <= limit) return whole;
    const omitted = whole.requests.slice(0, whole.requests.length - limit);
    const horizon = omitted.reduce((latest, [, received]) => Math.max(latest, received), whole.horizon);
    return { ...whole, requests: whole.requests.slice(omitted.length), horizon };
  }

  #evict(keep: string): void {
    for (const [identity, request] of this.#open) {
      if (this.#pairs <= this.#capacity || identity === keep) return;
      this.#horizon = Math.max(this.#horizon, request.received);
      this.#evicted += request.rules.size;
      this.forget(identity);
    }
  }
}

/** Checks what was read back from storage. */
export function isLedgerSnapshot(value: unknown): value is LedgerSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  if (!('requests' in value && 'horizon' in value && 'evicted' in value)) return false;
  const { requests, horizon, evicted } = value;
  return (
    typeof horizon === 'number' &&
    typeof evicted === 'number' &&
    Array.isArray(requests) &&
    requests.every(isLedgerEntry)
  );
}

function isLedgerEntry(value: unknown): value is LedgerEntry {
  if (!Array.isArray(value)) return false;
  const [identity, received, rules]: unknown[] = value;
  if (typeof identity !== 'string' || typeof received !== 'number' || !Array.isArray(rules)) return false;
  return rules.every((rule) => typeof rule === 'string');
}
