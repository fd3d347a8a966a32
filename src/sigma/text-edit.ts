/** Replaces `length` UTF-16 units at `offset` by `text`. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * Applies fixes to a text, in order; each as a whole, and not at all where it overlaps one that was applied (apply again to the result then). Everything
 * outside of the edits stays byte for byte. Returns the text and how many were applied.
 */
export function applyFixes(
  text: string,
  fixes: readonly (readonly TextEdit[])[],
): { readonly text: string; readonly applied: number } {
  const chosen: TextEdit[] = [];
  let applied = 0;
  for (const fix of fixes) {
    if (fix.length === 0 || fix.some((edit) => chosen.some((other) => overlap(edit, other)))) continue;
    chosen.push(...fix);
    applied++;
  }
  let result = text;
  for (const { offset, length, text: replacement } of chosen.toSorted((a, b) => b.offset - a.offset)) {
    result = result.slice(0, offset) + replacement + result.slice(offset + length);
  }
  return { text: result, applied };
}

/** Edits at one point overlap too: their order would matter. */
function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.offset <= b.offset + b.length && b.offset <= a.offset + a.length;
}
