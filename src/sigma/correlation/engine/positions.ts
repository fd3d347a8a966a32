/** Where an event stands in a stream that is fed in order: generations count up, offsets count up within one. */
export interface StreamPosition {
  readonly partition: string;
  readonly generation: number;
  readonly offset: number;
}

/** How far each partition was fed. */
export class Positions {
  readonly #last = new Map<string, StreamPosition>();

  constructor(positions: readonly StreamPosition[] = []) {
    for (const position of positions) this.#last.set(position.partition, position);
  }

  /** Notes a position; false if it was fed before. */
  advance(position: StreamPosition): boolean {
    const last = this.#last.get(position.partition);
    if (last !== undefined) {
      const ahead = position.generation - last.generation || position.offset - last.offset;
      if (ahead <= 0) return false;
    }
    this.#last.set(position.partition, position);
    return true;
  }

  all(): readonly StreamPosition[] {
    return [...this.#last.values()];
  }
}
