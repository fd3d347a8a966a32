import { Command } from 'commander';
import { runCommand } from './run.ts';
import { VERSION } from './version.ts';

const program = new Command('sigma-operator')
  .description('Runs Sigma detection rules on Kubernetes audit logs.')
  .version(VERSION)
  .showHelpAfterError('(see --help)')
  .addCommand(runCommand());

await program.parseAsync();
