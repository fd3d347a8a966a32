import type { SourceError } from './source.ts';

/** An error of the file system or of zlib, by its code (`EACCES`, `Z_DATA_ERROR`); `UNKNOWN` where it has none. */
export function sourceError(error: unknown): SourceError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return { code, message };
}
