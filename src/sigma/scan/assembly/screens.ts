// Tells of most texts at a glance that no needle occurs in them, in any case: as NeedleScreen does, with its tables.
import { byte, isPlain } from './bytes';

/** So many fields can be screened. */
const SCREENS: i32 = 4;
/** Two characters of ASCII make a pair. */
const PAIRS: usize = 1 << 14;

/** For each screen and pair, how far on the next one is to look at; and whether it begins a needle. */
const shifts = heap.alloc(<usize>SCREENS * PAIRS);
const begins = heap.alloc(<usize>SCREENS * PAIRS);
const windows = new StaticArray<usize>(SCREENS);
/** The fields whose they are. */
const fields = new StaticArray<i32>(SCREENS);
let used: i32 = 0;

/**
 * Makes a screen for a field, in place of the one that it has; its number, or -1 where there is no more room. Its tables are to be filled then.
 * @param window how long the shortest needle is
 */
export function newScreen(field: i32, window: usize): i32 {
  let screen = 0;
  while (screen < used && fields[screen] != field) screen += 1;
  if (screen == SCREENS) return -1;
  if (screen == used) used += 1;
  fields[screen] = field;
  windows[screen] = window;
  return screen;
}

export function shiftsOf(screen: i32): usize {
  return shifts + <usize>screen * PAIRS;
}

export function beginsOf(screen: i32): usize {
  return begins + <usize>screen * PAIRS;
}

/**
 * Of each screen four tables of sixteen: of the pairs that begin a needle, one bit of eight each, by the low and the high half of their first byte, and of their second.
 */
const halves = heap.alloc(<usize>SCREENS * 64);

/** To be called once the tables of a screen are filled. */
export function finishScreen(screen: i32): void {
  const isBegin = beginsOf(screen);
  const tables = halves + <usize>screen * 64;
  memory.fill(tables, 0, 64);
  let pairs = 0;
  for (let pair: usize = 0; pair < PAIRS; pair++) {
    if (load<u8>(isBegin + pair) == 0) continue;
    const bit = <u8>1 << <u8>(pairs++ & 7);
    mark(tables, pair >> 7, bit);
    mark(tables + 32, pair & 127, bit);
  }
}

function mark(tables: usize, byte: usize, bit: u8): void {
  const low = tables + (byte & 15);
  const high = tables + 16 + (byte >> 4);
  store<u8>(low, load<u8>(low) | bit);
  store<u8>(high, load<u8>(high) | bit);
}

/** False only where the text between two places is ASCII without escapes, and no needle occurs in it. */
export function mayOccur(screen: i32, from: usize, to: usize): bool {
  if (!isPlain(from, to)) return true;
  const tables = halves + <usize>screen * 64;
  const window = windows[screen];
  for (let at = from; at + window <= to; at += 16) {
    const bits = v128.and(bitsOf(tables, v128.load(at)), bitsOf(tables + 32, v128.load(at + 1)));
    let found = v128.bitmask<i8>(v128.ne<i8>(bits, i64x2.splat(0)));
    for (; found != 0; found &= found - 1) {
      const begin = at + ctz(found);
      if (begin + window <= to && mayBegin(screen, begin, begin + window - 2)) return true;
    }
  }
  return false;
}

// @ts-ignore: decorator
@inline
function bitsOf(tables: usize, bytes: v128): v128 {
  const low = v128.swizzle(v128.load(tables), v128.and(bytes, i8x16.splat(15)));
  const high = v128.swizzle(v128.load(tables + 16), v128.and(v128.shr<u16>(bytes, 4), i8x16.splat(15)));
  return v128.and(low, high);
}

/** Whether the pair at a place begins a needle, and the other stands where a needle's window ends. */
function mayBegin(screen: i32, first: usize, last: usize): bool {
  return load<u8>(beginsOf(screen) + pairAt(first)) != 0 && load<u8>(shiftsOf(screen) + pairAt(last)) == 0;
}

// @ts-ignore: decorator
@inline
function pairAt(at: usize): usize {
  return (<usize>byte(at) << 7) | <usize>byte(at + 1);
}
