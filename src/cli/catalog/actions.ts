import { Command } from 'commander';
import { formatOption, runOffline } from '../offline-command.ts';
import { PAGE_FORMATS } from '../pages/page-format.ts';
import { withRuleOptions } from '../rules/rule-options.ts';
import type { ListingOptions } from './listing-options.ts';

/** `sigma-operator catalog actions`: operations of the Kubernetes API, and the rules that watch them. */
export function actionsCommand(): Command {
  return withRuleOptions(
    new Command('actions').description('List the operations on resources that rules watch, and which rules do.'),
  )
    .addOption(formatOption(PAGE_FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListingOptions) => {
      await runOffline(async (terminal) => {
        const { runActions } = await import('./run-actions.ts');
        return runActions(options, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator catalog actions --rules rules/
  sigma-operator catalog actions --cluster -o json | jq '.[] | select(.operation.resource == "secrets")'

Rules that constrain no resource are left out: they watch everything.

Exit status: 0 listed, 2 bad input or arguments.`;
