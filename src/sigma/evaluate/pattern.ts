import { isMany, type StringPart } from '../values/sigma-string.ts';

type Chunk = readonly StringPart[];

/**
 * Whether the whole of `text` fits a pattern of literals, `?` (one code point) and `*`. Each piece between two `*` is placed as far left as it goes, so the
 * work is at most the product of the two lengths, whatever the pattern.
 */
export function matchesPattern(pattern: readonly StringPart[], text: string): boolean {
  const chunks = splitAtMany(pattern);
  const first = chunks[0] ?? [];
  if (chunks.length === 1) return matchChunk(first, text, 0) === text.length;
  let at = matchChunk(first, text, 0);
  if (at < 0) return false;
  for (const chunk of chunks.slice(1, -1)) {
    at = findChunk(chunk, text, at);
    if (at < 0) return false;
  }
  return endsWithChunk(chunks.at(-1) ?? [], text, at);
}

function splitAtMany(pattern: readonly StringPart[]): readonly Chunk[] {
  const chunks: StringPart[][] = [[]];
  for (const part of pattern) {
    if (isMany(part)) chunks.push([]);
    else chunks.at(-1)?.push(part);
  }
  return chunks;
}

/** The end of the chunk when it stands at `at`, or -1. */
function matchChunk(chunk: Chunk, text: string, at: number): number {
  let end = at;
  for (const part of chunk) {
    if (typeof part === 'string') {
      if (!text.startsWith(part, end)) return -1;
      end += part.length;
    } else {
      if (end >= text.length) return -1;
      end += codePointLength(text, end);
    }
  }
  return end;
}

/** The end of the leftmost occurrence of the chunk at or after `from`, or -1. */
function findChunk(chunk: Chunk, text: string, from: number): number {
  const [head] = chunk;
  if (chunk.length === 1 && typeof head === 'string') {
    const found = text.indexOf(head, from);
    return found < 0 ? -1 : found + head.length;
  }
  for (let at = from; at <= text.length; at += at < text.length ? codePointLength(text, at) : 1) {
    const end = matchChunk(chunk, text, at);
    if (end >= 0) return end;
  }
  return -1;
}

/** Whether the text ends with the chunk, which begins at or after `from`. */
function endsWithChunk(chunk: Chunk, text: string, from: number): boolean {
  let end = text.length;
  for (const part of chunk.toReversed()) {
    if (typeof part === 'string') {
      if (!text.endsWith(part, end)) return false;
      end -= part.length;
    } else {
      if (end <= 0) return false;
      end -= end >= 2 && codePointLength(text, end - 2) === 2 ? 2 : 1;
    }
  }
  return end >= from;
}

function codePointLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
