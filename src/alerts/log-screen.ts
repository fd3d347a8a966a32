import { type BodyPlaces, type DecodedLine, decodeAuditLine, type StageGate } from '../audit/index.ts';
import { type LineScreen, stageBits } from '../sigma/index.ts';

/** Lines of a piece of a log that need not be parsed. */
export interface PassedOverLines {
  readonly lines: number;
  /** Where they end, in bytes from the beginning of the piece. */
  readonly to: number;
  /** What follows: an event, or another line, which has to be parsed; or no whole line. */
  readonly stop: 'event' | 'line' | 'rest';
}

/** What can be read of a line without parsing it. */
export type ScreenedLine = LineScreen['line'];

/**
 * Tells which lines of a log have to be parsed and their events observed: because a rule may match, or because the gate awaits them. That it is not so is certain; that it is
 * may be in vain.
 */
export class LogScreen {
  readonly #screen: LineScreen;
  readonly #gate: StageGate;

  /** @param gate of the log; it may lag behind */
  constructor(screen: LineScreen, gate: StageGate) {
    this.#screen = screen;
    this.#gate = gate;
  }

  /** @param passedOver is shown, during the call, what could be read of a line for which the answer is false */
  mayMatter(line: Buffer, passedOver?: (line: ScreenedLine) => void): boolean {
    const screen = this.#screen;
    if (screen.mayMatch(line)) {
      this.#expect();
      return true;
    }
    if (this.#gate.awaits(screen.line)) return true;
    passedOver?.(screen.line);
    return false;
  }

  /** Parses a line if it has to be parsed; its bodies, when they are asked for. @param passedOver as for `mayMatter` */
  decode(line: Buffer, passedOver?: (line: ScreenedLine) => void): DecodedLine {
    return this.mayMatter(line, passedOver) ? decodeAuditLine(line, this.bodies()) : SKIPPED;
  }

  /** Takes in a piece of the log, to be passed over. */
  begin(piece: Buffer): void {
    this.#screen.begin(piece);
  }

  /**
   * Goes over the lines that need not be parsed.
   * @param piece as it was when it was begun
   * @param at where a line begins, in bytes from the beginning of the piece
   */
  passOver(piece: Buffer, at: number): PassedOverLines {
    const screen = this.#screen;
    let lines = 0;
    for (let from = at; ; from = screen.line.behind) {
      const passed = screen.passOver(piece, from, awaitedBits(this.#gate));
      lines += passed.lines;
      if (passed.stop === 'may-match') this.#expect();
      if (passed.stop === 'rest') return { lines, to: passed.to, stop: 'rest' };
      if (passed.stop === 'may-match' || this.#gate.awaits(screen.line))
        return { lines, to: passed.to, stop: screen.isReadable ? 'event' : 'line' };
      lines += 1;
    }
  }

  /** Where the bodies stand in the line for which the last answer was that it has to be parsed; `undefined` where that is not known. */
  bodies(): BodyPlaces | undefined {
    return this.#screen.line.bodies();
  }

  #expect(): void {
    if (this.#screen.isReadable) this.#gate.expect(this.#screen.line);
  }
}

const SKIPPED = Object.freeze({ kind: 'skipped' } as const);

const bits = new WeakMap<readonly string[], number>();

function awaitedBits({ awaitedStages }: StageGate): number {
  let known = bits.get(awaitedStages);
  if (known === undefined) bits.set(awaitedStages, (known = stageBits(awaitedStages)));
  return known;
}
