// Tells of most texts at a glance that no needle occurs in them, in any case.
import { byte, isPlain } from './bytes';
import { NEEDLE } from './needle';

/** So many fields can be screened. */
const SCREENS: i32 = 4;
/** Makes upper case lower, and leaves all else as many different characters as it can. */
const FOLD: u64 = 0x2020202020202020;

/** Of each screen four tables of sixteen: of each needle's first two bytes one bit of eight, by the low and the high half of the first byte, and of the second. */
const HALVES: usize = 64;
const halves = heap.alloc(<usize>SCREENS * HALVES);

/** Of each screen, by the hash of a needle's end, the number of the last needle with it, or 0. */
const HEADS: usize = 4096;
const heads = heap.alloc(<usize>SCREENS * HEADS * 2);

/** Needles of a screen; more than that are not told apart: any text may hold them. */
const NEEDLES: i32 = 2048;
/** Numbers of a needle: the number of another one with the same hash, or 0; where its text lies; and its length. */
const ENTRY: usize = 12;
const entries = heap.alloc(<usize>SCREENS * <usize>(NEEDLES + 1) * ENTRY);
const MAX_BYTES: usize = 64 * 1024;
const texts = heap.alloc(<usize>SCREENS * MAX_BYTES);

/** So much of the end of each needle is hashed. */
const lengths = new StaticArray<usize>(SCREENS);
/** How many needles a screen has, and how many bytes they take. */
const counts = new StaticArray<i32>(SCREENS);
const bytesUsed = new StaticArray<usize>(SCREENS);
/** There was no room for all needles. */
const isFull = new StaticArray<bool>(SCREENS);
/** The fields whose they are. */
const fields = new StaticArray<i32>(SCREENS);
let used: i32 = 0;

/**
 * Makes a screen for a field, in place of the one that it has, without needles; its number, or -1 where there is no more room.
 * @param length how much of the end of each needle is looked at first: two to eight bytes, and no needle is shorter
 */
export function newScreen(field: i32, length: usize): i32 {
  let screen = 0;
  while (screen < used && fields[screen] != field) screen += 1;
  if (screen == SCREENS) return -1;
  if (screen == used) used += 1;
  fields[screen] = field;
  lengths[screen] = length;
  counts[screen] = 0;
  bytesUsed[screen] = 0;
  isFull[screen] = false;
  memory.fill(halvesOf(screen), 0, HALVES);
  memory.fill(headsOf(screen), 0, HEADS * 2);
  return screen;
}

/** Adds the needle of so many bytes that was put at `needleStart`: ASCII. */
export function addNeedle(screen: i32, size: usize): void {
  const text = texts + <usize>screen * MAX_BYTES + bytesUsed[screen];
  isFull[screen] = isFull[screen] || counts[screen] == NEEDLES || bytesUsed[screen] + size > MAX_BYTES;
  if (isFull[screen]) return;
  bytesUsed[screen] += size;
  for (let i: usize = 0; i < size; i++) store<u8>(text + i, folded(NEEDLE.at + i));
  const end = NEEDLE.at + size - lengths[screen];
  const bit = <u8>1 << <u8>(counts[screen] & 7);
  mark(halvesOf(screen), folded(end), bit);
  mark(halvesOf(screen) + 32, folded(end + 1), bit);
  counts[screen] += 1;
  const head = headAt(screen, end);
  const entry = entryOf(screen, counts[screen]);
  store<u32>(entry, load<u16>(head));
  store<u32>(entry, <u32>text, 4);
  store<u32>(entry, <u32>size, 8);
  store<u16>(head, <u16>counts[screen]);
}

function mark(tables: usize, what: u8, bit: u8): void {
  const low = tables + (what & 15);
  const high = tables + 16 + (what >> 4);
  store<u8>(low, load<u8>(low) | bit);
  store<u8>(high, load<u8>(high) | bit);
}

/** Needles that are compared with one text: a text that was made to be like many of them costs no more. */
const MAX_TRIES = 256;
let tries = 0;

/** False only where the text between two places is ASCII without escapes, and no needle occurs in it. */
export function mayOccur(screen: i32, from: usize, to: usize): bool {
  if (isFull[screen] || !isPlain(from, to)) return true;
  const tables = halvesOf(screen);
  const length = lengths[screen];
  tries = MAX_TRIES;
  for (let at = from; at + length <= to; at += 16) {
    const bits = v128.and(bitsOf(tables, v128.load(at)), bitsOf(tables + 32, v128.load(at + 1)));
    let found = v128.bitmask<i8>(v128.ne<i8>(bits, i64x2.splat(0)));
    for (; found != 0; found &= found - 1) {
      const begin = at + ctz(found);
      if (begin + length <= to && endsNeedle(screen, from, begin)) return true;
    }
  }
  return false;
}

/** The bits of needles whose byte may be each of these. */
// @ts-ignore: decorator
@inline
function bitsOf(tables: usize, bytes: v128): v128 {
  const lower = v128.or(bytes, i64x2.splat(FOLD));
  const low = v128.swizzle(v128.load(tables), v128.and(lower, i8x16.splat(15)));
  const high = v128.swizzle(v128.load(tables + 16), v128.and(v128.shr<u16>(lower, 4), i8x16.splat(15)));
  return v128.and(low, high);
}

/** Whether what stands at a place is the end of a needle that stands in a text, or that was tried too often. */
function endsNeedle(screen: i32, from: usize, end: usize): bool {
  const behind = end + lengths[screen];
  let needle = <i32>load<u16>(headAt(screen, end));
  while (needle != 0) {
    if (tries-- == 0) return true;
    const entry = entryOf(screen, needle);
    const size = <usize>load<u32>(entry, 8);
    if (behind - from >= size && equalFolded(<usize>load<u32>(entry, 4), behind - size, size)) return true;
    needle = <i32>load<u32>(entry);
  }
  return false;
}

function equalFolded(needle: usize, at: usize, size: usize): bool {
  for (let i: usize = 0; i < size; i++) if (byte(needle + i) != folded(at + i)) return false;
  return true;
}

function headAt(screen: i32, end: usize): usize {
  const text = (load<u64>(end) | FOLD) & (u64.MAX_VALUE >> (64 - <u64>lengths[screen] * 8));
  return headsOf(screen) + (<usize>((text * 0x9e3779b97f4a7c15) >> 48) % HEADS) * 2;
}

function entryOf(screen: i32, needle: i32): usize {
  return entries + (<usize>screen * <usize>(NEEDLES + 1) + <usize>needle) * ENTRY;
}

function folded(at: usize): u8 {
  return byte(at) | 0x20;
}

function halvesOf(screen: i32): usize {
  return halves + <usize>screen * HALVES;
}

function headsOf(screen: i32): usize {
  return heads + <usize>screen * HEADS * 2;
}
