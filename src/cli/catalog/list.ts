import { Command, Option } from 'commander';
import { collect, formatOption, runOffline } from '../offline-command.ts';
import { PAGE_FORMATS } from '../pages/page-format.ts';
import { withRuleOptions } from '../rules/rule-options.ts';
import type { ListOptions } from './run-list.ts';

/** `sigma-operator catalog list`: the rules on one line each. */
export function listCommand(): Command {
  return withRuleOptions(new Command('list').description('List rules, one on a line.'))
    .addOption(
      new Option('--level <level...>', 'rules of this level; may be repeated, as all of these filters')
        .choices(['informational', 'low', 'medium', 'high', 'critical'])
        .default([], 'all'),
    )
    .addOption(repeated('--status <status>', 'rules of this status: stable, test, experimental, …'))
    .addOption(
      repeated(
        '--tactic <name>',
        'rules that are tagged with this ATT&CK tactic (persistence, TA0003) or technique (T1053)',
      ),
    )
    .addOption(repeated('--resource <name>', 'rules that name this resource: cronjobs, pods/exec'))
    .addOption(repeated('--verb <verb>', 'rules that watch this verb on a resource that they name'))
    .addOption(repeated('--product <name>', 'rules for the log source of this product'))
    .addOption(
      new Option('--sort <by>', 'order of the rules').choices(['title', 'level', 'status', 'source']).default('title'),
    )
    .addOption(formatOption(PAGE_FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListOptions) => {
      await runOffline(async (terminal) => {
        const { runList } = await import('./run-list.ts');
        return runList(options, terminal);
      });
    });
}

function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], 'all');
}

const EXAMPLES = `
Examples:
  sigma-operator catalog list --rules rules/
  sigma-operator catalog list --rules rules/ --level high --level critical --tactic persistence
  sigma-operator catalog list --cluster --resource secrets --sort level -o json | jq -r '.[].title'

Exit status: 0 listed, 2 bad input or arguments.`;
