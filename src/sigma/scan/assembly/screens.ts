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

/** False only where the text between two places is ASCII without escapes, and no needle occurs in it. */
export function mayOccur(screen: i32, from: usize, to: usize): bool {
  if (!isPlain(from, to)) return true;
  const shiftOf = shiftsOf(screen);
  const isBegin = beginsOf(screen);
  const back = windows[screen] - 1;
  for (let at = from + back; at < to; ) {
    const shift = load<u8>(shiftOf + pairAt(at - 1));
    if (shift > 0) at += shift;
    else if (load<u8>(isBegin + pairAt(at - back)) != 0) return true;
    else at += 1;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function pairAt(at: usize): usize {
  return (<usize>byte(at) << 7) | <usize>byte(at + 1);
}
