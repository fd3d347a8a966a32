// Remembers, for the values of some slots, what the caller called them: classes, numbers from 1 on. So a value that comes again need not leave this memory.
import { equalBytes } from './bytes';
import { readAnnotations } from './line';
import { mayOccur } from './screens';
import * as slot from './slots';
import { endOf, isReferenceRead, startOf } from './slots';

/**
 * What is known of a field: the number of its watch, its slot, the slot of its container, flags, the class of its absence, a screen, and the class of texts in which
 * that finds nothing.
 */
const WATCH: usize = 28;
const WATCHES = memory.data(32 * 28, 16);

/** Of a field that is another one's in disguise: where the event may have keys that were not read, it may be there under its own name. */
const MAPPED: i32 = 1;

/** Numbers of an entry: the hash, the number of its watch, its length, where the bytes lie, and the class. */
const ENTRY: usize = 20;
const ENTRIES: usize = 16_384;
/** Entries that are tried for a value: texts that were made to collide displace one another, and cost no more. */
const TRIES: usize = 4;
const MAX_LENGTH: usize = 512;
const MAX_BYTES: usize = 1024 * 1024;

const table = heap.alloc(ENTRIES * ENTRY);
const texts = heap.alloc(MAX_BYTES + 16);
let used: usize = 0;
let watches: u32 = 0;

/**
 * From now on classes of a field are remembered, and none of those from before. @param field a number below 32
 * @param container the slot of the map that its slot is in; -1: none
 */
export function watch(field: usize, slot: i32, container: i32, flags: i32): void {
  const at = WATCHES + field * WATCH;
  watches += 1;
  store<u32>(at, watches);
  store<i32>(at, slot, 4);
  store<i32>(at, container, 8);
  store<i32>(at, flags, 12);
  // The class of its absence.
  store<i32>(at, 0, 16);
  store<i32>(at, -1, 20);
}

/** Tells a class of a watched field for all texts in which no needle of a screen occurs. */
export function learnScreen(field: usize, screen: i32, value: i32): void {
  const at = WATCHES + field * WATCH;
  store<i32>(at, screen, 20);
  store<i32>(at, value, 24);
}

/** Remembers the class of what the line at hand has in a watched field. */
export function learn(field: usize, value: i32): void {
  const at = WATCHES + field * WATCH;
  const slot = <usize>load<i32>(at, 4);
  const to = endOf(slot);
  if (to == 0) {
    store<i32>(at, value, 16);
    return;
  }
  const from = startOf(slot);
  const length = to - from;
  if (length > MAX_LENGTH || recall(from, to, load<u32>(at)) == value) return;
  if (used + length > MAX_BYTES) forget();
  const hash = hashOf(from, length);
  const entry = freeEntry(hash);
  memory.copy(texts + used, from, length);
  store<u32>(entry, hash);
  store<u32>(entry, load<u32>(at), 4);
  store<u32>(entry, <u32>length, 8);
  store<u32>(entry, <u32>(texts + used), 12);
  store<i32>(entry, value, 16);
  used += length;
}

/** The class of what the line at hand has in a watched field; 0 where it is not known. */
export function classOf(field: usize): i32 {
  const at = WATCHES + field * WATCH;
  const hasBodies = endOf(slot.BODIES) != 0;
  if (hasBodies && (load<i32>(at, 12) & MAPPED) != 0) return 0;
  const place = <usize>load<i32>(at, 4);
  const container = load<i32>(at, 8);
  const membersRead = container < 0 || areMembersRead(<usize>container);
  const to = endOf(place);
  if (to != 0) {
    const screen = load<i32>(at, 20);
    if (screen >= 0 && !mayOccur(screen, startOf(place), to)) return load<i32>(at, 24);
    return recall(startOf(place), to, load<u32>(at));
  }
  const isMissing = container < 0 || endOf(<usize>container) == 0 ? !hasBodies : membersRead;
  return isMissing ? load<i32>(at, 16) : 0;
}

/** Whether it is known which members a map has, of those that have slots. */
function areMembersRead(container: usize): bool {
  if (container == slot.ANNOTATIONS) return readAnnotations() != 0;
  return container == slot.OBJECT_REF && isReferenceRead();
}

function recall(from: usize, to: usize, watch: u32): i32 {
  const length = to - from;
  if (length > MAX_LENGTH) return 0;
  const hash = hashOf(from, length);
  for (let i: usize = 0; i < TRIES; i++) {
    const entry = table + ((<usize>hash + i) % ENTRIES) * ENTRY;
    if (load<u32>(entry) != hash || load<u32>(entry, 4) != watch || load<u32>(entry, 8) != <u32>length) continue;
    if (equalBytes(<usize>load<u32>(entry, 12), from, length)) return load<i32>(entry, 16);
  }
  return 0;
}

/** A free one, or one that is displaced. */
function freeEntry(hash: u32): usize {
  for (let i: usize = 0; i < TRIES; i++) {
    const entry = table + ((<usize>hash + i) % ENTRIES) * ENTRY;
    if (load<u32>(entry, 4) == 0) return entry;
  }
  return table + (<usize>hash % ENTRIES) * ENTRY;
}

/** Forgets all classes of values. */
function forget(): void {
  memory.fill(table, 0, ENTRIES * ENTRY);
  used = 0;
}

function hashOf(from: usize, length: usize): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let at = from;
  let left = length;
  for (; left >= 8; left -= 8, at += 8) hash = mixed(hash ^ load<u64>(at));
  if (left > 0) hash = mixed(hash ^ (load<u64>(at) & ((<u64>1 << (<u64>left * 8)) - 1)));
  return <u32>(hash ^ (hash >> 32));
}

// @ts-ignore: decorator
@inline
function mixed(hash: u64): u64 {
  return rotl<u64>(hash * 0x9fb21c651e98df25, 27);
}
