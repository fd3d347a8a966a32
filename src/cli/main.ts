import { basename } from 'node:path';
import { CommanderError } from 'commander';
import { EXIT } from './output/exit-status.ts';
import { programFor } from './program.ts';

try {
  await programFor(basename(process.argv[1] ?? ''), process.argv.slice(2)).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version are no errors; wrong arguments are bad input.
  process.exitCode = error.exitCode === 0 ? EXIT.clean : EXIT.badInput;
}
