import { type ByteLiteral, byteLiteral } from './byte-literal.ts';
import { LineBytes } from './line-bytes.ts';
import { isLineSlot, LINE_SLOTS, type LineSlot, type StringSlot, slotIndex } from './line-slots.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** How kube-apiserver begins every event. */
const EVENT_START = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/');
const TAIL_START = Buffer.from(',"requestReceivedTimestamp":"');

/** Letters and digits of a key can be escaped in this way only. */
const ESCAPE = '\\u';

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
  truncated: byteLiteral('"audit.k8s.io/truncated":"'),
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

/** Of a map whose members are read when somebody asks for one. */
type Reading = 'unread' | 'read' | 'unreadable';

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
  #skippedFrom = 0;
  #skippedTo = 0;
  #bodiesAlone: Reading = 'unread';
  readonly #mentions = new Map<string, boolean>();
  #truncated = false;
  #objectRef: Reading = 'unread';
  #tail: Reading = 'unread';
  #tailFrom = 0;
  #isHidden = false;
  #annotations: Reading = 'unread';

  get bytes(): LineBytes {
    return this.#bytes;
  }

  /** Bodies were jumped over. */
  get skipped(): boolean {
    return this.#skipped;
  }

  /** Whether the event may have keys that were not read. Looks through bodies to tell: ask only where it matters. */
  get mayHaveOtherKeys(): boolean {
    if (!this.#readTail()) return true;
    if (!this.#skipped) return false;
    if (this.#bodiesAlone === 'unread') this.#bodiesAlone = this.#readBodies() ? 'read' : 'unreadable';
    return this.#bodiesAlone !== 'read';
  }

  /**
   * Whether a piece of a key may stand in what was skipped; `false` only where it does not, however it may be escaped. @param piece of a key of letters and
   * digits; with a quotation mark at its end, the end of the key.
   */
  mayHold(piece: string): boolean {
    let held = this.#mentions.get(piece);
    if (held === undefined) {
      held = this.#isMentioned(piece) || this.#isMentioned(ESCAPE);
      this.#mentions.set(piece, held);
    }
    return held;
  }

  #isMentioned(text: string): boolean {
    return this.#bytes.find(Buffer.from(text, 'latin1'), this.#skippedFrom, this.#skippedTo) >= 0;
  }

  /** The API server may have cut off the event's bodies. */
  get truncated(): boolean {
    return !this.readMembers(AT.annotations) || this.#truncated;
  }

  /** Nothing but its level, auditID and stage was read: the stage is one of the hidden ones. */
  get isHidden(): boolean {
    return this.#isHidden;
  }

  /**
   * Reads a line, without its end. `false` where the line is not as expected: then nothing is known of it. @param hiddenStages names in quotation marks: lines of
   * these stages are read no further than that, and whether another event begins in them
   */
  scan(line: Buffer, hiddenStages: readonly ByteLiteral[] = []): boolean {
    this.#bytes.turnTo(line);
    for (let slot = 0; slot < this.#ends.length; slot++) this.#ends[slot] = 0;
    this.#skipped = false;
    this.#truncated = false;
    this.#objectRef = 'unread';
    this.#tail = 'unread';
    this.#annotations = 'unread';
    this.#isHidden = false;
    let at = this.#readStage(this.#bytes.start);
    if (at >= 0 && this.#isAtStage(hiddenStages)) {
      this.#tail = 'unreadable';
      this.#isHidden = true;
      return this.#isWholeAndAlone();
    }
    if (at >= 0) at = this.#readRequest(at);
    if (at >= 0) at = this.#readObjectRef(at);
    if (at >= 0) at = this.#readStatus(at);
    if (at >= 0) at = this.#skipBodies(at);
    if (at < 0 || !this.#bytes.has(KEY.requestReceivedTimestamp, at)) return false;
    this.#tailFrom = at;
    return this.#endsWithTail(at) || this.#readTail();
  }

  /** Whether the slot is there. For members of `objectRef` and `annotations` `readMembers` must come before. */
  has(slot: number): boolean {
    if (slot >= AT.requestReceivedTimestamp) this.#readTail();
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

  get stage(): string | undefined {
    return this.string(AT.stage);
  }

  get requestReceivedTimestamp(): string | undefined {
    return this.string(AT.requestReceivedTimestamp);
  }

  /** The value of a slot by its path; `undefined` also where it cannot be read. */
  get(slot: StringSlot): string | undefined {
    const [container = ''] = slot.split('.');
    return isLineSlot(container) && this.readMembers(slotIndex(container)) ? this.string(slotIndex(slot)) : undefined;
  }

  /** There is an `objectRef`, readable or not. */
  get isAboutObject(): boolean {
    return this.has(AT.objectRef);
  }

  /** The status of the response; `undefined` where there is none. */
  get code(): number | undefined {
    return this.has(AT.code) ? Number(this.raw(AT.code)) : undefined;
  }

  /** Finds the members of a map that has slots; `false` where it has others than kube-apiserver writes, so that nothing is known of them. */
  readMembers(container: number): boolean {
    if (container === AT.annotations && !this.#readTail()) return false;
    if (!this.has(container)) return true;
    if (container === AT.objectRef) {
      if (this.#objectRef === 'unread') this.#objectRef = this.#readReference() ? 'read' : 'unreadable';
      return this.#objectRef === 'read';
    }
    if (container !== AT.annotations) return true;
    if (this.#annotations === 'unread') this.#annotations = this.#readAnnotations() ? 'read' : 'unreadable';
    return this.#annotations === 'read';
  }

  // The methods below read on from a place and say where they stopped; -1 where something else stands there than kube-apiserver writes.

  #readStage(start: number): number {
    if (!this.#bytes.has(KEY.level, start)) return -1;
    let at = this.#string(AT.level, start + KEY.level.length, KEY.auditID);
    if (at >= 0) at = this.#string(AT.auditID, at, KEY.stage);
    return at >= 0 ? this.#string(AT.stage, at, KEY.requestURI) : at;
  }

  /** As far as its end tells, and because no other event begins in it. */
  #isWholeAndAlone(): boolean {
    const bytes = this.#bytes;
    return bytes.byte(bytes.end - 1) === CLOSE_MAP && bytes.find(EVENT_START, bytes.start + 1, bytes.end) < 0;
  }

  #isAtStage(stages: readonly ByteLiteral[]): boolean {
    for (const stage of stages) if (this.#bytes.has(stage, this.startOf(AT.stage) - 1)) return true;
    return false;
  }

  #readRequest(start: number): number {
    const bytes = this.#bytes;
    let at = this.#string(AT.requestURI, start, KEY.verb);
    if (at >= 0) at = this.#string(AT.verb, at, KEY.user);
    if (at >= 0) at = this.#readUser(AT.user, at);
    if (at >= 0 && bytes.has(KEY.impersonatedUser, at))
      at = this.#readUser(AT.impersonatedUser, at + KEY.impersonatedUser.length);
    if (at >= 0 && bytes.has(KEY.authenticationMetadata, at)) at = this.#readAuthentication(at);
    if (at >= 0 && bytes.has(KEY.sourceIPs, at)) at = this.#readSourceIPs(at);
    return at >= 0 && bytes.has(KEY.userAgent, at) ? this.#readUserAgent(at) : at;
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

  /** The text of a string; stops at its closing quote. */
  #text(slot: number, start: number): number {
    const end = this.#bytes.closingQuote(start);
    if (end < 0) return -1;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    return end;
  }

  #found(slot: number, start: number, end: number): number {
    this.#starts[slot] = start;
    this.#ends[slot] = Math.max(0, end);
    return end;
  }

  /** UserInfo behind its bracket: nothing, or a username and the rest. The username has the slot behind the user's own. */
  #readUser(slot: number, start: number): number {
    const bytes = this.#bytes;
    if (!bytes.has(KEY.username, start))
      return bytes.byte(start) === CLOSE_MAP ? this.#found(slot, start - 1, start + 1) : -1;
    const name = this.#text(slot + 1, start + KEY.username.length);
    if (name < 0) return -1;
    // At most one map is inside, `extra`, and nothing behind it.
    const end = bytes.behindFlatMap(name + 1, 1);
    return this.#found(slot, start - 1, end >= 0 ? end : bytes.behindNested(name + 1, 1));
  }

  #readAuthentication(at: number): number {
    const start = at + KEY.authenticationMetadata.length - 1;
    return this.#found(AT.authenticationMetadata, start, this.#bytes.behindNested(start));
  }

  #readSourceIPs(at: number): number {
    const start = at + KEY.sourceIPs.length - 1;
    return this.#found(AT.sourceIPs, start, this.#bytes.behindStrings(start));
  }

  #readUserAgent(at: number): number {
    const end = this.#text(AT.userAgent, at + KEY.userAgent.length);
    return end < 0 ? -1 : end + 1;
  }

  /** The whole of `objectRef`, and its resource, which kube-apiserver writes first. */
  #readObjectRef(at: number): number {
    const bytes = this.#bytes;
    if (!bytes.has(KEY.objectRef, at)) return at;
    const start = at + KEY.objectRef.length - 1;
    const { key, slot } = RESOURCE;
    const inside = bytes.has(key, start + 1) ? this.#text(slot, start + 1 + key.length) : start;
    if (inside < 0) return -1;
    const end = bytes.behindFlatMap(inside + 1, 0);
    return this.#found(AT.objectRef, start, end >= 0 ? end : bytes.behindNested(start));
  }

  #readReference(): boolean {
    const bytes = this.#bytes;
    let at = this.startOf(AT.objectRef);
    do {
      const { key, slot } = expectedMember(bytes, at + 1);
      if (!bytes.has(key, at + 1)) return false;
      at = this.#text(slot, at + 1 + key.length) + 1;
    } while (bytes.byte(at) === COMMA);
    return at + 1 === this.endOf(AT.objectRef);
  }

  #readStatus(start: number): number {
    const bytes = this.#bytes;
    let at: number;
    if (bytes.has(KEY.requestReceivedTimestamp, start)) return start;
    if (bytes.has(KEY.plainStatus, start)) at = this.#readCode(start + KEY.plainStatus.length);
    else if (!bytes.has(KEY.responseStatus, start)) return start;
    else {
      at = start + KEY.responseStatus.length - 1;
      do at = this.#readStatusMember(at + 1);
      while (at >= 0 && bytes.byte(at) === COMMA);
    }
    if (at < 0 || bytes.byte(at) !== CLOSE_MAP) return -1;
    return this.#found(AT.responseStatus, start + KEY.responseStatus.length - 1, at + 1);
  }

  #readCode(start: number): number {
    const end = this.#bytes.behindDigits(start);
    return end === start ? -1 : this.#found(AT.code, start, end);
  }

  #readStatusMember(at: number): number {
    const bytes = this.#bytes;
    if (bytes.has(KEY.code, at)) return this.#readCode(at + KEY.code.length);
    if (bytes.has(KEY.metadata, at)) return at + KEY.metadata.length;
    if (bytes.has(KEY.details, at)) return bytes.behindNested(at + KEY.details.length - 1);
    for (const key of STATUS_TEXTS) {
      if (!bytes.has(key, at)) continue;
      const end = bytes.closingQuote(at + key.length);
      return end < 0 ? -1 : end + 1;
    }
    return -1;
  }

  #skipBodies(start: number): number {
    const bytes = this.#bytes;
    if (bytes.has(KEY.requestReceivedTimestamp, start)) return start;
    if (!bytes.has(KEY.requestObject, start) && !bytes.has(KEY.responseObject, start)) return start;
    const tail = bytes.findLast(TAIL_START, start);
    if (tail < 0 || bytes.find(EVENT_START, start, tail) >= 0) return -1;
    this.#skipped = true;
    this.#skippedFrom = start;
    this.#skippedTo = tail;
    this.#bodiesAlone = 'unread';
    this.#mentions.clear();
    return tail;
  }

  #readBodies(): boolean {
    const bytes = this.#bytes;
    let at = this.#skippedFrom;
    for (const key of [KEY.requestObject, KEY.responseObject]) {
      if (bytes.has(key, at)) at = bytes.behindNested(at + key.length);
    }
    return at === this.#skippedTo;
  }

  /** Whether nothing but strings stands from a place on, and at the end at most one map of strings: so no other event. */
  #endsWithTail(start: number): boolean {
    const bytes = this.#bytes;
    const { end } = bytes;
    const first = bytes.brace(start);
    if (first === end - 1) return bytes.byte(first) === CLOSE_MAP;
    return bytes.byte(first) === OPEN_MAP && bytes.behindFlatMap(first + 1, 0) === end - 1;
  }

  /** Reads the timestamps, and where the annotations are. */
  #readTail(): boolean {
    if (this.#tail === 'unread') this.#tail = this.#findTail() ? 'read' : 'unreadable';
    return this.#tail === 'read';
  }

  #findTail(): boolean {
    const bytes = this.#bytes;
    const start = this.#tailFrom + KEY.requestReceivedTimestamp.length;
    let at = this.#string(AT.requestReceivedTimestamp, start, KEY.stageTimestamp);
    if (at >= 0) at = this.#text(AT.stageTimestamp, at);
    if (at < 0) return false;
    let end = at + 1;
    if (bytes.has(KEY.annotations, at)) {
      const map = at + KEY.annotations.length - 1;
      end = bytes.behindFlatMap(map + 1, 0);
      if (end < 0) end = bytes.behindNested(map);
      this.#found(AT.annotations, map, end);
    }
    return end >= 0 && bytes.byte(end) === CLOSE_MAP && end + 1 === bytes.end;
  }

  #readAnnotations(): boolean {
    const bytes = this.#bytes;
    let at = this.startOf(AT.annotations);
    do at = this.#readAnnotation(at + 1);
    while (at >= 0 && bytes.byte(at) === COMMA);
    return at + 1 === this.endOf(AT.annotations);
  }

  #readAnnotation(at: number): number {
    const bytes = this.#bytes;
    let end: number;
    if (bytes.has(KEY.decision, at)) end = this.#text(AT.decision, at + KEY.decision.length);
    else if (bytes.has(KEY.reasonOfDecision, at)) end = this.#text(AT.reason, at + KEY.reasonOfDecision.length);
    else end = this.#readOtherAnnotation(at);
    return end < 0 ? -1 : end + 1;
  }

  /** Its key must be written without escapes. */
  #readOtherAnnotation(at: number): number {
    const bytes = this.#bytes;
    const end = bytes.byte(at) === QUOTE ? bytes.closingQuote(at + 1) : -1;
    if (end < 0 || bytes.byte(end + 1) !== COLON || bytes.byte(end + 2) !== QUOTE) return -1;
    if (bytes.has(KEY.truncated, at)) this.#truncated = true;
    return bytes.text(at + 1, end).includes('\\') ? -1 : bytes.closingQuote(end + 3);
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
