// Cc without newline and tab, Cf (with the bidirectional controls and zero-width characters), Zl, Zp and lone surrogates.
const HIDDEN = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text whose invisible characters, and those that turn the text around them, are shown as `\u{hex}`. Newlines and tabs stay. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** An address of the web that can be a link, without anything hidden in it. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s<>"'`\\|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,2000}$/u.test(text);
}
