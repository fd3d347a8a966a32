/**
 * Text that came from a caller (names, user agents, URIs), made safe to print: control characters, line and paragraph
 * separators, bidirectional overrides and lone surrogates become `\u{hex}`, and what is longer than `limit` UTF-16 units
 * is cut at a character boundary and ends in `…`. Two different texts may become the same: never use it as a key.
 */
export function displayText(text: string, limit: number): string {
  const head = text.length > limit ? text.slice(0, limit + 1) : text;
  const safe = head.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  if (head.length === text.length && safe.length <= limit) return safe;
  const end = isHighSurrogate(safe.charCodeAt(limit - 2)) ? limit - 2 : limit - 1;
  return `${safe.slice(0, end)}…`;
}

// Cc, Cf (with the bidirectional controls and zero-width characters), Zl, Zp and lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
