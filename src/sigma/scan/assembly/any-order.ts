// Reads events that were serialised again on their way: with space between, and keys in any order. It takes longer than reading what kube-apiserver wrote.
import { behindDigits, behindNested, byte, closingQuote, end, find, has, NONE } from './bytes';
import * as slot from './slots';
import { passOverReference, put } from './slots';
import { Text, text } from './text';

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;
const OPEN_LIST: u8 = 0x5b;
const OPEN_MAP: u8 = 0x7b;
const CLOSE_MAP: u8 = 0x7d;
const MINUS: u8 = 0x2d;
const PLUS: u8 = 0x2b;
const DOT: u8 = 0x2e;
const UPPER_E: u8 = 0x45;

/** Keys, and what of the event they are the key of: a slot, or one of the numbers below. */
class Keys {
  readonly texts: Array<Text> = new Array<Text>();
  readonly whats: Array<i32> = new Array<i32>();
  /** Keys come in the order in which they came last time, more often than not. */
  next: i32 = 0;

  and(key: string, what: i32): this {
    this.texts.push(text('"' + key + '"'));
    this.whats.push(what);
    return this;
  }

  /** Which key stands at a place; `OTHER` for none of these. */
  at(place: usize): i32 {
    const count = this.texts.length;
    for (let i = 0; i < count; i++) {
      const key = this.next + i < count ? this.next + i : this.next + i - count;
      if (!has(this.texts[key], place)) continue;
      this.next = key + 1 < count ? key + 1 : 0;
      return this.whats[key];
    }
    return OTHER;
  }
}

const OTHER = -1;
const KIND = 40;
const VERSION = 41;
const REQUEST_OBJECT = 42;
const RESPONSE_OBJECT = 43;
const TRUNCATED = 44;

const OF_EVENT = new Keys()
  .and('kind', KIND)
  .and('apiVersion', VERSION)
  .and('level', <i32>slot.LEVEL)
  .and('auditID', <i32>slot.AUDIT_ID)
  .and('stage', <i32>slot.STAGE)
  .and('requestURI', <i32>slot.REQUEST_URI)
  .and('verb', <i32>slot.VERB)
  .and('user', <i32>slot.USER)
  .and('impersonatedUser', <i32>slot.IMPERSONATED_USER)
  .and('authenticationMetadata', <i32>slot.AUTHENTICATION_METADATA)
  .and('sourceIPs', <i32>slot.SOURCE_IPS)
  .and('userAgent', <i32>slot.USER_AGENT)
  .and('objectRef', <i32>slot.OBJECT_REF)
  .and('responseStatus', <i32>slot.RESPONSE_STATUS)
  .and('requestObject', REQUEST_OBJECT)
  .and('responseObject', RESPONSE_OBJECT)
  .and('requestReceivedTimestamp', <i32>slot.REQUEST_RECEIVED)
  .and('stageTimestamp', <i32>slot.STAGE_TIMESTAMP)
  .and('annotations', <i32>slot.ANNOTATIONS);

const OF_REFERENCE = new Keys()
  .and('resource', <i32>slot.RESOURCE)
  .and('namespace', <i32>slot.NAMESPACE)
  .and('name', <i32>slot.NAME)
  .and('uid', <i32>slot.UID)
  .and('apiGroup', <i32>slot.API_GROUP)
  .and('apiVersion', <i32>slot.API_VERSION)
  .and('resourceVersion', <i32>slot.RESOURCE_VERSION)
  .and('subresource', <i32>slot.SUBRESOURCE);

const OF_USER = new Keys().and('username', 0);
const OF_STATUS = new Keys().and('code', <i32>slot.CODE);
const OF_ANNOTATIONS = new Keys()
  .and('authorization.k8s.io/decision', <i32>slot.DECISION)
  .and('authorization.k8s.io/reason', <i32>slot.REASON)
  .and('audit.k8s.io/truncated', TRUNCATED);

const EVENT = text('"Event"');
const AUDIT_V1 = text('"audit.k8s.io/v1"');

/** The annotations say that the server cut bodies off. */
export let truncated: bool = false;

/** Where the value of `apiVersion` stands. */
let version: usize = NONE;
let bodiesFrom: usize = NONE;
let bodiesTo: usize = NONE;

/** Reads the line that begins at a place: all of its slots. False where it is not an event in form, has keys that events do not have, or one twice. */
export function readAnyOrder(start: usize): bool {
  truncated = false;
  version = NONE;
  bodiesFrom = NONE;
  let at = behindSpace(start);
  let seen: u64 = 0;
  if (byte(at) != OPEN_MAP) return false;
  do {
    at = behindSpace(at + 1);
    const what = OF_EVENT.at(at);
    if (what == OTHER || (seen & (<u64>1 << what)) != 0) return false;
    seen |= <u64>1 << what;
    at = behindColon(at);
    if (at != NONE) at = readValue(what, at);
    if (at == NONE) return false;
    at = behindSpace(at);
  } while (byte(at) == COMMA);
  if (byte(at) != CLOSE_MAP || behindSpace(at + 1) != end) return false;
  if ((seen & (<u64>1 << KIND)) == 0 || version == NONE) return false;
  if (bodiesFrom != NONE) put(slot.BODIES, bodiesFrom, bodiesTo);
  return isAlone(start);
}

/** No other event begins in the line, as in that of a writer that was stopped: in a string, the quotes of its version would be escaped. */
function isAlone(start: usize): bool {
  return find(AUDIT_V1, start, version) == NONE && find(AUDIT_V1, version + 1, end) == NONE;
}

// The functions below say where they stopped: at `NONE` where something else stands there than in an event.

function readValue(what: i32, at: usize): usize {
  switch (what) {
    case KIND:
      return has(EVENT, at) ? at + EVENT.length : NONE;
    case VERSION:
      version = at;
      return has(AUDIT_V1, at) ? at + AUDIT_V1.length : NONE;
    case <i32>slot.USER:
    case <i32>slot.IMPERSONATED_USER:
      return readUser(what, at);
    case <i32>slot.AUTHENTICATION_METADATA:
      return byte(at) == OPEN_MAP ? found(what, at, behindNested(at)) : NONE;
    case <i32>slot.SOURCE_IPS:
      return byte(at) == OPEN_LIST ? found(what, at, behindNested(at)) : NONE;
    case <i32>slot.OBJECT_REF:
      return readReference(at);
    case <i32>slot.RESPONSE_STATUS:
      return readStatus(at);
    case REQUEST_OBJECT:
    case RESPONSE_OBJECT:
      return passOverBody(at);
    case <i32>slot.ANNOTATIONS:
      return readAnnotations(at);
    default:
      return readString(what, at);
  }
}

function readString(slot: i32, at: usize): usize {
  if (byte(at) != QUOTE) return NONE;
  const quote = closingQuote(at + 1);
  if (quote == NONE) return NONE;
  put(<usize>slot, at + 1, quote);
  return quote + 1;
}

function found(slot: i32, from: usize, behind: usize): usize {
  put(<usize>slot, from, behind);
  return behind;
}

function readUser(slot: i32, map: usize): usize {
  let at = firstMember(map);
  while (at != NONE && byte(at) == QUOTE) {
    const isName = OF_USER.at(at) != OTHER;
    at = behindColon(at);
    if (at != NONE) at = isName ? readString(slot + 1, at) : behindValue(at);
    at = nextMember(at);
  }
  return found(slot, map, behindMembers(at));
}

function readReference(map: usize): usize {
  let at = firstMember(map);
  while (at != NONE && byte(at) == QUOTE) {
    const what = OF_REFERENCE.at(at);
    at = behindColon(at);
    if (at != NONE) at = what == OTHER ? NONE : readString(what, at);
    at = nextMember(at);
  }
  const behind = behindMembers(at);
  if (behind != NONE) return found(<i32>slot.OBJECT_REF, map, behind);
  passOverReference();
  return byte(map) == OPEN_MAP ? found(<i32>slot.OBJECT_REF, map, behindNested(map)) : NONE;
}

function readStatus(map: usize): usize {
  let at = firstMember(map);
  while (at != NONE && byte(at) == QUOTE) {
    const isCode = OF_STATUS.at(at) != OTHER;
    at = behindColon(at);
    if (at != NONE) at = isCode ? readCode(at) : behindValue(at);
    at = nextMember(at);
  }
  return found(<i32>slot.RESPONSE_STATUS, map, behindMembers(at));
}

function readCode(at: usize): usize {
  const behind = behindDigits(at);
  return behind == at ? NONE : found(<i32>slot.CODE, at, behind);
}

function readAnnotations(map: usize): usize {
  let at = firstMember(map);
  while (at != NONE && byte(at) == QUOTE) {
    const what = OF_ANNOTATIONS.at(at);
    if (what == TRUNCATED) truncated = true;
    at = behindColon(at);
    if (at != NONE) at = what == OTHER || what == TRUNCATED ? behindValue(at) : readString(what, at);
    at = nextMember(at);
  }
  return found(<i32>slot.ANNOTATIONS, map, behindMembers(at));
}

/** From the first body to the end of the last one. */
function passOverBody(at: usize): usize {
  if (bodiesFrom == NONE) bodiesFrom = at;
  bodiesTo = behindValue(at);
  return bodiesTo;
}

/** The first member of a map, or its end. */
function firstMember(map: usize): usize {
  return byte(map) == OPEN_MAP ? behindSpace(map + 1) : NONE;
}

/** From behind a value to the member that follows, or the end of the map. */
function nextMember(behind: usize): usize {
  if (behind == NONE) return NONE;
  const at = behindSpace(behind);
  if (byte(at) != COMMA) return byte(at) == CLOSE_MAP ? at : NONE;
  const member = behindSpace(at + 1);
  return byte(member) == QUOTE ? member : NONE;
}

function behindMembers(at: usize): usize {
  return at != NONE && byte(at) == CLOSE_MAP ? at + 1 : NONE;
}

/** The value of the key that begins at a place. The key has no escapes: it would be another one than it seems. */
function behindColon(key: usize): usize {
  const quote = plainKeyEnd(key);
  if (quote == NONE) return NONE;
  const at = behindSpace(quote + 1);
  return byte(at) == COLON ? behindSpace(at + 1) : NONE;
}

function plainKeyEnd(key: usize): usize {
  if (byte(key) != QUOTE) return NONE;
  for (let at = key + 1; at < end; at++) {
    if (byte(at) == QUOTE) return at;
    if (byte(at) == BACKSLASH) return NONE;
  }
  return NONE;
}

function behindValue(at: usize): usize {
  const first = byte(at);
  if (first == OPEN_MAP || first == OPEN_LIST) return behindNested(at);
  if (first == QUOTE) {
    const quote = closingQuote(at + 1);
    return quote == NONE ? NONE : quote + 1;
  }
  let behind = at;
  while (isOfLiteral(byte(behind))) behind += 1;
  return behind == at ? NONE : behind;
}

/** Of a number, `true`, `false` or `null`. */
function isOfLiteral(what: u8): bool {
  const isWord = (what >= 0x30 && what <= 0x39) || (what >= 0x61 && what <= 0x7a);
  return isWord || what == MINUS || what == PLUS || what == DOT || what == UPPER_E;
}

function behindSpace(from: usize): usize {
  let at = from;
  while (byte(at) == 0x20 || byte(at) == 0x09 || byte(at) == 0x0d) at += 1;
  return at;
}
