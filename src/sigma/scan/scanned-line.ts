import { type ByteLiteral, byteLiteral } from './byte-literal.ts';
import { LineBytes } from './line-bytes.ts';
import { LINE_SLOTS, type LineSlot, type StringSlot, slotIndex } from './line-slots.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** How kube-apiserver begins every event. */
const EVENT_START = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/');
const TAIL_START = Buffer.from(',"requestReceivedTimestamp":"');
const TRUNCATED = 'audit.k8s.io/truncated';

/** Keys, with what stands around them. */
const KEY = Object.freeze({
  level: byteLiteral('{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"'),
  auditID: byteLiteral('","auditID":"'),
  stage: byteLiteral('","stage":"'),
  requestURI: byteLiteral('","requestURI":"'),
  verb: byteLiteral('","verb":"'),
  user: byteLiteral('","user":{'),
  username: byteLiteral('"username":"'),
  impersonatedUser: byteLiteral(',"impersonatedUser":{'),
  authenticationMetadata: byteLiteral(',"authenticationMetadata":{'),
  sourceIPs: byteLiteral(',"sourceIPs":['),
  userAgent: byteLiteral(',"userAgent":"'),
  objectRef: byteLiteral(',"objectRef":{'),
  plainStatus: byteLiteral(',"responseStatus":{"metadata":{},"code":'),
  responseStatus: byteLiteral(',"responseStatus":{'),
  metadata: byteLiteral('"metadata":{}'),
  details: byteLiteral('"details":{'),
  code: byteLiteral('"code":'),
  requestObject: byteLiteral(',"requestObject":'),
  responseObject: byteLiteral(',"responseObject":'),
  requestReceivedTimestamp: byteLiteral(',"requestReceivedTimestamp":"'),
  stageTimestamp: byteLiteral('","stageTimestamp":"'),
  annotations: byteLiteral('","annotations":{'),
  decision: byteLiteral('"authorization.k8s.io/decision":"'),
  reasonOfDecision: byteLiteral('"authorization.k8s.io/reason":"'),
});

const STATUS_TEXTS = ['status', 'message', 'reason'].map((key) => byteLiteral(`"${key}":"`));

const AT = Object.freeze({
  level: slotIndex('level'),
  auditID: slotIndex('auditID'),
  stage: slotIndex('stage'),
  requestURI: slotIndex('requestURI'),
  verb: slotIndex('verb'),
  user: slotIndex('user'),
  impersonatedUser: slotIndex('impersonatedUser'),
  authenticationMetadata: slotIndex('authenticationMetadata'),
  sourceIPs: slotIndex('sourceIPs'),
  userAgent: slotIndex('userAgent'),
  objectRef: slotIndex('objectRef'),
  responseStatus: slotIndex('responseStatus'),
  code: slotIndex('responseStatus.code'),
  requestReceivedTimestamp: slotIndex('requestReceivedTimestamp'),
  stageTimestamp: slotIndex('stageTimestamp'),
  annotations: slotIndex('annotations'),
  decision: slotIndex('annotations.authorization.k8s.io/decision'),
  reason: slotIndex('annotations.authorization.k8s.io/reason'),
});

interface Member {
  readonly key: ByteLiteral;
  readonly slot: number;
}

function objectRefMember(key: string, slot: LineSlot): Member {
  return { key: byteLiteral(`"${key}":"`), slot: slotIndex(slot) };
}

const RESOURCE = objectRefMember('resource', 'objectRef.resource');
const NAMESPACE = objectRefMember('namespace', 'objectRef.namespace');
const NAME = objectRefMember('name', 'objectRef.name');
const UID = objectRefMember('uid', 'objectRef.uid');
const API_GROUP = objectRefMember('apiGroup', 'objectRef.apiGroup');
const API_VERSION = objectRefMember('apiVersion', 'objectRef.apiVersion');
const RESOURCE_VERSION = objectRefMember('resourceVersion', 'objectRef.resourceVersion');
const SUBRESOURCE = objectRefMember('subresource', 'objectRef.subresource');

/**
 * What can be read of an audit event without parsing it. Reads only lines as kube-apiserver writes them: compact, the keys in its order, from the
 * first byte to the last; so strings, whatever the caller put into them, cannot be taken for keys. Bodies are jumped over: what stands behind them is
 * read to the end of the line, and no second event may begin inside (as in the line of a writer that was stopped). One object reads many lines.
 */
export class ScannedLine {
  readonly #bytes = new LineBytes();
  readonly #starts = new Int32Array(LINE_SLOTS.length);
  readonly #ends = new Int32Array(LINE_SLOTS.length);
  #skipped = false;
  #truncated = false;

  get bytes(): LineBytes {
    return this.#bytes;
  }

  /** Bodies, and whatever may stand beside them, were jumped over: a key that was not seen may be there all the same. */
  get skipped(): boolean {
    return this.#skipped;
  }

  /** The event is marked as one whose bodies the API server cut off. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Reads a line, without its end. `false` where the line is not as expected: then nothing is known of it. */
  scan(line: Buffer): boolean {
    this.#bytes.turnTo(line);
    this.#ends.fill(0);
    this.#skipped = false;
    this.#truncated = false;
    let at = this.#head(this.#bytes.start);
    if (at >= 0) at = this.#objectRef(at);
    if (at >= 0) at = this.#responseStatus(at);
    if (at >= 0) at = this.#bodies(at);
    return at >= 0 && this.#tail(at);
  }

  has(slot: number): boolean {
    return this.#ends[slot] !== 0;
  }

  /** Where the JSON of a slot begins, of a string behind the quote. */
  startOf(slot: number): number {
    return this.#starts[slot] ?? 0;
  }

  /** Where the JSON of a slot ends, of a string before the quote; 0 where there is none. */
  endOf(slot: number): number {
    return this.#ends[slot] ?? 0;
  }

  /** The JSON of a slot, of a string without its quotes; empty where there is none. */
  raw(slot: number): string {
    return this.#bytes.text(this.startOf(slot), this.endOf(slot));
  }

  /** The value of a slot that is a string; `undefined` where there is none, or where its escapes are malformed. */
  string(slot: number): string | undefined {
    if (!this.has(slot)) return undefined;
    const raw = this.raw(slot);
    if (!raw.includes('\\')) return raw;
    try {
      return String(JSON.parse(`"${raw}"`));
    } catch {
      return undefined;
    }
  }

  /** The value of a slot by its path. */
  get(slot: StringSlot): string | undefined {
    return this.string(slotIndex(slot));
  }

  // The methods below read on from a place and say where they stopped, -1 where something else stands there than kube-apiserver writes.

  #head(start: number): number {
    const bytes = this.#bytes;
    if (!bytes.has(KEY.level, start)) return -1;
    let at = this.#string(AT.level, start + KEY.level.length, KEY.auditID);
    if (at >= 0) at = this.#string(AT.auditID, at, KEY.stage);
    if (at >= 0) at = this.#string(AT.stage, at, KEY.requestURI);
    if (at >= 0) at = this.#string(AT.requestURI, at, KEY.verb);
    if (at >= 0) at = this.#string(AT.verb, at, KEY.user);
    if (at >= 0) at = this.#user(AT.user, at);
    if (at >= 0 && bytes.has(KEY.impersonatedUser, at))
      at = this.#user(AT.impersonatedUser, at + KEY.impersonatedUser.length);
    if (at >= 0 && bytes.has(KEY.authenticationMetadata, at))
      at = this.#container(AT.authenticationMetadata, KEY.authenticationMetadata, at);
    if (at >= 0 && bytes.has(KEY.sourceIPs, at)) at = this.#strings(AT.sourceIPs, KEY.sourceIPs, at);
    if (at >= 0 && bytes.has(KEY.userAgent, at)) {
      const end = this.#text(AT.userAgent, at + KEY.userAgent.length);
      at = end < 0 ? -1 : end + 1;
    }
    return at;
  }

  /** The text of a string; stops at its closing quote. */
  #text(slot: number, start: number): number {
    const end = this.#bytes.closingQuote(start);
    if (end < 0) return -1;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    return end;
  }

  /** The text of a string, and what must follow from its closing quote on. */
  #string(slot: number, start: number, next: ByteLiteral): number {
    const bytes = this.#bytes;
    const end = bytes.closingQuote(start);
    if (end < 0 || !bytes.has(next, end)) return -1;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    return end + next.length;
  }

  #found(slot: number, start: number, end: number): void {
    this.#starts[slot] = start;
    this.#ends[slot] = end;
  }

  /** A map or list whose bracket is the last character of the key that stands at a place. */
  #container(slot: number, key: ByteLiteral, at: number): number {
    const start = at + key.length - 1;
    const end = this.#bytes.behindNested(start);
    if (end >= 0) this.#found(slot, start, end);
    return end;
  }

  /** A list of strings whose bracket is the last character of the key that stands at a place. */
  #strings(slot: number, key: ByteLiteral, at: number): number {
    const start = at + key.length - 1;
    const end = this.#bytes.behindStrings(start);
    if (end >= 0) this.#found(slot, start, end);
    return end;
  }

  /** UserInfo behind its bracket: nothing, or a username and the rest. The username has the slot behind the user's own. */
  #user(slot: number, start: number): number {
    const bytes = this.#bytes;
    let end = start + 1;
    if (bytes.has(KEY.username, start)) {
      const name = this.#text(slot + 1, start + KEY.username.length);
      end = name < 0 ? -1 : this.#behindUser(name + 1);
    } else if (bytes.byte(start) !== CLOSE_MAP) return -1;
    if (end >= 0) this.#found(slot, start - 1, end);
    return end;
  }

  /**
   * Behind a UserInfo of which a place is inside. It has at most one map from there on, `extra`, at its end: so the next braces are `}`, or `{` and `}}`. They are
   * no part of a string where a key of the event follows: in a string, its quotes would be escaped.
   */
  #behindUser(start: number): number {
    const bytes = this.#bytes;
    let at = bytes.brace(start);
    let depth = 1;
    if (bytes.byte(at) === OPEN_MAP) {
      depth = 2;
      at = bytes.brace(at + 1);
    }
    for (; depth > 0 && bytes.byte(at) === CLOSE_MAP; depth--) at += 1;
    const isEnd =
      depth === 0 && bytes.byte(at) === COMMA && bytes.byte(at + 1) === QUOTE && isLetter(bytes.byte(at + 2));
    return isEnd ? at : bytes.behindNested(start, 1);
  }

  #objectRef(start: number): number {
    const bytes = this.#bytes;
    if (!bytes.has(KEY.objectRef, start)) return start;
    let at = start + KEY.objectRef.length - 1;
    do {
      const { key, slot } = expectedMember(bytes, at + 1);
      if (!bytes.has(key, at + 1)) return -1;
      const end = this.#text(slot, at + 1 + key.length);
      if (end < 0) return -1;
      at = end + 1;
    } while (bytes.byte(at) === COMMA);
    if (bytes.byte(at) !== CLOSE_MAP) return -1;
    this.#found(AT.objectRef, start + KEY.objectRef.length - 1, at + 1);
    return at + 1;
  }

  #responseStatus(start: number): number {
    const bytes = this.#bytes;
    let at: number;
    if (bytes.has(KEY.plainStatus, start)) at = this.#code(start + KEY.plainStatus.length);
    else if (!bytes.has(KEY.responseStatus, start)) return start;
    else {
      at = start + KEY.responseStatus.length - 1;
      do at = this.#statusMember(at + 1);
      while (at >= 0 && bytes.byte(at) === COMMA);
    }
    if (at < 0 || bytes.byte(at) !== CLOSE_MAP) return -1;
    this.#found(AT.responseStatus, start + KEY.responseStatus.length - 1, at + 1);
    return at + 1;
  }

  #code(start: number): number {
    const end = this.#bytes.behindDigits(start);
    if (end === start) return -1;
    this.#found(AT.code, start, end);
    return end;
  }

  #statusMember(at: number): number {
    const bytes = this.#bytes;
    if (bytes.has(KEY.code, at)) return this.#code(at + KEY.code.length);
    if (bytes.has(KEY.metadata, at)) return at + KEY.metadata.length;
    if (bytes.has(KEY.details, at)) return bytes.behindNested(at + KEY.details.length - 1);
    for (const key of STATUS_TEXTS) {
      if (!bytes.has(key, at)) continue;
      const end = bytes.closingQuote(at + key.length);
      return end < 0 ? -1 : end + 1;
    }
    return -1;
  }

  #bodies(start: number): number {
    const bytes = this.#bytes;
    if (!bytes.has(KEY.requestObject, start) && !bytes.has(KEY.responseObject, start)) return start;
    const tail = bytes.findLast(TAIL_START, start);
    if (tail < 0 || bytes.find(EVENT_START, start, tail) >= 0) return -1;
    this.#skipped = true;
    return tail;
  }

  #tail(start: number): boolean {
    const bytes = this.#bytes;
    if (!bytes.has(KEY.requestReceivedTimestamp, start)) return false;
    let at = this.#string(AT.requestReceivedTimestamp, start + KEY.requestReceivedTimestamp.length, KEY.stageTimestamp);
    if (at >= 0) at = this.#text(AT.stageTimestamp, at);
    if (at < 0) return false;
    if (bytes.has(KEY.annotations, at)) at = this.#annotations(at + KEY.annotations.length - 1);
    else at += 1;
    return at >= 0 && bytes.byte(at) === CLOSE_MAP && at + 1 === bytes.end;
  }

  #annotations(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    do at = this.#annotation(at + 1);
    while (at >= 0 && bytes.byte(at) === COMMA);
    if (at < 0 || bytes.byte(at) !== CLOSE_MAP) return -1;
    this.#found(AT.annotations, start, at + 1);
    return at + 1;
  }

  #annotation(at: number): number {
    const bytes = this.#bytes;
    let end: number;
    if (bytes.has(KEY.decision, at)) end = this.#text(AT.decision, at + KEY.decision.length);
    else if (bytes.has(KEY.reasonOfDecision, at)) end = this.#text(AT.reason, at + KEY.reasonOfDecision.length);
    else end = this.#otherAnnotation(at);
    return end < 0 ? -1 : end + 1;
  }

  /** Its key must be written without escapes. */
  #otherAnnotation(at: number): number {
    const bytes = this.#bytes;
    const end = bytes.byte(at) === QUOTE ? bytes.closingQuote(at + 1) : -1;
    if (end < 0 || bytes.byte(end + 1) !== COLON || bytes.byte(end + 2) !== QUOTE) return -1;
    const key = bytes.text(at + 1, end);
    if (key === TRUNCATED) this.#truncated = true;
    return key.includes('\\') ? -1 : bytes.closingQuote(end + 3);
  }
}

/** The one key of `objectRef` that may stand at a place, by two of its characters. */
function expectedMember(bytes: LineBytes, at: number): Member {
  switch (bytes.byte(at + 1)) {
    case 0x72: // r
      return bytes.byte(at + 9) === QUOTE ? RESOURCE : RESOURCE_VERSION;
    case 0x6e: // n
      return bytes.byte(at + 5) === QUOTE ? NAME : NAMESPACE;
    case 0x61: // a
      return bytes.byte(at + 4) === 0x47 ? API_GROUP : API_VERSION;
    case 0x75: // u
      return UID;
    default:
      return SUBRESOURCE;
  }
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}
