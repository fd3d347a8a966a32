import type { DecodedLine } from './decode/decode-line.ts';
import type { Line } from './decode/line-splitter.ts';
import type { Position } from './position.ts';
import type { AuditRecord, Batch, Gap, LineError, SourceCounts } from './source.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
}

/** Collects one batch. */
export class BatchBuilder {
  readonly #limits: BatchLimits;
  readonly #records: AuditRecord[] = [];
  readonly #gaps: Gap[] = [];
  readonly #errors: Writable<Record<LineError, number>> = noErrors();
  readonly #counts: Writable<Omit<SourceCounts, 'errors'>> = {
    lines: 0,
    bytes: 0,
    events: 0,
    skipped: 0,
    oversize: 0,
    salvaged: 0,
    nulBytes: 0,
  };

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get full(): boolean {
    return this.#counts.lines >= this.#limits.records || this.#counts.bytes >= this.#limits.bytes;
  }

  get hasContent(): boolean {
    return this.#counts.bytes > 0 || this.#gaps.length > 0;
  }

  /** @param origin which API server wrote it, where the source knows */
  add(line: Pick<Line, 'bytes' | 'length'>, decoded: DecodedLine, position: Position, origin = ''): void {
    this.#counts.lines += 1;
    if (line.bytes === undefined) this.#counts.oversize += 1;
    if (decoded.kind === 'skipped') this.#counts.skipped += 1;
    else if (decoded.kind === 'error') this.#errors[decoded.reason] += 1;
    else {
      this.#counts.events += 1;
      if (decoded.salvaged) {
        this.#counts.salvaged += 1;
        this.#errors.torn += 1;
      }
      const { event, bodiesUnknown } = decoded;
      const record = { event, position, bodiesUnknown, line: line.length };
      this.#records.push(Object.freeze(origin === '' ? record : { ...record, origin }));
    }
  }

  /** Bytes that were passed over, whatever they were. NUL bytes stand where a crash lost what had been written. */
  addBytes(bytes: number, nulBytes: number): void {
    this.#counts.bytes += bytes;
    this.#counts.nulBytes += nulBytes;
    if (nulBytes > 0) this.#errors['nul-bytes'] += 1;
  }

  addError(reason: LineError, count = 1): void {
    this.#errors[reason] += count;
  }

  addGap(gap: Gap): void {
    this.#gaps.push(Object.freeze(gap));
  }

  finish(end: Position, caughtUp: boolean, lastEventTime: string | undefined): Batch {
    const counts = Object.freeze({ ...this.#counts, errors: Object.freeze(this.#errors) });
    return Object.freeze({ records: this.#records, end, counts, gaps: this.#gaps, caughtUp, lastEventTime });
  }
}

function noErrors(): Record<LineError, number> {
  return { 'invalid-json': 0, 'not-an-event': 0, 'nul-bytes': 0, torn: 0, oversize: 0, unterminated: 0, unreadable: 0 };
}
