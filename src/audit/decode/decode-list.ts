import { type DecodedLine, decodeAuditValue } from './decode-line.ts';
import { addType } from './event-shape.ts';

const LIST_START = Buffer.from('{"kind":"EventList"');
const OPEN_BRACKET = 0x5b;
const COMMA = 0x2c;

/** Whether a line is, by its beginning, a list of events in the form that the webhook backend sends, or a JSON array. */
export function startsList(line: Buffer): boolean {
  if (line[0] === OPEN_BRACKET) return true;
  // The last byte first: a single event begins almost so.
  for (let at = LIST_START.length - 1; at >= 0; at--) if (line[at] !== LIST_START[at]) return false;
  return true;
}

const LIST_HEAD = Buffer.from('{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[');
const LIST_TAIL = Buffer.from(']}');
const ITEM_START = Buffer.from('{"level":"');

/**
 * Cuts the items out of an `EventList` as kube-apiserver's webhook backend sends it, without parsing; `undefined` for anything else. Where the text of such an item
 * stands in a body, what is cut there, and the piece before it, are no JSON.
 */
export function cutAuditList(list: Buffer): readonly Buffer[] | undefined {
  const end = list.length - LIST_TAIL.length;
  const first = LIST_HEAD.length;
  if (!list.subarray(0, first).equals(LIST_HEAD) || !list.subarray(end).equals(LIST_TAIL)) return undefined;
  const items: Buffer[] = [];
  for (let at = first; at < end; ) {
    const next = list.indexOf(ITEM_START, at + 1);
    const behind = next < 0 ? end : next - 1;
    if (next >= 0 && list[behind] !== COMMA) return undefined;
    items.push(list.subarray(at, behind));
    at = next < 0 ? end : next;
  }
  return items;
}

const EVENT_HEAD = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1",');

/** Writes the items of lists as lines of a log, with the kind and apiVersion that they leave out. */
export class ItemLines {
  #line = Buffer.from(EVENT_HEAD);

  /** The line is valid until the next call. */
  of(item: Buffer): Buffer {
    const length = EVENT_HEAD.length + item.length - 1;
    if (this.#line.length < length) this.#line = Buffer.concat([EVENT_HEAD, Buffer.alloc(2 * length)]);
    item.copy(this.#line, EVENT_HEAD.length, 1);
    return this.#line.subarray(0, length);
  }
}

const METADATA = Buffer.from('{"level":"Metadata","');

/** Whether an item that was cut out is of an event without bodies. */
export function isWithoutBodies(item: Buffer): boolean {
  return item.subarray(0, METADATA.length).equals(METADATA);
}

/**
 * The events of an `EventList`, whose items leave out their kind and apiVersion, or of a JSON array. `undefined` for anything else.
 */
export function decodeAuditList(line: Buffer): readonly DecodedLine[] | undefined {
  const list = parseList(line);
  if (list === undefined) return undefined;
  return list.items.map((item) => decodeAuditValue(addType(item, list.apiVersion)));
}

function parseList(
  line: Buffer,
): { readonly items: readonly unknown[]; readonly apiVersion: string | undefined } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return { items: value, apiVersion: undefined };
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return undefined;
  const apiVersion = 'apiVersion' in value && typeof value.apiVersion === 'string' ? value.apiVersion : undefined;
  return { items: value.items, apiVersion };
}
