import { CommandFailure } from '../failure.ts';

/** What went wrong with a path, for people. */
export function readFailure(error: unknown, place: string): Error {
  if (error instanceof CommandFailure) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CommandFailure('PathNotFound', place);
  if (code.startsWith('Z_')) return new CommandFailure('DamagedFile', place);
  if (code === '') return error instanceof Error ? error : new Error(String(error));
  return new CommandFailure('UnreadablePath', place, `It cannot be read (${code}).`);
}
