import type { SourceText } from '../source-text.ts';
import type { YamlScalar } from '../yaml/tree.ts';
import type { ConditionPlaces } from './parse.ts';

const SPACE = /\s/;

/**
 * Maps ranges of the decoded text of a scalar back to the source. Exact for text that stands in the source as it is; where YAML folded lines or
 * decoded escapes, the decoded text is aligned with the source character by character, and a range is right to within an escape.
 */
export function scalarPlaces(scalar: YamlScalar, source: SourceText): ConditionPlaces {
  const raw = source.text.slice(scalar.start, scalar.end);
  if (raw === scalar.text) return (start, end) => source.place(scalar.start + start, scalar.start + end);
  const offsets = align(scalar.text, raw);
  const at = (index: number): number => scalar.start + (offsets[index] ?? raw.length);
  return (start, end) => source.place(at(start), end > start ? at(end - 1) + 1 : at(start));
}

/** For each index of `decoded` the index in `raw` at which it begins. */
function align(decoded: string, raw: string): Uint32Array {
  const offsets = new Uint32Array(decoded.length + 1);
  let at = 0;
  for (let i = 0; i < decoded.length; i++) {
    const wanted = decoded.charAt(i);
    if (!SPACE.test(wanted)) while (at < raw.length && SPACE.test(raw.charAt(at))) at++;
    offsets[i] = Math.min(at, raw.length);
    if (raw.charAt(at) === wanted || SPACE.test(raw.charAt(at))) at++;
    else if (raw.charAt(at) === '\\') at += 2;
    if (wanted === "'" && raw.charAt(at) === "'") at++;
  }
  offsets[decoded.length] = Math.min(at, raw.length);
  return offsets;
}
