import { startsList } from '../../audit/index.ts';

/** How a file holds events: each in a line of its own (or a list of them in one line), or in JSON documents that span lines. */
export type Layout = 'lines' | 'documents';

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
/** UTF-8 byte order mark, white space, and NUL bytes as copytruncate leaves them. */
const SKIPPED: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d, 0x00]);

/** The layout, from how a file begins; undefined where more of it is needed. `all`: nothing more will come. */
export function layoutOf(head: Buffer, all: boolean): Layout | undefined {
  const start = contentStart(head);
  if (start === head.length) return all ? 'lines' : undefined;
  if (head[start] === OPEN_BRACKET) return 'documents';
  if (head[start] !== OPEN_BRACE) return 'lines';
  const newline = head.indexOf(NEWLINE, start);
  if (newline < 0 && !all) return undefined;
  if (newline < 0 && startsList(head.subarray(start))) return 'documents';
  const line = head
    .subarray(start, newline < 0 ? head.length : newline)
    .toString('utf8')
    .trimEnd();
  // A document that goes on after its first line breaks it behind one of these; a line that was torn hardly does.
  return /[{[,]$/.test(line) ? 'documents' : 'lines';
}

/** Where the first byte is that means something. */
export function contentStart(head: Buffer): number {
  const start = head.findIndex((byte) => !SKIPPED.has(byte));
  return start < 0 ? head.length : start;
}
