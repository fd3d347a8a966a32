import { Command, Option } from 'commander';
import { runOffline } from '../offline-command.ts';
import { withClusterOptions, withFilterOptions } from './options.ts';
import type { TriageOptions } from './run-triage.ts';

/** `kubectl detections ack`: somebody has seen it. */
export function ackCommand(): Command {
  return triageCommand(
    'ack',
    'Acknowledged',
    'Acknowledge Alerts: somebody has seen them. They count on without Events.',
  );
}

/** `kubectl detections resolve`: it is dealt with. */
export function resolveCommand(): Command {
  return triageCommand(
    'resolve',
    'Resolved',
    'Resolve Alerts: they are dealt with. Should it happen again, they are reopened.',
  );
}

/** `kubectl detections false-positive`: it is nothing. */
export function falsePositiveCommand(): Command {
  const description = 'Mark Alerts as false positives: they are nothing, now and whenever it happens again.';
  return triageCommand('false-positive', 'FalsePositive', description);
}

/** `kubectl detections open`: takes the others back. */
export function openCommand(): Command {
  return triageCommand('open', 'Open', 'Open Alerts again, whatever was said of them.');
}

function triageCommand(name: string, to: TriageOptions['to'], description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('[name...]', 'names of Alerts, or parts that no other name has; without, those that the filters select');
  return withClusterOptions(withFilterOptions(command))
    .addOption(new Option('-m, --comment <text>', 'why, or what was done'))
    .addOption(new Option('--assignee <name>', 'who deals with it'))
    .addOption(new Option('-A, --all', 'with filters: also Resolved and FalsePositive').default(false))
    .addOption(new Option('-y, --yes', 'with filters: do it; else they are only listed').default(false))
    .addHelpText('after', examples(name))
    .action(async (names: readonly string[], options: Omit<TriageOptions, 'names' | 'to'>) => {
      await runOffline(async (terminal) => {
        const { runTriage } = await import('./run-triage.ts');
        return await runTriage({ ...options, names, to }, terminal);
      });
    });
}

const examples = (name: string): string => `
Examples:
  kubectl detections ${name} fw2yqrg4 --comment 'CHG-1432'
  kubectl detections ${name} --rule cronjob --namespace shop --yes

Exit status: 0 done, 2 no such Alert, bad arguments, or the cluster does not let you.`;
