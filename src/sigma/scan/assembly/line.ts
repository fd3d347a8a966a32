// Reads a line of kube-apiserver's audit log.
import { readAnyOrder, truncated } from './any-order';
import { begin, behindDigits, behindFlatMap, behindNested, behindStrings, byte, closingQuote, end, find, findLast, has, NONE } from './bytes';
import { BACKSLASH, CLOSE_MAP, COLON, COMMA, DOT, QUOTE, ZULU } from './characters';
import { beginCheck, behindValue, hasEscapes } from './json';
import { NEEDLE } from './needle';
import * as slot from './slots';
import { clearSlots, endOf, isReferenceRead, passOverReference, put, startOf } from './slots';
import { Text, text } from './text';

/** How kube-apiserver begins every event. */
const EVENT_START = text('{"kind":"Event","apiVersion":"audit.k8s.io/');

// Keys, with what stands around them.
const KEY_LEVEL = text('{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"');
const KEY_AUDIT_ID = text('","auditID":"');
const KEY_STAGE = text('","stage":"');
const KEY_REQUEST_URI = text('","requestURI":"');
const KEY_VERB = text('","verb":"');
const KEY_USER = text('","user":{');
const KEY_USERNAME = text('"username":"');
const KEY_IMPERSONATED_USER = text(',"impersonatedUser":{');
const KEY_AUTHENTICATION_METADATA = text(',"authenticationMetadata":{');
const KEY_SOURCE_IPS = text(',"sourceIPs":[');
const KEY_USER_AGENT = text(',"userAgent":"');
const KEY_OBJECT_REF = text(',"objectRef":{');
const KEY_PLAIN_STATUS = text(',"responseStatus":{"metadata":{},"code":');
const KEY_RESPONSE_STATUS = text(',"responseStatus":{');
const KEY_METADATA = text('"metadata":{}');
const KEY_DETAILS = text('"details":{');
const KEY_CODE = text('"code":');
const KEY_STATUS = text('"status":"');
const KEY_MESSAGE = text('"message":"');
const KEY_REASON = text('"reason":"');
const KEY_REQUEST_OBJECT = text(',"requestObject":');
const KEY_RESPONSE_OBJECT = text(',"responseObject":');
const KEY_REQUEST_RECEIVED = text(',"requestReceivedTimestamp":"');
const KEY_STAGE_TIMESTAMP = text('","stageTimestamp":"');
const KEY_ANNOTATIONS = text('","annotations":{');
const KEY_DECISION = text('"authorization.k8s.io/decision":"');
const KEY_REASON_OF_DECISION = text('"authorization.k8s.io/reason":"');
const KEY_TRUNCATED = text('"audit.k8s.io/truncated":"');
const KEY_RESOURCE = text('"resource":"');
const KEY_NAMESPACE = text('"namespace":"');
const KEY_NAME = text('"name":"');
const KEY_UID = text('"uid":"');
const KEY_API_GROUP = text('"apiGroup":"');
const KEY_API_VERSION = text('"apiVersion":"');
const KEY_RESOURCE_VERSION = text('"resourceVersion":"');
const KEY_SUBRESOURCE = text('"subresource":"');

const METADATA = text('"Metadata"');
const REQUEST_RECEIVED = text('"RequestReceived"');
const RESPONSE_STARTED = text('"ResponseStarted"');
const RESPONSE_COMPLETE = text('"ResponseComplete"');
const PANIC = text('"Panic"');

// What `read` says of a line; 0 where it is not as expected.
export const READ = 1;
/** Nothing but its level, auditID and stage was read: the stage is one of the hidden ones. */
export const HIDDEN = 2;
/** `objectRef` is there, with a member that kube-apiserver does not write, or is no map of strings. */
const UNREADABLE_REFERENCE = 4;

let stage: i32 = -1;

/** The stage of a line that was read, in the order of the bits of `hiddenStages`; -1 for another one. */
export function stageOfLine(): i32 {
  return stage;
}

/** The line was serialised again. */
let anyOrder: bool = false;

/**
 * Reads the line at hand. Bits of `hiddenStages`, from the first: RequestReceived, ResponseStarted, ResponseComplete, Panic. Lines of these are read no further than
 * their stage, and whether another event begins in them.
 */
export function read(hiddenStages: i32): i32 {
  clearSlots();
  anyOrder = false;
  annotationsRead = false;
  if (has(KEY_LEVEL, begin)) {
    const result = readAsWritten(hiddenStages);
    if (result != 0) return result;
    clearSlots();
  }
  anyOrder = true;
  return readAnyOrder(begin) ? resultOf(isHidden(hiddenStages)) : 0;
}

export function beginOfLine(): usize {
  return begin;
}

function readAsWritten(hiddenStages: i32): i32 {
  let at = readStage(begin);
  if (at == NONE) return 0;
  if (isHidden(hiddenStages)) return isWholeAndAlone() ? READ | HIDDEN : 0;
  at = readRequest(at);
  if (at != NONE) at = readReference(at);
  if (at != NONE) at = readStatus(at);
  if (at != NONE) at = skipBodies(at);
  return at != NONE && readTail(at) ? resultOf(false) : 0;
}

function isHidden(hiddenStages: i32): bool {
  stage = findStage();
  return stage >= 0 && (hiddenStages & (1 << stage)) != 0;
}

function resultOf(hidden: bool): i32 {
  return READ | (hidden ? HIDDEN : 0) | (isReferenceRead() ? 0 : UNREADABLE_REFERENCE);
}

// The functions below read on from a place and say where they stopped: at `NONE` where something else stands there than kube-apiserver writes.

function readStage(start: usize): usize {
  let at = readString(slot.LEVEL, start + KEY_LEVEL.length, KEY_AUDIT_ID);
  if (at != NONE) at = readString(slot.AUDIT_ID, at, KEY_STAGE);
  return at != NONE ? readString(slot.STAGE, at, KEY_REQUEST_URI) : NONE;
}

function findStage(): i32 {
  const at = startOf(slot.STAGE) - 1;
  if (has(RESPONSE_COMPLETE, at)) return 2;
  if (has(REQUEST_RECEIVED, at)) return 0;
  if (has(RESPONSE_STARTED, at)) return 1;
  return has(PANIC, at) ? 3 : -1;
}

/** As far as its end tells, and because no other event begins in it. */
function isWholeAndAlone(): bool {
  return byte(end - 1) == CLOSE_MAP && find(EVENT_START, begin + 1, end) == NONE;
}

function readRequest(start: usize): usize {
  let at = readString(slot.REQUEST_URI, start, KEY_VERB);
  if (at != NONE) at = readString(slot.VERB, at, KEY_USER);
  if (at != NONE) at = readUser(slot.USER, at);
  if (at != NONE && has(KEY_IMPERSONATED_USER, at)) {
    at = readUser(slot.IMPERSONATED_USER, at + KEY_IMPERSONATED_USER.length);
  }
  if (at != NONE && has(KEY_AUTHENTICATION_METADATA, at)) {
    const map = at + KEY_AUTHENTICATION_METADATA.length - 1;
    at = found(slot.AUTHENTICATION_METADATA, map, behindNested(map));
  }
  if (at != NONE && has(KEY_SOURCE_IPS, at)) {
    const list = at + KEY_SOURCE_IPS.length - 1;
    at = found(slot.SOURCE_IPS, list, behindStrings(list));
  }
  if (at == NONE || !has(KEY_USER_AGENT, at)) return at;
  at = readText(slot.USER_AGENT, at + KEY_USER_AGENT.length);
  return at == NONE ? NONE : at + 1;
}

/** The text of a string, and what must follow from its closing quote on. */
function readString(slot: usize, start: usize, next: Text): usize {
  const quote = closingQuote(start);
  if (quote == NONE || !has(next, quote)) return NONE;
  put(slot, start, quote);
  return quote + next.length;
}

/** The text of a string; stops at its closing quote. */
function readText(slot: usize, start: usize): usize {
  return found(slot, start, closingQuote(start));
}

function found(slot: usize, start: usize, behind: usize): usize {
  put(slot, start, behind);
  return behind;
}

/** UserInfo behind its bracket: nothing, or a username and the rest. */
function readUser(slot: usize, start: usize): usize {
  if (!has(KEY_USERNAME, start)) return byte(start) == CLOSE_MAP ? found(slot, start - 1, start + 1) : NONE;
  const name = readText(slot + 1, start + KEY_USERNAME.length);
  if (name == NONE) return NONE;
  // At most one map is inside, `extra`, and nothing behind it.
  const behind = behindFlatMap(name + 1, true);
  return found(slot, start - 1, behind != NONE ? behind : behindNested(name + 1, 1));
}

function readReference(at: usize): usize {
  if (!has(KEY_OBJECT_REF, at)) return at;
  const map = at + KEY_OBJECT_REF.length - 1;
  let place = map;
  do {
    place = readMember(place + 1);
  } while (place != NONE && byte(place) == COMMA);
  if (place != NONE && byte(place) == CLOSE_MAP) return found(slot.OBJECT_REF, map, place + 1);
  passOverReference();
  return found(slot.OBJECT_REF, map, behindNested(map));
}

/** A member of `objectRef`; stops behind it. The second character of its key tells which it may be, and the place of another one. */
function readMember(at: usize): usize {
  switch (byte(at + 1)) {
    case 0x72: // r
      return has(KEY_RESOURCE, at)
        ? readMemberText(slot.RESOURCE, at, KEY_RESOURCE)
        : readMemberText(slot.RESOURCE_VERSION, at, KEY_RESOURCE_VERSION);
    case 0x6e: // n
      return has(KEY_NAME, at)
        ? readMemberText(slot.NAME, at, KEY_NAME)
        : readMemberText(slot.NAMESPACE, at, KEY_NAMESPACE);
    case 0x61: // a
      return has(KEY_API_VERSION, at)
        ? readMemberText(slot.API_VERSION, at, KEY_API_VERSION)
        : readMemberText(slot.API_GROUP, at, KEY_API_GROUP);
    case 0x75: // u
      return readMemberText(slot.UID, at, KEY_UID);
    default:
      return readMemberText(slot.SUBRESOURCE, at, KEY_SUBRESOURCE);
  }
}

function readMemberText(slot: usize, at: usize, key: Text): usize {
  if (!has(key, at)) return NONE;
  const quote = readText(slot, at + key.length);
  return quote == NONE ? NONE : quote + 1;
}

function readStatus(start: usize): usize {
  let at: usize;
  if (has(KEY_PLAIN_STATUS, start)) at = readCode(start + KEY_PLAIN_STATUS.length);
  else if (!has(KEY_RESPONSE_STATUS, start)) return start;
  else {
    at = start + KEY_RESPONSE_STATUS.length - 1;
    do at = readStatusMember(at + 1);
    while (at != NONE && byte(at) == COMMA);
  }
  if (at == NONE || byte(at) != CLOSE_MAP) return NONE;
  return found(slot.RESPONSE_STATUS, start + KEY_RESPONSE_STATUS.length - 1, at + 1);
}

function readCode(start: usize): usize {
  const behind = behindDigits(start);
  return behind == start ? NONE : found(slot.CODE, start, behind);
}

function readStatusMember(at: usize): usize {
  if (has(KEY_CODE, at)) return readCode(at + KEY_CODE.length);
  if (has(KEY_METADATA, at)) return at + KEY_METADATA.length;
  if (has(KEY_DETAILS, at)) return behindNested(at + KEY_DETAILS.length - 1);
  if (has(KEY_STATUS, at)) return behindString(at + KEY_STATUS.length);
  if (has(KEY_MESSAGE, at)) return behindString(at + KEY_MESSAGE.length);
  return has(KEY_REASON, at) ? behindString(at + KEY_REASON.length) : NONE;
}

/** Behind the string whose text begins at a place. */
function behindString(from: usize): usize {
  const quote = closingQuote(from);
  return quote == NONE ? NONE : quote + 1;
}

/** At the level Metadata there are none. */
function skipBodies(start: usize): usize {
  if (!has(KEY_REQUEST_OBJECT, start) && !has(KEY_RESPONSE_OBJECT, start)) return start;
  if (has(METADATA, startOf(slot.LEVEL) - 1)) return NONE;
  const tail = findLast(KEY_REQUEST_RECEIVED, start);
  if (tail == NONE || find(EVENT_START, start, tail) != NONE) return NONE;
  return found(slot.BODIES, start, tail);
}

// What `readBodies` says of the bodies that were jumped over; 0 where they are something else.
/** They are JSON and nothing more. */
const JSON_ALONE = 1;
/** Their slots say where each of them stands. */
const PLACES_KNOWN = 2;
/** Characters are written in them as escapes that can stand for any character. */
const ESCAPES = 4;

/** In a line that was serialised again they were looked through before. */
export function readBodies(): i32 {
  if (anyOrder) return JSON_ALONE | ESCAPES;
  beginCheck();
  let at = startOf(slot.BODIES);
  if (has(KEY_REQUEST_OBJECT, at)) at = readBody(slot.REQUEST_OBJECT, at + KEY_REQUEST_OBJECT.length);
  if (at != NONE && has(KEY_RESPONSE_OBJECT, at)) at = readBody(slot.RESPONSE_OBJECT, at + KEY_RESPONSE_OBJECT.length);
  if (at != endOf(slot.BODIES)) return 0;
  return JSON_ALONE | PLACES_KNOWN | (hasEscapes ? ESCAPES : 0);
}

function readBody(slot: usize, at: usize): usize {
  return found(slot, at, behindValue(at));
}

/** Whether the text of so many bytes at `needleStart`, at most 256, occurs in the bodies. */
export function occursInBodies(length: usize): bool {
  NEEDLE.length = length;
  return find(NEEDLE, startOf(slot.BODIES), endOf(slot.BODIES)) != NONE;
}

/** Whether the timestamps and annotations stand from a place on, up to the end. */
function readTail(start: usize): bool {
  if (!has(KEY_REQUEST_RECEIVED, start)) return false;
  let at = readString(slot.REQUEST_RECEIVED, start + KEY_REQUEST_RECEIVED.length, KEY_STAGE_TIMESTAMP);
  if (at != NONE) at = readText(slot.STAGE_TIMESTAMP, at);
  if (at == NONE) return false;
  let behind = at + 1;
  if (has(KEY_ANNOTATIONS, at)) {
    const map = at + KEY_ANNOTATIONS.length - 1;
    behind = behindFlatMap(map + 1, false);
    if (behind == NONE) behind = behindNested(map);
    put(slot.ANNOTATIONS, map, behind);
  }
  return behind != NONE && byte(behind) == CLOSE_MAP && behind + 1 == end;
}

/** `2026-11-24T05:48:24.739583Z` */
const TIMESTAMP: usize = 27;

/** When the request was received: µs since the full minute; -1 where that was not read, or is not as kube-apiserver writes it. */
export function receivedInMinute(): i32 {
  const from = startOf(slot.REQUEST_RECEIVED);
  if (endOf(slot.REQUEST_RECEIVED) != from + TIMESTAMP) return -1;
  if (byte(from + 16) != COLON || byte(from + 19) != DOT || byte(from + 26) != ZULU) return -1;
  let micros: i32 = 0;
  for (let at: usize = 17; at < 26; at++) {
    if (at == 19) continue;
    const digit = <i32>byte(from + at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    micros = micros * 10 + digit;
  }
  return micros;
}

const TRUNCATED = 2;

let annotations: i32 = READ;
let annotationsRead: bool = false;

/** Finds the annotations that have slots: `READ`, with `TRUNCATED` where the server says that it cut bodies off; 0 where they are not as expected. */
export function readAnnotations(): i32 {
  if (!annotationsRead) annotations = annotationsOfLine();
  annotationsRead = true;
  return annotations;
}

function annotationsOfLine(): i32 {
  if (anyOrder) return truncated ? READ | TRUNCATED : READ;
  if (endOf(slot.ANNOTATIONS) == 0) return READ;
  annotations = READ;
  let at = startOf(slot.ANNOTATIONS);
  do at = readAnnotation(at + 1);
  while (at != NONE && byte(at) == COMMA);
  return at != NONE && at + 1 == endOf(slot.ANNOTATIONS) ? annotations : 0;
}

/** Whether the line has no bodies, nor had any that were cut off. */
export function hasNoBodies(): bool {
  return endOf(slot.BODIES) == 0 && readAnnotations() == READ;
}

function readAnnotation(at: usize): usize {
  let quote: usize;
  if (has(KEY_DECISION, at)) quote = readText(slot.DECISION, at + KEY_DECISION.length);
  else if (has(KEY_REASON_OF_DECISION, at)) quote = readText(slot.REASON, at + KEY_REASON_OF_DECISION.length);
  else quote = readOtherAnnotation(at);
  return quote == NONE ? NONE : quote + 1;
}

/** Its key must be written without escapes. */
function readOtherAnnotation(at: usize): usize {
  const quote = byte(at) == QUOTE ? closingQuote(at + 1) : NONE;
  if (quote == NONE || byte(quote + 1) != COLON || byte(quote + 2) != QUOTE) return NONE;
  if (has(KEY_TRUNCATED, at)) annotations |= TRUNCATED;
  for (let key = at; key < quote; key++) if (byte(key) == BACKSLASH) return NONE;
  return closingQuote(quote + 3);
}
