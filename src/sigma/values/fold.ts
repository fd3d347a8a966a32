/**
 * The form in which strings are compared without regard to case: Unicode lower case, on both sides. The final sigma is the other sigma, so that the form
 * of a piece does not depend on what stands around it.
 */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
