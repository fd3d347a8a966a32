import type { TextEdit } from '../../sigma/index.ts';

/** A text that stands inside a file: the whole of it, or the value of a YAML key. Places in the text become places in the file. */
export interface EmbeddedText {
  readonly text: string;
  /** Where a line and column of the text (from 1) are in the file. */
  placeOf(line: number, column: number): { readonly line: number; readonly column: number };
  /** The edit of the file that makes an edit of the text; undefined where the text is not written out in the file as it is. */
  editOf(edit: TextEdit): TextEdit | undefined;
}

export function wholeText(text: string): EmbeddedText {
  return { text, ...AS_IT_IS };
}

const AS_IT_IS: Omit<EmbeddedText, 'text'> = {
  placeOf: (line, column) => ({ line, column }),
  editOf: (edit) => edit,
};

/**
 * The value of a YAML scalar that stands at [start, end) of a file. In a literal block (`|`) each of its lines is a line of the file, indented; other
 * styles are not written out as they are, and everything in them is placed where they begin.
 */
export function embeddedText(file: string, start: number, end: number, text: string): EmbeddedText {
  const first = lineOf(file, start);
  const raw = file.slice(start, end);
  const indents = indentsOf(raw, text);
  if (indents === undefined) return { text, placeOf: () => ({ line: first, column: 1 }), editOf: () => undefined };
  const textStarts = lineStarts(text);
  const rawStarts = lineStarts(raw);
  const lineAt = (offset: number): number => textStarts.findLastIndex((lineStart) => lineStart <= offset);
  const toFile = (offset: number, wholeLines: boolean): number => {
    const line = lineAt(offset);
    const rawStart = start + (rawStarts[line] ?? raw.length);
    return wholeLines ? rawStart : rawStart + (indents[line] ?? 0) + offset - (textStarts[line] ?? 0);
  };
  return {
    text,
    placeOf: (line, column) => ({ line: first + line - 1, column: column + (indents[line - 1] ?? 0) }),
    editOf: ({ offset, length, text: replacement }) => {
      const isLineStart = (at: number): boolean => textStarts[lineAt(at)] === at;
      const wholeLines =
        length > 0 && isLineStart(offset) && (isLineStart(offset + length) || offset + length === text.length);
      const from = toFile(offset, wholeLines);
      const indent = ' '.repeat(indents[lineAt(offset)] ?? 0);
      return {
        offset: from,
        length: toFile(offset + length, wholeLines) - from,
        text: replacement.replaceAll('\n', `\n${indent}`),
      };
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
    indents.push(line === '' ? content.length : indent);
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
