/** ASCII text, prepared for comparing it with bytes word by word. */
export interface ByteLiteral {
  readonly length: number;
  /** Each four bytes from the start, little-endian; the last word overlaps the one before where the length is no multiple of four. */
  readonly words: Int32Array;
}

/** @param text ASCII, at least four characters. */
export function byteLiteral(text: string): ByteLiteral {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 4) throw new RangeError(`too short: ${text}`);
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, i) =>
    bytes.readInt32LE(Math.min(i * 4, bytes.length - 4)),
  );
  return Object.freeze({ length: bytes.length, words });
}
