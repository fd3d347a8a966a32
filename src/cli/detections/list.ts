import { Command, Option } from 'commander';
import { runOffline } from '../offline-command.ts';
import { withClusterOptions, withFilterOptions } from './options.ts';
import type { ListOptions } from './run-list.ts';

/** `kubectl detections list`: Alerts, one on a line. */
export function listCommand(): Command {
  const command = new Command('list').description(
    'List Alerts, the worst first; those that are dealt with only on request.',
  );
  return withClusterOptions(withFilterOptions(command))
    .addOption(new Option('-A, --all', 'also Resolved and FalsePositive').default(false))
    .addOption(
      new Option('--sort-by <order>', 'order')
        .choices(['severity', 'last-seen', 'first-seen', 'count', 'state', 'rule', 'actor'])
        .default('severity'),
    )
    .addOption(new Option('-r, --reverse', 'the other way round').default(false))
    .addOption(new Option('-o, --output <format>', 'output format').choices(['wide', 'json', 'yaml', 'name']))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListOptions) => {
      await runOffline(async (terminal) => {
        const { runList } = await import('./run-list.ts');
        return await runList(options, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  kubectl detections list
  kubectl detections list --severity high --since 24h
  kubectl detections list --actor alice --namespace shop --all --sort-by last-seen
  kubectl detections list -o json | jq -r '.items[].finding.summary'

Exit status: 0 listed, 2 bad arguments, or the cluster cannot be read.`;
