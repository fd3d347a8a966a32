import type { SourceText } from '../source-text.ts';
import type { YamlScalar } from '../yaml/tree.ts';
import type { ConditionPlaces } from './parse.ts';

const SPACE = /\s/;
const ESCAPE = /\\(x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[^])/iy;

/**
 * Maps ranges of the decoded text of a scalar back to the source. Where YAML folded lines or decoded escapes, the decoded text is aligned with the
 * source character by character.
 */
export function scalarPlaces(scalar: YamlScalar, source: SourceText): ConditionPlaces {
  const raw = source.text.slice(scalar.start, scalar.end);
  if (raw === scalar.text) return (start, end) => source.place(scalar.start + start, scalar.start + end);
  const { starts, ends } = align(scalar.text, raw, source.text.charAt(scalar.start - 1));
  const at = (offset: number | undefined): number => scalar.start + (offset ?? raw.length);
  return (start, end) => source.place(at(starts[start]), end > start ? at(ends[end - 1]) : at(starts[start]));
}

/** For each index of `decoded` where in `raw` its character begins and ends; `quote` stands before `raw`. */
function align(
  decoded: string,
  raw: string,
  quote: string,
): { readonly starts: Uint32Array; readonly ends: Uint32Array } {
  const starts = new Uint32Array(decoded.length + 1);
  const ends = new Uint32Array(decoded.length + 1);
  let at = 0;
  for (let i = 0; i < decoded.length; i++) {
    if (!SPACE.test(decoded.charAt(i))) while (at < raw.length && SPACE.test(raw.charAt(at))) at++;
    starts[i] = Math.min(at, raw.length);
    at = Math.min(at + lengthAt(raw, at, quote), raw.length);
    ends[i] = at;
  }
  starts[decoded.length] = ends[decoded.length] = at;
  return { starts, ends };
}

/** How long the form of one character is at `at`. */
function lengthAt(raw: string, at: number, quote: string): number {
  if (quote === "'" && raw.startsWith("''", at)) return 2;
  if (quote !== '"') return 1;
  ESCAPE.lastIndex = at;
  return ESCAPE.exec(raw)?.[0].length ?? 1;
}
