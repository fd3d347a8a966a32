import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect } from '../offline-command.ts';

const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'];
const STATES = ['Open', 'Acknowledged', 'Resolved', 'FalsePositive', 'Reopened'];

/** Adds the options of a ClusterChoice to a command: as kubectl has them. */
export function withClusterOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--kubeconfig <file>', 'kubeconfig file').env('KUBECONFIG').default(undefined, '~/.kube/config'),
    )
    .addOption(new Option('--context <name>', 'context in the kubeconfig file').default(undefined, 'its current one'));
}

/** Adds the options of AlertFilters to a command. Those that take a text may be repeated. */
export function withFilterOptions(command: Command): Command {
  return command
    .addOption(repeated('--rule <name>', 'Alerts of this rule: its name or id, or a part of its title'))
    .addOption(new Option('--severity <level>', 'at least this severe').choices(SEVERITIES))
    .addOption(
      new Option('--state <state>', `in this state: ${STATES.join(', ')}`)
        .argParser(state)
        .default([], 'those that are not dealt with'),
    )
    .addOption(repeated('--actor <name>', 'about this actor, or whom somebody acted as'))
    .addOption(repeated('-n, --namespace <name>', 'about objects in this namespace'))
    .addOption(repeated('--resource <name>', 'about this kind of object: cronjobs, cronjobs.batch'))
    .addOption(repeated('--operation <name>', 'create, change, delete, read, connect'))
    .addOption(repeated('--outcome <name>', 'Allowed, Denied, Failed, Unknown'))
    .addOption(new Option('--since <duration>', 'last seen at most so long ago: 15m, 12h, 7d').argParser(duration));
}

function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], 'all');
}

function state(text: string, previous: readonly string[] = []): readonly string[] {
  const wanted = STATES.find((each) => each.toLowerCase() === text.replaceAll('-', '').toLowerCase());
  if (wanted === undefined) throw new InvalidArgumentError(`Give one of ${STATES.join(', ')}.`);
  return [...previous, wanted];
}

function duration(text: string): string {
  if (!/^[1-9]\d{0,4}[smhd]$/.test(text)) throw new InvalidArgumentError('Give a duration, e.g. 15m, 12h or 7d.');
  return text;
}
