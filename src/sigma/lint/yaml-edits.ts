import type { SourceText } from '../source-text.ts';
import type { TextEdit } from '../text-edit.ts';
import type { YamlNode, YamlScalar, YamlSequence } from '../yaml/tree.ts';
import type { DetectionItem } from './detection-items.ts';

/** A list item in a line of its own: what stands before its text, and after it. */
const BLOCK_ITEM = /^([ \t]*-[ \t]+)$/;
const REST_OF_LINE = /^[ \t]*(?:#[^\r\n]*)?(?=\r?\n|$)/;

/** The values stand where the key is, and not somewhere else for which an alias stands. */
export function ownsValue({ key, value }: DetectionItem): boolean {
  return key !== undefined && value.start >= key.end;
}

/** Puts `text` (as YAML) in the place of a scalar and its quotes. */
export function replaceScalar(scalar: YamlScalar, text: string, source: SourceText): TextEdit {
  const { start, end } = withQuotes(scalar, source);
  return { offset: start, length: end - start, text };
}

/** Adds a plain value to the values of an item, in the style in which they are written; undefined where that style is unusual. */
export function addValue(value: YamlNode, text: string, source: SourceText): TextEdit | undefined {
  if (value.kind === 'scalar') {
    const { start, end } = withQuotes(value, source);
    const written = source.text.slice(start, end);
    if (written.includes('\n') || written === '') return undefined;
    return { offset: start, length: end - start, text: `[${written}, ${quotedLike(written, text)}]` };
  }
  const last = value.kind === 'sequence' ? value.items.at(-1) : undefined;
  if (last?.kind !== 'scalar') return undefined;
  const { start, end } = withQuotes(last, source);
  const written = source.text.slice(start, end);
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const before = BLOCK_ITEM.exec(source.text.slice(lineStart, start))?.[1];
  const rest = REST_OF_LINE.exec(source.text.slice(end))?.[0];
  if (before !== undefined && rest !== undefined) {
    const newline = source.text.startsWith('\r\n', end + rest.length) ? '\r\n' : '\n';
    return { offset: end + rest.length, length: 0, text: `${newline}${before}${quotedLike(written, text)}` };
  }
  if (source.text.charAt(value.start) !== '[') return undefined;
  return { offset: end, length: 0, text: `, ${quotedLike(written, text)}` };
}

/** Takes one of several values out of a list; undefined where it is written in an unusual way. */
export function removeValue(list: YamlSequence, index: number, source: SourceText): TextEdit | undefined {
  const item = list.items[index];
  if (item?.kind !== 'scalar' || list.items.length < 2) return undefined;
  const { start, end } = withQuotes(item, source);
  const { text } = source;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const rest = REST_OF_LINE.exec(text.slice(end))?.[0];
  if (BLOCK_ITEM.test(text.slice(lineStart, start)) && rest !== undefined) {
    const lineEnd = text.indexOf('\n', end + rest.length);
    const until = lineEnd < 0 ? text.length : lineEnd + 1;
    return { offset: lineStart, length: until - lineStart, text: '' };
  }
  if (text.charAt(list.start) !== '[') return undefined;
  const [previous, next] = [list.items[index - 1], list.items[index + 1]];
  if (next?.kind === 'scalar') return { offset: start, length: withQuotes(next, source).start - start, text: '' };
  if (previous?.kind !== 'scalar') return undefined;
  const from = withQuotes(previous, source).end;
  return { offset: from, length: end - from, text: '' };
}

/** The range of a scalar with the quotes around it. */
function withQuotes(
  { start, end }: YamlScalar,
  { text }: SourceText,
): { readonly start: number; readonly end: number } {
  const quote = text.charAt(start - 1);
  const quoted = (quote === '"' || quote === "'") && text.charAt(end) === quote;
  return quoted ? { start: start - 1, end: end + 1 } : { start, end };
}

function quotedLike(written: string, text: string): string {
  const quote = written.charAt(0);
  return quote === '"' || quote === "'" ? `${quote}${text}${quote}` : text;
}
