/**
 * Characters that a terminal acts on or that hide or turn text around: C0 and C1 controls, line and paragraph separators, zero-width and direction marks.
 * Rules and events are written by others; none of these reaches a message as it is.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Each invisible character as its escape (`\u001b`). */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Each invisible character as one visible one, so that carets stay under their text. */
export function replaceInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\t' ? ' ' : '\ufffd'));
}
