import { Command } from 'commander';
import { listCommand } from './detections/list.ts';
import { showCommand } from './detections/show.ts';
import { tailCommand } from './detections/tail.ts';
import { ackCommand, falsePositiveCommand, openCommand, resolveCommand } from './detections/triage.ts';

/** `sigma-operator detections`, and the same as a plugin of kubectl: work through Alerts. */
export function detectionsCommand(): Command {
  const command = new Command('detections').description('Work through the Alerts of a cluster.');
  for (const sub of [
    listCommand(),
    showCommand(),
    tailCommand(),
    ackCommand(),
    resolveCommand(),
    falsePositiveCommand(),
    openCommand(),
  ])
    command.addCommand(sub);
  return command;
}
