import { writeFileSync } from 'node:fs';
import { CommandFailure } from '../failure.ts';

/** Writes a file. Throws a CommandFailure. */
export function writeOutputFile(path: string, text: string): void {
  writing(path, () => writeFileSync(path, text));
}

/** Does something that writes at a place; what the system refuses becomes a CommandFailure. */
export function writing<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error instanceof CommandFailure) throw error;
    throw new CommandFailure('UnwritableOutput', place, `It cannot be written (${String(error.code)}).`);
  }
}
