/** How a text is written behind `sigma:` so that it is read back byte for byte. */
export interface SigmaScalar {
  /** What follows the colon on its line. */
  readonly header: string;
  /** The lines under it, with their ends; empty where the text is in the header. */
  readonly lines: string;
}

// Carriage returns, other controls, and what YAML 1.1 takes for the end of a line; none of these survives in a block.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_IN_BLOCK = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

/** A literal block, indented by so many columns, two more than its key; text that no block can hold is written as a quoted string. */
export function sigmaScalar(text: string, indent: number): SigmaScalar {
  if (text.trim() === '' || NOT_IN_BLOCK.test(text)) return { header: quoted(text), lines: '' };
  const indicator = /^\n*[ \t]|^\n/.test(text) ? '2' : '';
  const chomping = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  const space = ' '.repeat(indent);
  return {
    header: `|${indicator}${chomping}`,
    lines: lines.map((line) => (line === '' ? '\n' : `${space}${line}\n`)).join(''),
  };
}

/** A double-quoted string, which YAML reads as JSON does. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
