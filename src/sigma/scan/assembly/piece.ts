// Goes over lines: one by itself, or all those of a piece of a log.
import { end, enterLine, findLineBreak, leaveLine, NONE } from './bytes';
import { HIDDEN, read, stageOfLine } from './line';
import { endsEverywhere } from './trail';

/** Where lines and pieces are put. What has to lie below it is there by now. */
const PLACE = (heap.alloc(16) + 31) & ~15;

export function place(): usize {
  return PLACE;
}

/**
 * Reads the line of so many bytes that was put at `place`, without its end; behind it must be room for 128 bytes. What it says is said of `read` in line.ts, 0 where the line is
 * not as expected.
 */
export function readLine(length: usize, hiddenStages: i32): i32 {
  inPiece = false;
  enterLine(PLACE, PLACE + length);
  return read(hiddenStages);
}

let inPiece: bool = false;
let pieceEnd: usize = 0;
let from: usize = 0;
let passed: i32 = 0;

/** A piece of so many bytes was put at `place`; behind it must be room for 128 bytes. */
export function beginPiece(length: usize): void {
  inPiece = false;
  from = PLACE;
  pieceEnd = PLACE + length;
}

/** No whole line is left in the piece. */
const NO_LINE = -1;

/**
 * From so many bytes behind the beginning of the piece on, goes over the whole lines that no rule matches, as is known by the trail, and whose stages are not awaited.
 * Stops at the first that is none of them; what is said of it is said of `readLine`, `NO_LINE` where there is none.
 */
export function passOver(at: usize, hiddenStages: i32, awaitedStages: i32, hasTrail: bool): i32 {
  if (inPiece) leaveLine();
  passed = 0;
  for (from = PLACE + at; enterNextLine(); from = end + 1) {
    const result = read(hiddenStages);
    if (!passes(result, awaitedStages, hasTrail)) return result;
    leaveLine();
    passed += 1;
  }
  return NO_LINE;
}

function enterNextLine(): bool {
  const lineBreak = findLineBreak(from, pieceEnd);
  inPiece = lineBreak != NONE;
  if (inPiece) enterLine(from, lineBreak);
  return inPiece;
}

function passes(result: i32, awaitedStages: i32, hasTrail: bool): bool {
  if (result == 0) return false;
  const stage = stageOfLine();
  if (stage < 0 || (awaitedStages & (1 << stage)) != 0) return false;
  return (result & HIDDEN) != 0 || (hasTrail && endsEverywhere());
}

/** How many lines `passOver` went over. */
export function linesPassed(): i32 {
  return passed;
}

/** Where it stopped, in bytes from the beginning of the piece. */
export function stoppedAt(): usize {
  return from - PLACE;
}

/** Behind the line at which it stopped. */
export function endOfStop(): usize {
  return end + 1 - PLACE;
}
