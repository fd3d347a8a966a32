import type { EventText } from '../decode/bounded-text.ts';
import { decodeStrippedLine } from '../decode/decode-line.ts';
import { isAuditEvent, withType } from '../decode/event-shape.ts';
import type { AuditEvent } from '../event.ts';
import { type AuditFormat, isObject, type JsonObject } from './audit-format.ts';
import { type Content, ENVELOPES } from './envelope.ts';
import { gkeEvent, isCloudAuditEntry } from './gke-event.ts';

/** What was found in something that was delivered. */
export type Found =
  | FoundEvent
  /** It is not about requests to the API server: another component's log, another service's entry, a probe. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'error'; readonly reason: 'invalid-json' | 'not-an-event' | 'oversize' };

interface FoundEvent {
  readonly kind: 'event';
  readonly event: AuditEvent;
  /** The event as JSON: as it came, where it came as a text of its own. */
  readonly text: Buffer;
  /** Its bodies are missing because they were too large. */
  readonly stripped: boolean;
}

/** Envelopes in envelopes; more is nobody's format. */
const MAX_DEPTH = 4;
const IGNORED: Found = Object.freeze({ kind: 'ignored' });
const TYPE = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1",');
/** What AKS writes in place of a body that is too large for it. */
const AKS_OMITTED = 'skipped-too-big-size-object';

/** The audit events in one item of a delivery, or in one line of a file. Never throws. */
export function* readEvents(item: Pick<EventText, 'bytes' | 'stripped'>, format: AuditFormat): Generator<Found> {
  if (item.bytes === undefined) yield readStripped(item.stripped);
  else yield* readText(item.bytes, format, 0);
}

function readStripped(text: Buffer | undefined): Found {
  const decoded = decodeStrippedLine(text);
  if (text === undefined || decoded.kind !== 'event') return error('oversize');
  return { kind: 'event', event: decoded.event, text, stripped: true };
}

function* readText(text: Buffer, format: AuditFormat, depth: number): Generator<Found> {
  const parsed = parse(text);
  if (parsed === undefined) yield error('invalid-json');
  else yield* readValue(parsed.value, text, format, depth);
}

function parse(text: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.toString('utf8')) };
  } catch {
    return undefined;
  }
}

/** @param text of the value, where there is one */
function* readValue(value: unknown, text: Buffer | undefined, format: AuditFormat, depth: number): Generator<Found> {
  const typed = withType(value);
  if (isAuditEvent(typed)) yield found(typed, typed === value ? text : withTypeText(text));
  else if (!isObject(value) || depth > MAX_DEPTH) yield error('not-an-event');
  else if ((format === 'GKE' || format === 'Auto') && isCloudAuditEntry(value)) {
    const event = gkeEvent(value);
    yield event === undefined ? IGNORED : found(event, undefined);
  } else yield* readContents(contentsOf(value, format), format, depth + 1);
}

/** What the items of a list leave out, put in front, as kube-apiserver writes it in its log. */
function withTypeText(text: Buffer | undefined): Buffer | undefined {
  return text && Buffer.concat([TYPE, text.subarray(text.indexOf('{') + 1)]);
}

function contentsOf(object: JsonObject, format: AuditFormat): readonly Content[] | undefined {
  for (const envelope of ENVELOPES) {
    const contents = envelope.formats.includes(format) ? envelope.open(object) : undefined;
    if (contents !== undefined) return contents;
  }
  return undefined;
}

function* readContents(contents: readonly Content[] | undefined, format: AuditFormat, depth: number): Generator<Found> {
  if (contents === undefined) yield error('not-an-event');
  for (const content of contents ?? []) {
    if (content === 'ignored') yield IGNORED;
    else if (content === 'oversize') yield error('oversize');
    else if ('text' in content) yield* readText(Buffer.from(content.text), format, depth);
    else yield* readValue(content.value, undefined, format, depth);
  }
}

function found(event: AuditEvent, text: Buffer | undefined): Found {
  if (event.requestObject === AKS_OMITTED || event.responseObject === AKS_OMITTED) {
    const { requestObject: _request, responseObject: _response, ...rest } = event;
    return written(rest, true);
  }
  return text === undefined ? written(event, false) : { kind: 'event', event, text, stripped: false };
}

function written(event: AuditEvent, stripped: boolean): Found {
  try {
    return { kind: 'event', event, text: Buffer.from(JSON.stringify(event)), stripped };
  } catch {
    // What is nested too deeply can be parsed, but not written.
    return error('not-an-event');
  }
}

function error(reason: 'invalid-json' | 'not-an-event' | 'oversize'): Found {
  return { kind: 'error', reason };
}
