// Remembers the ways through a caller's decision trees: by what class of what field they lead from state to state, and at which states nothing is left.
import { NONE } from './bytes';
import { classOf } from './classes';
import { hasNoBodies } from './line';

/** States with higher numbers are not remembered. */
const STATES: u32 = 0x10000;
/** Of each state, the field that it looks at plus one; or one of the ends. 0: not known. */
const fields = heap.alloc(STATES);
const END: u8 = 0xff;
const END_WITHOUT_BODIES: u8 = 0xfe;

/** Numbers of a step: the state that it leads from plus one, the class, and the state that it leads to. */
const STEP: usize = 12;
const STEPS: usize = 0x10000;
/** Places that are tried for a step: one that finds no room is not remembered. */
const TRIES: u32 = 8;
const steps = heap.alloc(STEPS * STEP);

const ROOTS = 32;
const roots = new StaticArray<u32>(ROOTS);
let count = 0;

/** Forgets all ways, and the trees. */
export function beginTrail(): void {
  memory.fill(fields, 0, STATES);
  memory.fill(steps, 0, STEPS * STEP);
  count = 0;
}

/** One tree more begins at a state. Whether there is room for it: without, the ways must not be asked for. */
export function addRoot(state: u32): bool {
  if (count == ROOTS) return false;
  roots[count++] = state;
  return true;
}

/** From a state, a class of a watched field leads to another one. */
export function addStep(from: u32, field: u32, value: u32, to: u32): void {
  if (from >= STATES || to >= STATES) return;
  store<u8>(fields + from, <u8>(field + 1));
  for (let i: u32 = 0; i < TRIES; i++) {
    const step = stepAt(from, value, i);
    if (load<u32>(step) == 0) {
      store<u32>(step, from + 1);
      store<u32>(step, value, 4);
      store<u32>(step, to, 8);
    }
    if (load<u32>(step) == from + 1 && load<u32>(step, 4) == value) return;
  }
}

/** Nothing is left at a state; of lines without bodies, or of any. */
export function addEnd(state: u32, withoutBodies: bool): void {
  if (state < STATES) store<u8>(fields + state, withoutBodies ? END_WITHOUT_BODIES : END);
}

/** Whether nothing is left of any tree for the line at hand; false also where that is not known. */
export function endsEverywhere(): bool {
  for (let tree = 0; tree < count; tree++) if (!ends(roots[tree])) return false;
  return true;
}

function ends(root: u32): bool {
  let state = root;
  let field = load<u8>(fields + state);
  while (field < END_WITHOUT_BODIES) {
    const value = field == 0 ? 0 : <u32>classOf(field - 1);
    const step = value == 0 ? NONE : findStep(state, value);
    if (step == NONE) return false;
    state = load<u32>(step, 8);
    field = load<u8>(fields + state);
  }
  return field == END || hasNoBodies();
}

function findStep(from: u32, value: u32): usize {
  for (let i: u32 = 0; i < TRIES; i++) {
    const step = stepAt(from, value, i);
    if (load<u32>(step) == from + 1 && load<u32>(step, 4) == value) return step;
  }
  return NONE;
}

// @ts-ignore: decorator
@inline
function stepAt(from: u32, value: u32, i: u32): usize {
  const hash = (from * 0x9e3779b1) ^ (value * 0x85ebca77);
  return steps + (<usize>((hash >> 16) + i) % STEPS) * STEP;
}
