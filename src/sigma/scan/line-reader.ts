import { LINE_READER } from './line-reader.generated.ts';

/** What assembly/index.ts exports; its comments say what each promises. Places are offsets in `memory`. */
export interface LineReader {
  readonly memory: WebAssembly.Memory;
  place(): number;
  startsOfSlots(): number;
  endsOfSlots(): number;
  readLine(length: number, hiddenStages: number): number;
  beginPiece(length: number): void;
  passOver(at: number, hiddenStages: number, awaitedStages: number, hasTrail: boolean): number;
  linesPassed(): number;
  stoppedAt(): number;
  endOfStop(): number;
  readAnnotations(): number;
  stageOfLine(): number;
  receivedInMinute(): number;
  readBodies(): number;
  beginOfLine(): number;
  needleStart(): number;
  occursInBodies(length: number): number;
  classOf(field: number): number;
  watch(field: number, slot: number, container: number, flags: number): void;
  learn(field: number, value: number): void;
  newScreen(field: number, length: number): number;
  addNeedle(screen: number, length: number): void;
  learnScreen(field: number, screen: number, value: number): void;
  beginTrail(): void;
  addRoot(state: number): number;
  addStep(from: number, field: number, value: number, to: number): void;
  addEnd(state: number, withoutBodies: boolean): void;
  endsEverywhere(): number;
}

let compiled: WebAssembly.Module | undefined;

/** A reader of its own, with memory for one line or piece at a time. */
export function lineReader(): LineReader {
  compiled ??= new WebAssembly.Module(Buffer.from(LINE_READER, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled);
  if (!isLineReader(exports)) throw new TypeError('line-reader.generated.ts is stale');
  return exports;
}

function isLineReader(exports: object): exports is LineReader {
  return 'memory' in exports && 'readLine' in exports;
}
