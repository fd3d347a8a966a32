import { Command, Option } from 'commander';
import { runOffline } from '../offline-command.ts';
import { withClusterOptions, withFilterOptions } from './options.ts';
import type { TailOptions } from './run-tail.ts';

/** `kubectl detections tail`: what is found, as it is found. */
export function tailCommand(): Command {
  const command = new Command('tail').description('Print what is found and triaged, as it happens, until Ctrl-C.');
  return withClusterOptions(withFilterOptions(command))
    .addOption(new Option('-o, --output <format>', 'output format: one object a line').choices(['json']))
    .addHelpText('after', EXAMPLES)
    .action(async (options: Omit<TailOptions, 'all'>) => {
      await runOffline(async (terminal) => {
        const { runTail } = await import('./run-tail.ts');
        const stop = new AbortController();
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
        return await runTail({ ...options, all: true }, terminal, stop.signal);
      });
    });
}

const EXAMPLES = `
Examples:
  kubectl detections tail --severity high
  kubectl detections tail --since 1h --rule cronjob -o json

Exit status: 0 after Ctrl-C, 2 bad arguments, or the cluster cannot be read.`;
