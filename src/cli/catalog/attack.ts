import { Command } from 'commander';
import { formatOption, runOffline } from '../offline-command.ts';
import { PAGE_FORMATS } from '../pages/page-format.ts';
import { withRuleOptions } from '../rules/rule-options.ts';
import type { AttackOptions } from './run-attack.ts';

/** `sigma-operator catalog attack`: the ATT&CK matrix of the rules. */
export function attackCommand(): Command {
  return withRuleOptions(
    new Command('attack').description('Show which tactics and techniques of MITRE ATT&CK rules cover, and the gaps.'),
  )
    .option('--gaps', 'list the techniques without rules, too', false)
    .addOption(formatOption(PAGE_FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: AttackOptions) => {
      await runOffline(async (terminal) => {
        const { runAttack } = await import('./run-attack.ts');
        return runAttack(options, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator catalog attack --rules rules/
  sigma-operator catalog attack --rules rules/ --gaps -o markdown
  sigma-operator catalog attack --cluster -o json | jq '.tactics[].techniques[] | select(.rules == [])'

A layer for the ATT&CK Navigator: sigma-operator coverage --navigator FILE.

Exit status: 0 shown, 2 bad input or arguments.`;
