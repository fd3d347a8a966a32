import { gunzipSync, gzipSync } from 'node:zlib';

/** Longer JSON is compressed: all annotations of an object together may have 256 KiB. */
const PLAIN_LIMIT = 16_384;
const COMPRESSED = 'gzip:';
/** What a compressed annotation may hold; it was written by a replica, but read back from the cluster. */
const MAX_DECODED = 16 * 1024 * 1024;

/** A value as the text of an annotation: JSON, compressed where it is long. */
export function encodeAnnotation(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length <= PLAIN_LIMIT ? json : COMPRESSED + gzipSync(json).toString('base64');
}

/** The inverse; undefined for anything that is not such a text. */
export function decodeAnnotation(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    if (!text.startsWith(COMPRESSED)) return JSON.parse(text);
    const compressed = Buffer.from(text.slice(COMPRESSED.length), 'base64');
    return JSON.parse(gunzipSync(compressed, { maxOutputLength: MAX_DECODED }).toString('utf8'));
  } catch {
    return undefined;
  }
}
