import type { LogScreen, PassedOverLines } from '../../alerts/index.ts';
import {
  type AuditEvent,
  bodiesUnknown,
  cutAuditList,
  type DecodedLine,
  decodeAuditElement,
  decodeAuditLine,
  decodeAuditList,
  decodeStrippedLine,
  type Item,
  ItemLines,
  ItemSplitter,
  isWithoutBodies,
  LineSplitter,
  MalformedBody,
  readEvents,
  startsList,
} from '../../audit/index.ts';
import { contentStart, type Layout, layoutOf } from './layout.ts';

/** An audit event, and where it stands in its file. */
export interface FoundEvent {
  readonly event: AuditEvent;
  /** Bodies were cut off, by the server or because the event is over the limit. */
  readonly bodiesUnknown: boolean;
  /** From 1, in the uncompressed file. */
  readonly line: number;
  /** Its index, from 0, in a list of events. */
  readonly item: number | undefined;
}

/** A place that is no audit event. */
export interface BrokenPlace {
  readonly line: number;
  readonly reason: BrokenReason;
}

export type BrokenReason = Extract<DecodedLine, { kind: 'error' }>['reason'];

export interface EventReaderOptions {
  /** Lines that need not be parsed are not. */
  readonly screen?: Pick<LogScreen, 'mayMatter' | 'begin' | 'passOver' | 'bodies'>;
  readonly onBroken?: (place: BrokenPlace) => void;
  /** In bytes of one event. */
  readonly limit?: number;
}

const NEWLINE = 0x0a;
/** As in the operator: longer events are read without their bodies. */
const LIMIT = 16 * 1024 * 1024;
const OPEN_BRACE = 0x7b;

/**
 * Makes events of the bytes of one file: one event a line as kube-apiserver writes them, `EventList`s as its webhook sends them, JSON arrays, and single
 * events, each also pretty-printed over several lines; and what managed clouds and forwarders make of them (see `AuditFormat`).
 */
export class EventReader {
  readonly #options: EventReaderOptions;
  readonly #limit: number;
  #head: Buffer[] = [];
  #lines: LineSplitter | undefined;
  #documents: ItemSplitter | undefined;
  #line = 0;
  #skipped = 0;
  #lists = false;
  readonly #itemLines = new ItemLines();

  constructor(options: EventReaderOptions = {}) {
    this.#options = options;
    this.#limit = options.limit ?? LIMIT;
  }

  /** Lines that no rule could match, and that were not parsed. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The events that end in this piece. The piece must not be changed until all were taken. */
  *push(piece: Buffer): Generator<FoundEvent> {
    if (this.#lines !== undefined || this.#documents !== undefined) {
      yield* this.#read(piece);
    } else {
      this.#head.push(piece);
      const head = Buffer.concat(this.#head);
      this.#head = [head];
      const layout = layoutOf(head, head.length > this.#limit);
      if (layout !== undefined) yield* this.#begin(layout);
    }
  }

  /** The events that end with the file. */
  *end(): Generator<FoundEvent> {
    if (this.#lines === undefined && this.#documents === undefined)
      yield* this.#begin(layoutOf(Buffer.concat(this.#head), true) ?? 'lines');
    const rest = this.#lines?.rest();
    if (rest !== undefined) yield* this.#readLine(rest.bytes, rest.stripped);
    const unended = this.#documents?.openSince;
    if (unended !== undefined) this.#report(unended, 'unterminated');
  }

  *#begin(layout: Layout): Generator<FoundEvent> {
    const head = Buffer.concat(this.#head);
    this.#head = [];
    if (layout === 'lines') {
      this.#lines = new LineSplitter(this.#limit, 0);
      yield* this.#read(head);
    } else {
      const start = contentStart(head);
      const linesBefore = head.subarray(0, start).filter((byte) => byte === NEWLINE).length;
      this.#documents = new ItemSplitter(this.#limit, linesBefore + 1);
      yield* this.#read(head.subarray(start));
    }
  }

  *#read(piece: Buffer): Generator<FoundEvent> {
    if (this.#documents !== undefined) yield* this.#readDocuments(this.#documents, piece);
    if (this.#lines !== undefined) yield* this.#readLines(this.#lines, piece);
  }

  *#readLines(lines: LineSplitter, piece: Buffer): Generator<FoundEvent> {
    lines.push(piece);
    this.#options.screen?.begin(piece);
    for (;;) {
      const stop = this.#passOver(lines, piece);
      const line = lines.next();
      if (line === undefined) return;
      const { bytes, stripped } = line;
      const event = stop === 'event' && bytes !== undefined ? this.#eventIn(bytes) : undefined;
      if (event !== undefined) yield event;
      else if (stop !== 'rest' || bytes === undefined || !this.#passesOver(bytes))
        yield* this.#readLine(bytes, stripped);
    }
  }

  /** Goes over lines that need not be parsed; most need not. What it stops at; `rest` where lines have to be looked at one by one, too. */
  #passOver(lines: LineSplitter, piece: Buffer): PassedOverLines['stop'] {
    const { screen } = this.#options;
    const from = lines.nextStart;
    // Lists, and what is over the limit, are other ones' affair.
    if (screen === undefined || from === undefined || this.#lists || piece.length > this.#limit) return 'rest';
    const { lines: passed, to, stop } = screen.passOver(piece, from);
    if (passed > 0) lines.passOver(to);
    this.#line += passed;
    this.#skipped += passed;
    return stop;
  }

  /** The event in a line that the screen stopped at. */
  #eventIn(bytes: Buffer): FoundEvent | undefined {
    const decoded = decodeAuditLine(bytes, this.#options.screen?.bodies());
    if (decoded.kind !== 'event') return undefined;
    this.#line += 1;
    return { event: decoded.event, bodiesUnknown: decoded.bodiesUnknown, line: this.#line, item: undefined };
  }

  #passesOver(bytes: Buffer): boolean {
    const { screen } = this.#options;
    if (screen === undefined || this.#lists || bytes[0] !== OPEN_BRACE || startsList(bytes) || screen.mayMatter(bytes))
      return false;
    this.#line += 1;
    this.#skipped += 1;
    return true;
  }

  *#readLine(bytes: Buffer | undefined, stripped: Buffer | undefined): Generator<FoundEvent> {
    this.#line += 1;
    if (bytes === undefined) {
      yield* this.#found(decodeStrippedLine(stripped), this.#line, undefined);
    } else if (!isBlank(bytes)) {
      yield* this.#lists || startsList(bytes) ? this.#readList(bytes) : this.#readEvent(bytes);
    }
  }

  *#readList(bytes: Buffer): Generator<FoundEvent> {
    const screened = this.#screenList(bytes);
    const list = screened === undefined ? decodeAuditList(bytes) : undefined;
    if (screened !== undefined) yield* screened;
    else if (list !== undefined) yield* this.#foundList(list);
    else yield* this.#readEvent(bytes);
  }

  /** The events of a list whose items need not be parsed all; `undefined` for any other. */
  #screenList(bytes: Buffer): readonly FoundEvent[] | undefined {
    const { screen } = this.#options;
    const items = screen === undefined ? undefined : cutAuditList(bytes);
    if (screen === undefined || items === undefined) return undefined;
    const found: FoundEvent[] = [];
    let skipped = 0;
    for (const [item, text] of items.entries()) {
      if (isWithoutBodies(text) && !screen.mayMatter(this.#itemLines.of(text))) {
        skipped += 1;
        continue;
      }
      const decoded = decodeAuditElement(text);
      if (decoded.kind !== 'event') return undefined;
      found.push({ event: decoded.event, bodiesUnknown: decoded.bodiesUnknown, line: this.#line, item });
    }
    this.#skipped += skipped;
    return found;
  }

  *#readEvent(bytes: Buffer): Generator<FoundEvent> {
    const decoded = decodeAuditLine(bytes);
    if (decoded.kind !== 'error' || decoded.reason !== 'not-an-event') {
      yield* this.#found(decoded, this.#line, undefined);
      return;
    }
    // A list whose keys are in another order than the API server's: its neighbours will be, too.
    const list = this.#lists ? undefined : decodeAuditList(bytes);
    if (list === undefined) {
      yield* this.#readEnvelope(bytes, this.#line, undefined);
    } else {
      this.#lists = true;
      yield* this.#foundList(list);
    }
  }

  /** What a managed cloud or a forwarder put events into. */
  *#readEnvelope(bytes: Buffer, line: number, item: number | undefined): Generator<FoundEvent> {
    for (const found of readEvents({ bytes, stripped: undefined }, 'Auto')) {
      if (found.kind === 'error') this.#report(line, found.reason);
      if (found.kind !== 'event') continue;
      const { event, stripped } = found;
      yield { event, bodiesUnknown: stripped || bodiesUnknown(event), line, item };
    }
  }

  *#foundList(list: readonly DecodedLine[]): Generator<FoundEvent> {
    for (const [item, decoded] of list.entries()) yield* this.#found(decoded, this.#line, item);
  }

  *#readDocuments(documents: ItemSplitter, piece: Buffer): Generator<FoundEvent> {
    documents.push(piece);
    for (let item = this.#nextItem(documents); item !== undefined; item = this.#nextItem(documents)) {
      const { bytes, stripped, line, index } = item;
      const decoded = bytes === undefined ? decodeStrippedLine(stripped) : decodeAuditElement(bytes);
      const isOther = decoded.kind === 'error' && decoded.reason === 'not-an-event';
      if (isOther && bytes !== undefined) yield* this.#readEnvelope(bytes, line, index);
      else yield* this.#found(decoded, line, index);
    }
  }

  #nextItem(documents: ItemSplitter): Item | undefined {
    for (;;) {
      try {
        return documents.next();
      } catch (error) {
        if (!(error instanceof MalformedBody)) throw error;
        this.#report(documents.line, 'invalid-json');
        documents.recover();
      }
    }
  }

  *#found(decoded: DecodedLine, line: number, item: number | undefined): Generator<FoundEvent> {
    if (decoded.kind === 'event') yield { event: decoded.event, bodiesUnknown: decoded.bodiesUnknown, line, item };
    else if (decoded.kind === 'error') this.#report(line, decoded.reason);
  }

  #report(line: number, reason: BrokenReason): void {
    this.#options.onBroken?.({ line, reason });
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line.subarray(0, 4096)) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return line.length <= 4096;
}
