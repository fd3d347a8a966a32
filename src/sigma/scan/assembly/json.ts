// Checks JSON (RFC 8259) without making anything of it.
import { byte, end, NONE } from './bytes';
import { BACKSLASH, CLOSE_MAP, COLON, COMMA, DOT, MINUS, OPEN_LIST, OPEN_MAP, PLUS, QUOTE, SPACE, UPPER_E } from './characters';

/** In a string of what was checked, a character is written as an escape that can stand for any character. */
export let hasEscapes: bool = false;

/** To be called before something else is checked. */
export function beginCheck(): void {
  hasEscapes = false;
}

/** What is nested deeper is not looked into. */
const MAX_DEPTH: usize = 1024;
/** For each depth, how what is open there is closed. */
const closers = memory.data(1024, 16);

/** Behind the JSON value that begins at a place; `NONE` where none does, or it is nested too deep. */
export function behindValue(from: usize): usize {
  let depth: usize = 0;
  let at = from;
  for (;;) {
    at = behindSpace(at);
    const first = byte(at);
    if (first == OPEN_MAP || first == OPEN_LIST) {
      const closer = first + 2;
      at = behindSpace(at + 1);
      if (byte(at) == closer) at += 1;
      else {
        if (depth == MAX_DEPTH) return NONE;
        store<u8>(closers + depth++, closer);
        if (closer == CLOSE_MAP) at = behindKey(at);
        if (at == NONE) return NONE;
        continue;
      }
    } else at = first == QUOTE ? behindString(at) : behindPlain(at);
    // Behind a value.
    for (;;) {
      if (at == NONE || depth == 0) return at;
      at = behindSpace(at);
      const closer = load<u8>(closers + depth - 1);
      if (byte(at) == closer) {
        depth -= 1;
        at += 1;
        continue;
      }
      if (byte(at) != COMMA) return NONE;
      at = closer == CLOSE_MAP ? behindKey(behindSpace(at + 1)) : at + 1;
      if (at == NONE) return NONE;
      break;
    }
  }
  return NONE;
}

/** Behind a key and its colon. */
// @ts-ignore: decorator
@inline
function behindKey(from: usize): usize {
  if (byte(from) != QUOTE) return NONE;
  const behind = behindString(from);
  if (behind == NONE) return NONE;
  const colon = behindSpace(behind);
  return byte(colon) == COLON ? colon + 1 : NONE;
}

// @ts-ignore: decorator
@inline
function behindSpace(from: usize): usize {
  let at = from;
  while (byte(at) <= SPACE && isSpace(byte(at))) at += 1;
  return at;
}

function isSpace(what: u8): bool {
  return what == SPACE || what == 0x0a || what == 0x0d || what == 0x09;
}

/** Behind the string that begins at a place. */
function behindString(from: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const backslashes = i8x16.splat(BACKSLASH);
  const spaces = i8x16.splat(SPACE);
  let at = from + 1;
  while (at < end) {
    const bytes = v128.load(at);
    const special = v128.or(v128.eq<i8>(bytes, quotes), v128.eq<i8>(bytes, backslashes));
    const found = v128.bitmask<i8>(v128.or(special, v128.lt<u8>(bytes, spaces)));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const what = byte(at);
    if (what == QUOTE) return at + 1;
    if (what != BACKSLASH || !isEscape(at + 1)) return NONE;
    at += 2;
  }
  return NONE;
}

/** Whether what follows a backslash may. */
function isEscape(at: usize): bool {
  switch (byte(at)) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return true;
    case 0x75: // u
      hasEscapes = true;
      return isHex(byte(at + 1)) && isHex(byte(at + 2)) && isHex(byte(at + 3)) && isHex(byte(at + 4));
    default:
      return false;
  }
}

function isHex(what: u8): bool {
  const letter = what | 0x20;
  return isDigit(what) || (letter >= 0x61 && letter <= 0x66);
}

// @ts-ignore: decorator
@inline
function isDigit(what: u8): bool {
  return what >= 0x30 && what <= 0x39;
}

/** Behind a number, `true`, `false` or `null`. */
function behindPlain(from: usize): usize {
  switch (byte(from)) {
    case 0x74: // true
      return load<u32>(from) == 0x65757274 ? from + 4 : NONE;
    case 0x66: // false
      return load<u32>(from + 1) == 0x65736c61 ? from + 5 : NONE;
    case 0x6e: // null
      return load<u32>(from) == 0x6c6c756e ? from + 4 : NONE;
    default:
      return behindNumber(from);
  }
}

function behindNumber(from: usize): usize {
  let at = byte(from) == MINUS ? from + 1 : from;
  at = byte(at) == 0x30 ? at + 1 : behindDigits(at);
  if (at != NONE && byte(at) == DOT) at = behindDigits(at + 1);
  if (at == NONE || (byte(at) & 0xdf) != UPPER_E) return at;
  const sign = byte(at + 1);
  return behindDigits(sign == PLUS || sign == MINUS ? at + 2 : at + 1);
}

/** Behind at least one digit. */
function behindDigits(from: usize): usize {
  let at = from;
  while (isDigit(byte(at))) at += 1;
  return at == from ? NONE : at;
}
