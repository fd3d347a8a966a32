/** A text that stands inside a file: the whole of it, or the value of a YAML key. Positions in the text become positions in the file. */
export interface EmbeddedText {
  readonly text: string;
  /** Where a line and column of the text (from 1) are in the file. */
  placeOf(line: number, column: number): { readonly line: number; readonly column: number };
  /** The offset in the file of an offset in the text; undefined where the text is not written out in the file as it is. */
  offsetOf(offset: number): number | undefined;
}

export function wholeText(text: string): EmbeddedText {
  return { text, placeOf: (line, column) => ({ line, column }), offsetOf: (offset) => offset };
}

/**
 * The value of a YAML scalar that stands at [start, end) of a file. In a literal block (`|`) each of its lines is a line of the file, indented; other
 * styles are not written out as they are, and everything in them is placed where they begin.
 */
export function embeddedText(file: string, start: number, end: number, text: string): EmbeddedText {
  const first = lineOf(file, start);
  const indents = indentsOf(file.slice(start, end), text);
  if (indents === undefined) return { text, placeOf: () => ({ line: first, column: 1 }), offsetOf: () => undefined };
  const textStarts = lineStarts(text);
  const fileStarts = lineStarts(file.slice(start, end));
  return {
    text,
    placeOf: (line, column) => ({ line: first + line - 1, column: column + (indents[line - 1] ?? 0) }),
    offsetOf: (offset) => {
      const line = textStarts.findLastIndex((lineStart) => lineStart <= offset);
      const inLine = offset - (textStarts[line] ?? 0);
      const lineStart = fileStarts[line];
      return lineStart === undefined ? undefined : start + lineStart + (indents[line] ?? 0) + inLine;
    },
  };
}

/** How far each line of `raw` is indented more than the same line of `text`; undefined where they are not the same lines. */
function indentsOf(raw: string, text: string): readonly number[] | undefined {
  const rawLines = raw.split('\n');
  const indents: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const found = rawLines[index] ?? '';
    const content = found.endsWith('\r') ? found.slice(0, -1) : found;
    const indent = content.length - line.length;
    if (line !== '' && (indent < 0 || content.slice(indent) !== line || content.slice(0, indent).trim() !== ''))
      return undefined;
    indents.push(Math.max(0, line === '' ? content.length : indent));
  }
  return indents;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
