import { displayText } from '../../alerts/index.ts';
import type { CommandFailure } from '../failure.ts';
import type { LoadProblem } from '../rules/load-problem.ts';
import type { Style } from './style.ts';

/** A failure, on standard error: what is wrong, where, and what to do. */
export function failureText(failure: CommandFailure, style: Style): string {
  const { code, place, message, remedy } = failure;
  const where = place === '' ? '' : `${displayText(place, 500)}: `;
  return `${style.red('error')} ${code}: ${where}${displayText(message, 500)}\n  ${remedy}\n`;
}

/** Something that cannot be used: its place in the file, the line with a caret, and what to do. */
export function problemText(
  { file, line, column, code, message, remedy, diagnostic }: LoadProblem,
  style: Style,
  what = 'broken rule',
): string {
  const place = `${displayText(file, 500)}:${line}:${column}`;
  const excerpt = diagnostic === undefined ? [] : excerptAt(diagnostic.excerpt, line);
  return [
    `${style.yellow(what)} ${place}: ${code}: ${displayText(message, 1000)}`,
    ...excerpt.map((text) => `  ${style.dim(text)}`),
    `  ${displayText(remedy, 1000)}`,
    '',
  ].join('\n');
}

/** An excerpt whose line number is that of the file instead of that of a text inside of it. */
export function excerptAt(excerpt: string, line: number): readonly string[] {
  const gutter = String(line);
  return excerpt
    .split('\n')
    .map((text, index) => text.replace(/^ *\d* \| /, index === 0 ? `${gutter} | ` : `${' '.repeat(gutter.length)} | `));
}
