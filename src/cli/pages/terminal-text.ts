import { displayText } from '../../alerts/index.ts';
import type { Style } from '../output/style.ts';
import type { Part, Text } from './page.ts';

/** A line for a terminal, with its width in columns. */
interface StyledLine {
  readonly text: string;
  readonly width: number;
}

const LONGEST_PART = 10_000;

/** Columns that a text takes; every character counts as one. */
export function widthOf(text: string): number {
  return Array.from(safe(text)).length;
}

/** A text in lines of at most `width` columns, broken between words; longer words are broken where they must. */
export function styledLines(text: Text, style: Style, width: number): readonly StyledLine[] {
  const lines: { text: string; width: number }[] = [{ text: '', width: 0 }];
  let space = 0;
  for (const part of text) {
    const paint = painter(part, style);
    for (const word of safe(partText(part)).split(/( +)/)) {
      if (word === '') continue;
      if (word.startsWith(' ')) {
        space += word.length;
        continue;
      }
      for (const piece of isAddress(part) ? [word] : pieces(word, width)) {
        const line = lines.at(-1) ?? { text: '', width: 0 };
        const length = Array.from(piece).length;
        if (line.width > 0 && line.width + space + length > width) {
          lines.push({ text: paint(piece), width: length });
        } else {
          line.text += ' '.repeat(space) + paint(piece);
          line.width += space + length;
        }
        space = 0;
      }
    }
  }
  return lines;
}

/** One line, however long. */
export function styledText(text: Text, style: Style): string {
  return text.map((part) => painter(part, style)(safe(partText(part)))).join('');
}

/** Addresses are not broken, so that they can be followed. */
function isAddress(part: Part): boolean {
  return typeof part === 'object' && part.kind === 'address';
}

function pieces(word: string, width: number): readonly string[] {
  const characters = Array.from(word);
  if (characters.length <= width) return [word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, i) =>
    characters.slice(i * width, (i + 1) * width).join(''),
  );
}

function partText(part: Part): string {
  return typeof part === 'string' ? part : part.text;
}

function safe(text: string): string {
  return displayText(text, LONGEST_PART);
}

const TONES = { good: 'green', information: 'cyan', warning: 'yellow', bad: 'red' } as const;

function painter(part: Part, style: Style): (text: string) => string {
  if (typeof part === 'string') return (text) => text;
  switch (part.kind) {
    case 'code':
    case 'field':
    case 'attack':
      return (text) => text;
    case 'muted':
    case 'address':
      return (text) => style.dim(text);
    case 'strong':
    case 'rule':
      return (text) => style.bold(text);
    case 'mark':
      return (text) => style[TONES[part.tone]](text);
    case 'severity':
      return (text) => style.severity(part.text, text);
    default:
      return part satisfies never;
  }
}
