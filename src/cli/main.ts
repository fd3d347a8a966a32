import { Command, CommanderError } from 'commander';
import { explainCommand } from './explain.ts';
import { lintCommand } from './lint.ts';
import { EXIT } from './output/exit-status.ts';
import { runCommand } from './run.ts';
import { scanCommand } from './scan.ts';
import { VERSION } from './version.ts';

const program = new Command('sigma-operator')
  .description('Runs Sigma detection rules on Kubernetes audit logs.')
  .version(VERSION)
  .showHelpAfterError('(see --help)')
  .exitOverride();

for (const command of [runCommand(), scanCommand(), lintCommand(), explainCommand()])
  program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version are no errors; wrong arguments are bad input.
  process.exitCode = error.exitCode === 0 ? EXIT.clean : EXIT.badInput;
}
