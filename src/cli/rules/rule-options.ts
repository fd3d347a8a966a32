import { type Command, Option } from 'commander';
import { collect, placeholdersOption } from '../offline-command.ts';

/** Which rules a command is about. */
export interface RuleSelection {
  /** Paths. Where neither these nor a cluster are given, the rules that come with this program. */
  readonly rules: readonly string[];
  /** The DetectionRules of a cluster instead. */
  readonly cluster: boolean;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly placeholders?: string | undefined;
}

/** Adds the options of a RuleSelection to a command. */
export function withRuleOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--rules <path>', 'Sigma rules and DetectionRule manifests: a file or folder; may be repeated')
        .argParser(collect)
        .default([], 'the rules that come with this program'),
    )
    .addOption(
      new Option('--cluster', 'the DetectionRules of a cluster instead of --rules').default(false).conflicts('rules'),
    )
    .addOption(
      new Option('--kubeconfig <file>', 'with --cluster: the kubeconfig file')
        .env('KUBECONFIG')
        .default(undefined, '~/.kube/config'),
    )
    .addOption(
      new Option('--context <name>', 'with --cluster: a context of the kubeconfig file').default(
        undefined,
        'its current one',
      ),
    )
    .addOption(placeholdersOption());
}
