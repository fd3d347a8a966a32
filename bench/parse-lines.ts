import { pieces } from './pieces.ts';

const NEWLINE = 0x0a;

/** What everything is compared with: splits a file into lines and parses each, and does no more. */
export function parseLines(path: string): void {
  let rest: Buffer = Buffer.alloc(0);
  for (const piece of pieces(path)) {
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; from = end + 1, end = piece.indexOf(NEWLINE, from)) {
      const line = rest.length === 0 ? piece.subarray(from, end) : Buffer.concat([rest, piece.subarray(0, end)]);
      rest = Buffer.alloc(0);
      JSON.parse(line.toString('utf8'));
    }
    rest = Buffer.concat([rest, piece.subarray(from)]);
  }
}
