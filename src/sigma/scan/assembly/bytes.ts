import { BACKSLASH, CLOSE_LIST, CLOSE_MAP, COMMA, LINE_BREAK, OPEN_MAP, QUOTE } from './characters';
import { Text } from './text';

/** Of a search: nothing was found. No line begins there. */
export const NONE: usize = 0;

/** Where the line at hand begins. */
export let begin: usize = 0;

/** Behind the last byte of the line at hand. */
export let end: usize = 0;

/** So many zeros lie behind the line at hand, so that reading on finds nothing. */
const ZEROS: usize = 64;
/** What the zeros took the place of. */
const COVERED = memory.data(64, 16);

/** Turns to the line between two places, until it is left. */
export function enterLine(from: usize, to: usize): void {
  begin = from;
  end = to;
  for (let i: usize = 0; i < ZEROS; i += 16) {
    v128.store(COVERED + i, v128.load(to + i));
    v128.store(to + i, i64x2.splat(0));
  }
}

/** Puts back what was behind the line at hand. */
export function leaveLine(): void {
  for (let i: usize = 0; i < ZEROS; i += 16) v128.store(end + i, v128.load(COVERED + i));
}

// @ts-ignore: decorator
@inline
export function byte(at: usize): u8 {
  return load<u8>(at);
}

/** Whether this very text stands at a place. */
// @ts-ignore: decorator
@inline
export function has(text: Text, at: usize): bool {
  const length = text.length;
  return at + length <= end && equal(text.at, at, length);
}

/** Whether so many bytes are the same at two places. */
export function equalBytes(a: usize, b: usize, length: usize): bool {
  if (length >= 4) return equal(a, b, length);
  for (let i: usize = 0; i < length; i++) if (byte(a + i) != byte(b + i)) return false;
  return true;
}

/** The same for four bytes at least. */
function equal(a: usize, b: usize, length: usize): bool {
  if (length >= 16) {
    for (let i: usize = 0; i < length - 16; i += 16) if (!equalVectors(a + i, b + i)) return false;
    return equalVectors(a + length - 16, b + length - 16);
  }
  if (length >= 8) {
    return load<u64>(a) == load<u64>(b) && load<u64>(a + length - 8) == load<u64>(b + length - 8);
  }
  return load<u32>(a) == load<u32>(b) && load<u32>(a + length - 4) == load<u32>(b + length - 4);
}

// @ts-ignore: decorator
@inline
function equalVectors(a: usize, b: usize): bool {
  return v128.all_true<i8>(v128.eq<i8>(v128.load(a), v128.load(b)));
}

/** The quote that ends the string whose text begins at a place. */
export function closingQuote(from: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const backslashes = i8x16.splat(BACKSLASH);
  let at = from;
  while (at < end) {
    const bytes = v128.load(at);
    const found = v128.bitmask<i8>(v128.or(v128.eq<i8>(bytes, quotes), v128.eq<i8>(bytes, backslashes)));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (byte(at) == QUOTE) return at;
    at += 2;
  }
  return NONE;
}

/** Behind the list of strings that begins at a place. */
export function behindStrings(from: usize): usize {
  if (byte(from + 1) == CLOSE_LIST) return from + 2;
  let at = from;
  do {
    if (byte(at + 1) != QUOTE) return NONE;
    const quote = closingQuote(at + 2);
    if (quote == NONE) return NONE;
    at = quote + 1;
  } while (byte(at) == COMMA);
  return byte(at) == CLOSE_LIST ? at + 1 : NONE;
}

/** Behind the map or list that begins at a place, whatever is in it; with a depth, behind so many that began before. */
export function behindNested(from: usize, outside: i32 = 0): usize {
  const quotes = i8x16.splat(QUOTE);
  const opening = i8x16.splat(OPEN_MAP);
  const closing = i8x16.splat(CLOSE_MAP);
  // Makes a bracket a brace.
  const bit = i8x16.splat(0x20);
  let depth = outside;
  let at = from;
  while (at < end) {
    const bytes = v128.load(at);
    const braces = v128.or(bytes, bit);
    const ends = v128.or(v128.eq<i8>(braces, opening), v128.eq<i8>(braces, closing));
    const found = v128.bitmask<i8>(v128.or(v128.eq<i8>(bytes, quotes), ends));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const what = byte(at);
    if (what == QUOTE) {
      at = closingQuote(at + 1);
      if (at == NONE) return NONE;
    } else depth += (what | 0x20) == OPEN_MAP ? 1 : -1;
    at += 1;
    if (depth <= 0) return depth == 0 ? at : NONE;
  }
  return NONE;
}

/** Behind the number of at most nine digits that begins at a place; the place itself where there is none. */
export function behindDigits(from: usize): usize {
  let at = from;
  while (at < from + 9 && byte(at) >= 0x30 && byte(at) <= 0x39) at += 1;
  return at;
}

/**
 * Behind the map that a place is inside of, if it holds no other map from there on, or (`inner`) at most one, and that at its end: then it is enough to count
 * braces. They are no part of a string if the end of the line follows, or a comma, a quotation mark and a letter: within a string the quote would be
 * escaped. `NONE` where it is not so simple.
 */
export function behindFlatMap(from: usize, inner: bool): usize {
  let at = brace(from);
  let depth = 1;
  if (inner && at != NONE && byte(at) == OPEN_MAP) {
    depth = 2;
    at = brace(at + 1);
  }
  for (; depth > 0; depth--, at++) {
    if (at == NONE || byte(at) != CLOSE_MAP) return NONE;
  }
  if (byte(at) == COMMA && byte(at + 1) == QUOTE && isLetter(byte(at + 2))) return at;
  return byte(at) == CLOSE_MAP && at + 1 == end ? at : NONE;
}

/** The first brace from a place on, be it part of a string or not; or a vertical bar, a tilde or a byte beyond ASCII, if one comes before. */
function brace(from: usize): usize {
  const below = i8x16.splat(OPEN_MAP - 1);
  for (let at = from; at < end; at += 16) {
    const found = v128.bitmask<i8>(v128.gt<u8>(v128.load(at), below));
    if (found != 0) return at + ctz(found);
  }
  return NONE;
}

/** Whether the text between two places is ASCII without escapes. */
export function isPlain(from: usize, to: usize): bool {
  const backslashes = i8x16.splat(BACKSLASH);
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const found = v128.bitmask<i8>(v128.or(v128.eq<i8>(bytes, backslashes), bytes));
    if (found != 0 && at + ctz(found) < to) return false;
  }
  return true;
}

/** The first occurrence of a text from one place on and before another. */
export function find(text: Text, from: usize, before: usize): usize {
  const last = text.length - 1;
  const within = min<usize>(2, last);
  const somes = i8x16.splat(load<i8>(text.at + within));
  const lasts = i8x16.splat(load<i8>(text.at + last));
  for (let at = from; at + text.length <= before; at += 16) {
    let found = occurrences(at + within, somes, at + last, lasts);
    for (; found != 0; found &= found - 1) {
      const place = at + ctz(found);
      if (place + text.length <= before && equalBytes(text.at, place, text.length)) return place;
    }
  }
  return NONE;
}

/** The last occurrence of a text of three bytes at least from a place on. */
export function findLast(text: Text, from: usize): usize {
  const last = text.length - 1;
  const thirds = i8x16.splat(load<i8>(text.at + 2));
  const lasts = i8x16.splat(load<i8>(text.at + last));
  let behind = end - last;
  while (behind > from) {
    const at = behind - from >= 16 ? behind - 16 : from;
    let found = occurrences(at + 2, thirds, at + last, lasts) & ((1 << (<i32>(behind - at))) - 1);
    while (found != 0) {
      const highest = 31 - clz(found);
      const place = at + highest;
      if (equalBytes(text.at, place, text.length)) return place;
      found ^= 1 << highest;
    }
    behind = at;
  }
  return NONE;
}

/** At which of sixteen places, counted from two on, one byte stands here and another there. */
// @ts-ignore: decorator
@inline
function occurrences(here: usize, one: v128, there: usize, other: v128): i32 {
  return v128.bitmask<i8>(v128.and(v128.eq<i8>(v128.load(here), one), v128.eq<i8>(v128.load(there), other)));
}

function isLetter(what: u8): bool {
  return what >= 0x61 && what <= 0x7a;
}

/** The first line break from one place on and before another; behind that must be room for 64 bytes. */
export function findLineBreak(from: usize, before: usize): usize {
  let at = from;
  while (at < before && !v128.any_true(v128.or(v128.or(breaksAt(at), breaksAt(at + 16)), v128.or(breaksAt(at + 32), breaksAt(at + 48))))) {
    at += 64;
  }
  for (; at < before; at += 16) {
    const found = v128.bitmask<i8>(breaksAt(at));
    if (found != 0) return at + ctz(found) < before ? at + ctz(found) : NONE;
  }
  return NONE;
}

// @ts-ignore: decorator
@inline
function breaksAt(at: usize): v128 {
  return v128.eq<i8>(v128.load(at), i8x16.splat(LINE_BREAK));
}
