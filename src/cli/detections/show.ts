import { Command, Option } from 'commander';
import { runOffline } from '../offline-command.ts';
import { withClusterOptions } from './options.ts';
import type { ShowOptions } from './run-show.ts';

/** `kubectl detections show`: an Alert as a report. */
export function showCommand(): Command {
  const command = new Command('show')
    .description(
      'Show Alerts as short reports: what happened, why it matters, why the rule matched, what to look at next.',
    )
    .argument('<name...>', 'names of Alerts, or parts that no other name has');
  return withClusterOptions(command)
    .addOption(
      new Option('-o, --output <format>', 'output format')
        .choices(['pretty', 'markdown', 'json', 'yaml'])
        .default('pretty'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], options: Omit<ShowOptions, 'names'>) => {
      await runOffline(async (terminal) => {
        const { runShow } = await import('./run-show.ts');
        return await runShow({ ...options, names }, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  kubectl detections show kubernetes-audit-cronjob-modification-fw2yqrg4ntaayltmmpnlsznl
  kubectl detections show fw2yqrg4 -o markdown

Exit status: 0 shown, 2 no such Alert, bad arguments, or the cluster cannot be read.`;
