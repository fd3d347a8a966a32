import { Command } from 'commander';
import type { CoverageOptions } from './coverage/run-coverage.ts';
import { formatOption, runOffline } from './offline-command.ts';
import { PAGE_FORMATS } from './pages/page-format.ts';
import { withRuleOptions } from './rules/rule-options.ts';

/** `sigma-operator coverage`: how much of ATT&CK rules cover, and a layer for the Navigator. */
export function coverageCommand(): Command {
  return withRuleOptions(
    new Command('coverage').description('Say how much of MITRE ATT&CK rules cover, tactic by tactic.'),
  )
    .option('--navigator <file>', 'write a layer for the ATT&CK Navigator (format 4.5); - for standard output')
    .option('--name <text>', 'the name of the layer', 'Detection rules')
    .addOption(formatOption(PAGE_FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: CoverageOptions) => {
      await runOffline(async (terminal) => {
        const { runCoverage } = await import('./coverage/run-coverage.ts');
        return runCoverage(options, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator coverage --rules rules/
  sigma-operator coverage --cluster --name staging --navigator layer.json
  sigma-operator coverage --rules rules/ -o json | jq '.tactics[] | select(.rules == 0).name'

Open the layer with "Open Existing Layer" of the ATT&CK Navigator. A technique's score is the number of its rules.
The rules themselves: sigma-operator catalog attack.

Exit status: 0 shown or written, 2 bad input or arguments.`;
