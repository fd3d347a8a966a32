// What JSON leaves as it is although a terminal acts on it: DEL and C1 controls, format characters (bidirectional controls, zero-width), separators.
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON on one line, safe to print: characters that are invisible or that a terminal acts on are escaped. The value is the same. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeUnits);
}

/** The same over several lines. */
export function safeJsonIndented(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(UNSAFE, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return escaped;
}
