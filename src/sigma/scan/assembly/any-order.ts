// Reads events that were serialised again on their way: with space between, and keys in any order. It takes longer than reading what kube-apiserver wrote.
import { behindDigits, behindNested, byte, closingQuote, end, find, has, NONE } from './bytes';
import { BACKSLASH, CLOSE_MAP, COLON, COMMA, DOT, MINUS, OPEN_LIST, OPEN_MAP, PLUS, QUOTE, UPPER_E } from './characters';
import * as slot from './slots';
import { passOverReference, put } from './slots';
import { Text, text } from './text';

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

/** The username has the slot behind the user's own. */
const OF_USER = new Keys().and('username', <i32>slot.USER + 1);
const OF_IMPERSONATED_USER = new Keys().and('username', <i32>slot.IMPERSONATED_USER + 1);
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
/** From the key of the first body to the end of the last one. */
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
    const isBody = what == REQUEST_OBJECT || what == RESPONSE_OBJECT;
    // A body's key is a part of what was passed over, as in the lines of kube-apiserver.
    if (isBody && bodiesFrom == NONE) bodiesFrom = at;
    at = behindColon(at);
    if (at != NONE) at = isBody ? behindValue(at) : readValue(what, at);
    if (isBody) bodiesTo = at;
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
      return found(what, at, readMembers(OF_USER, at));
    case <i32>slot.IMPERSONATED_USER:
      return found(what, at, readMembers(OF_IMPERSONATED_USER, at));
    case <i32>slot.AUTHENTICATION_METADATA:
      return byte(at) == OPEN_MAP ? found(what, at, behindNested(at)) : NONE;
    case <i32>slot.SOURCE_IPS:
      return byte(at) == OPEN_LIST ? found(what, at, behindNested(at)) : NONE;
    case <i32>slot.OBJECT_REF:
      return readReference(at);
    case <i32>slot.RESPONSE_STATUS:
      return found(what, at, readMembers(OF_STATUS, at));
    case <i32>slot.ANNOTATIONS:
      return found(what, at, readMembers(OF_ANNOTATIONS, at));
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

function readReference(map: usize): usize {
  const behind = readMembers(OF_REFERENCE, map, true);
  if (behind != NONE) return found(<i32>slot.OBJECT_REF, map, behind);
  passOverReference();
  return byte(map) == OPEN_MAP ? found(<i32>slot.OBJECT_REF, map, behindNested(map)) : NONE;
}

/** The members of a map that begins at a place, as far as their keys are told; others are passed over, or (`alone`) must not be there. */
function readMembers(keys: Keys, map: usize, alone: bool = false): usize {
  if (byte(map) != OPEN_MAP) return NONE;
  let at = behindSpace(map + 1);
  while (at != NONE && byte(at) == QUOTE) {
    const what = keys.at(at);
    at = behindColon(at);
    if (at != NONE) at = alone && what == OTHER ? NONE : readMember(what, at);
    at = nextMember(at);
  }
  return at != NONE && byte(at) == CLOSE_MAP ? at + 1 : NONE;
}

function readMember(what: i32, at: usize): usize {
  switch (what) {
    case <i32>slot.CODE:
      return readCode(at);
    case TRUNCATED:
      truncated = true;
      return behindValue(at);
    case OTHER:
      return behindValue(at);
    default:
      return readString(what, at);
  }
}

function readCode(at: usize): usize {
  const behind = behindDigits(at);
  return behind == at ? NONE : found(<i32>slot.CODE, at, behind);
}

/** From behind a value to the member that follows, or the end of the map. */
function nextMember(behind: usize): usize {
  if (behind == NONE) return NONE;
  const at = behindSpace(behind);
  if (byte(at) != COMMA) return byte(at) == CLOSE_MAP ? at : NONE;
  const member = behindSpace(at + 1);
  return byte(member) == QUOTE ? member : NONE;
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
