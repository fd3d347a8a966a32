import { Command, InvalidArgumentError, Option } from 'commander';
import { formatOption, runOffline } from '../offline-command.ts';
import { PAGE_FORMATS } from '../pages/page-format.ts';
import { withRuleOptions } from '../rules/rule-options.ts';
import type { IndicatorsOptions } from './run-indicators.ts';

/** `sigma-operator catalog indicators`: what rules look for. */
export function indicatorsCommand(): Command {
  return withRuleOptions(
    new Command('indicators').description(
      'List what rules look for: field, comparison and values, and how many rules do; most common first.',
    ),
  )
    .option('--field <name>', 'only those on this field, in any case')
    .addOption(
      new Option('--at-least <rules>', 'only those that so many rules share').argParser(wholeNumber).default(1),
    )
    .addOption(formatOption(PAGE_FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: IndicatorsOptions) => {
      await runOffline(async (terminal) => {
        const { runIndicators } = await import('./run-indicators.ts');
        return runIndicators(options, terminal);
      });
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

const EXAMPLES = `
Examples:
  sigma-operator catalog indicators --rules rules/ --field objectRef.resource
  sigma-operator catalog indicators --rules rules/ --at-least 2 -o json

Exit status: 0 listed, 2 bad input or arguments.`;
