import { bodiesUnknown } from '../bodies-unknown.ts';
import type { AuditEvent } from '../event.ts';
import type { LineError } from '../source.ts';
import { isAuditEvent, withType } from './event-shape.ts';
import { type BodyPlaces, parseWithLateBodies } from './late-bodies.ts';

/** What became of a line. */
export type DecodedLine =
  | DecodedEvent
  | { readonly kind: 'skipped' }
  | { readonly kind: 'error'; readonly reason: LineError };

interface DecodedEvent {
  readonly kind: 'event';
  readonly event: AuditEvent;
  readonly bodiesUnknown: boolean;
  /** It stood behind the torn beginning of another event, in the same line. */
  readonly salvaged: boolean;
}

/**
 * Decides what a line is, from its bytes, without its end. It must not throw, nor keep the buffer: the bytes are valid
 * during the call only. `skipped` says that no rule can match, so that the line need not be parsed.
 */
export type LineDecoder = (line: Buffer) => DecodedLine;

/** How an event begins that kube-apiserver wrote. Inside a string its quotes would be escaped. */
const EVENT_START = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/');
/** A torn line is looked through for this many beginnings, so that it costs no more than linear time. */
const MAX_SALVAGE_ATTEMPTS = 8;

/**
 * Parses a line. Never throws. Invalid UTF-8 becomes U+FFFD. With the places of its bodies, these are not parsed before they are read.
 *
 * Where a writer was stopped in the middle of a line, what it writes next stands in the same line (after NUL bytes,
 * where a file was truncated under it): such an event is found, as long as it reaches to the end of the line.
 */
export function decodeAuditLine(line: Buffer, bodies?: BodyPlaces): DecodedLine {
  const whole = parse(line, bodies);
  if (whole !== undefined) return decodeAuditValue(whole);
  return salvage(line) ?? { kind: 'error', reason: line.includes(0) ? 'nul-bytes' : 'invalid-json' };
}

/** Decides what a parsed JSON value is. */
export function decodeAuditValue(value: unknown): DecodedLine {
  return isAuditEvent(value) ? decoded(value, false) : { kind: 'error', reason: 'not-an-event' };
}

/** Parses one item of a list of events. */
export function decodeAuditElement(element: Buffer): DecodedLine {
  const value = parse(element);
  return value === undefined ? { kind: 'error', reason: 'invalid-json' } : decodeAuditValue(withType(value));
}

/** Decodes what a `BodyStripper` left of a line over the limit; `undefined` where that was too much as well. */
export function decodeStrippedLine(stripped: Buffer | undefined): DecodedLine {
  const whole = stripped === undefined ? undefined : withType(parse(stripped));
  if (whole === undefined || !isAuditEvent(whole)) return { kind: 'error', reason: 'oversize' };
  const { requestObject: _request, responseObject: _response, ...event } = whole;
  return { kind: 'event', event, bodiesUnknown: true, salvaged: false };
}

function decoded(event: AuditEvent, salvaged: boolean): DecodedEvent {
  return { kind: 'event', event, bodiesUnknown: bodiesUnknown(event), salvaged };
}

function salvage(line: Buffer): DecodedEvent | undefined {
  let start = Math.max(1, line.lastIndexOf(0) + 1);
  for (let attempt = 0; attempt < MAX_SALVAGE_ATTEMPTS; attempt++) {
    start = line.indexOf(EVENT_START, start);
    if (start < 0) return undefined;
    const value = parse(line.subarray(start));
    if (value !== undefined && isAuditEvent(value)) return decoded(value, true);
    start += 1;
  }
  return undefined;
}

/** `undefined` for what is no JSON: no JSON text means `undefined`. */
function parse(line: Buffer, bodies?: BodyPlaces): unknown {
  try {
    return bodies === undefined ? JSON.parse(line.toString('utf8')) : parseWithLateBodies(line, bodies);
  } catch {
    return undefined;
  }
}
