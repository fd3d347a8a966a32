import type { LineError } from '../source.ts';

/** What a record of the journal of audit events holds. */
export type Entry = EventEntry | ErrorEntry;

export interface EventEntry {
  readonly kind: 'event';
  /** Names the delivery, so that another one of the same is recognised: {@link KEY_LENGTH} bytes. */
  readonly key: Buffer;
  /** Which API server sent it, by the word of its configuration; '' where that says nothing. */
  readonly origin: string;
  /** The event as JSON, as it came, or without its bodies where it was over the limit. */
  readonly event: Buffer;
  readonly stripped: boolean;
}

/** What was delivered and is no event. */
interface ErrorEntry {
  readonly kind: 'errors';
  readonly counts: DeliveryErrors;
}

/** Why something that was delivered is no event that rules can look at; how often. */
export type DeliveryErrors = Readonly<Partial<Record<DeliveryError, number>>>;
export type DeliveryError = Extract<LineError, 'invalid-json' | 'not-an-event' | 'oversize'>;

export const DELIVERY_ERRORS = ['invalid-json', 'not-an-event', 'oversize'] as const satisfies readonly DeliveryError[];

export const KEY_LENGTH = 16;
/** Bytes. */
const ORIGIN_LIMIT = 253;

const EVENT = 1;
const STRIPPED_EVENT = 2;
const ERRORS = 3;

/** `[kind 1][length of origin 1][key 16][origin][event]`. */
export function encodeEvent({ key, origin, event, stripped }: Omit<EventEntry, 'kind'>): Buffer {
  const from = Buffer.from(origin).subarray(0, ORIGIN_LIMIT);
  return Buffer.concat([Buffer.from([stripped ? STRIPPED_EVENT : EVENT, from.length]), key, from, event]);
}

/** `[kind 1][JSON]`. */
export function encodeErrors(counts: DeliveryErrors): Buffer {
  return Buffer.concat([Buffer.from([ERRORS]), Buffer.from(JSON.stringify(counts))]);
}

/** `undefined` for what no encoder wrote. The parts of an event are parts of the bytes. */
export function decodeEntry(bytes: Buffer): Entry | undefined {
  if (bytes[0] === ERRORS) return { kind: 'errors', counts: parseCounts(bytes.toString('utf8', 1)) };
  if (bytes[0] !== EVENT && bytes[0] !== STRIPPED_EVENT) return undefined;
  const keyEnd = 2 + KEY_LENGTH;
  const originEnd = keyEnd + (bytes[1] ?? 0);
  if (bytes.length < originEnd) return undefined;
  return {
    kind: 'event',
    key: bytes.subarray(2, keyEnd),
    origin: bytes.toString('utf8', keyEnd, originEnd),
    event: bytes.subarray(originEnd),
    stripped: bytes[0] === STRIPPED_EVENT,
  };
}

function parseCounts(text: string): DeliveryErrors {
  const value: unknown = JSON.parse(text);
  const counts: Partial<Record<DeliveryError, number>> = {};
  for (const [reason, count] of Object.entries(value ?? {})) {
    const known = DELIVERY_ERRORS.find((each) => each === reason);
    if (known !== undefined && typeof count === 'number') counts[known] = count;
  }
  return counts;
}
