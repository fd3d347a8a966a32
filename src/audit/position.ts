/**
 * A place in a partition's stream of records, ordered first by generation, then by offset.
 *
 * `generation` orders the files (or journal segments) of a partition: the greater of the previous one plus 1 and the
 * stageTimestamp, in microseconds, of the file's first audit event. `offset` is the uncompressed offset of the *end* of
 * the record in that file, in bytes: everything up to it was consumed.
 */
export interface Position {
  readonly generation: number;
  readonly offset: number;
}

/** Before every record of every file. */
export const ORIGIN: Position = Object.freeze({ generation: 0, offset: 0 });

/** Negative where `a` comes before `b`, zero where they are equal, positive where it comes after. */
export function comparePositions(a: Position, b: Position): number {
  return a.generation - b.generation || a.offset - b.offset;
}

/** `generation:offset` in decimal, as stored in status fields. */
export function formatPosition(position: Position): string {
  return `${position.generation}:${position.offset}`;
}

const FORM = /^(\d{1,16}):(\d{1,16})$/;

/** The inverse of {@link formatPosition}; `undefined` for anything else, and beyond the safe integers. */
export function parsePosition(text: string): Position | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const position = { generation: Number(match[1]), offset: Number(match[2]) };
  return isPosition(position) ? position : undefined;
}

export function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null || !('generation' in value) || !('offset' in value)) return false;
  return isCount(value.generation) && isCount(value.offset);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
