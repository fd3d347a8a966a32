/**
 * Text that came from a caller (names, user agents, URIs), made safe to print: control characters, line and paragraph
 * separators, bidirectional overrides and lone surrogates become `\u{hex}`, and what is longer than `limit` bytes of UTF-8
 * is cut at a character boundary and ends in `…`. Two different texts may become the same: never use it as a key.
 *
 * @param limit at least 4
 */
export function displayText(text: string, limit: number): string {
  // A UTF-16 unit is at least one byte: what is beyond the limit in units is beyond it in bytes.
  const head = text.length > limit ? text.slice(0, limit + 1) : text;
  const safe = head.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  const bytes = Buffer.byteLength(safe);
  if (head.length === text.length && bytes <= limit) return safe;
  return `${firstBytes(safe, limit - ELLIPSIS_BYTES)}…`;
}

// Cc, Cf (with the bidirectional controls and zero-width characters), Zl, Zp and lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const ELLIPSIS_BYTES = 3;

/** At most this many bytes of a well-formed text, and no half of a character. */
function firstBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  let end = Math.min(limit, bytes.length);
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
