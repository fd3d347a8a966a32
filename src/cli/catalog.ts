import { Command } from 'commander';
import { actionsCommand } from './catalog/actions.ts';
import { attackCommand } from './catalog/attack.ts';
import { buildCommand } from './catalog/build.ts';
import { indicatorsCommand } from './catalog/indicators.ts';
import { listCommand } from './catalog/list.ts';
import { showCommand } from './catalog/show.ts';

/** `sigma-operator catalog`: what is known about rules. */
export function catalogCommand(): Command {
  const command = new Command('catalog').description(
    'What is known about rules: a page for each, and lists across all of them.',
  );
  for (const sub of [
    showCommand(),
    listCommand(),
    actionsCommand(),
    indicatorsCommand(),
    attackCommand(),
    buildCommand(),
  ])
    command.addCommand(sub);
  return command;
}
