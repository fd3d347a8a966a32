import { Command, Option } from 'commander';
import { collect, formatOption, runOffline } from './offline-command.ts';
import { PAGE_FORMATS } from './pages/page-format.ts';
import type { PolicyOptions } from './policy/run-policy.ts';
import type { PolicyCheckOptions } from './policy/run-policy-check.ts';
import { withRuleOptions } from './rules/rule-options.ts';

/** `sigma-operator policy`: the audit policy that rules need, and what a policy keeps from them. */
export function policyCommand(): Command {
  return withRuleOptions(
    new Command('policy').description('Print the smallest audit policy under which rules can fire.'),
  )
    .option('--whole', 'also log the bodies that only exclusions test: fewer false alarms, more volume', false)
    .addOption(
      new Option('--log <path>', 'estimate the volume from these audit logs; may be repeated')
        .argParser(collect)
        .default([], 'no estimate'),
    )
    .addOption(formatOption(['yaml', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (options: PolicyOptions) => {
      await runOffline(async (terminal) => {
        const { runPolicy } = await import('./policy/run-policy.ts');
        return runPolicy(options, terminal);
      });
    })
    .addCommand(policyCheckCommand());
}

function policyCheckCommand(): Command {
  return withRuleOptions(
    new Command('check').description('Say which rules cannot fire under an audit policy, and why.'),
  )
    .requiredOption('--policy <file>', 'the audit policy: what kube-apiserver has as --audit-policy-file')
    .addOption(
      new Option('--fail-on <what>', 'what gives exit status 1: rules that cannot fire, or that see only a part, too')
        .choices(['cannot-fire', 'limited', 'never'])
        .default('cannot-fire'),
    )
    .addOption(formatOption(PAGE_FORMATS))
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (options: PolicyCheckOptions) => {
      await runOffline(async (terminal) => {
        const { runPolicyCheck } = await import('./policy/run-policy-check.ts');
        return runPolicyCheck(options, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator policy --rules rules/ > audit-policy.yaml
  sigma-operator policy --rules rules/ --log /var/log/kubernetes/audit/ > audit-policy.yaml
  sigma-operator policy --cluster --whole -o json | jq .reasons

Each rule of the policy has a comment that says which detection rules need it. The estimate is as good as the log: what is
not logged there is not counted.

Exit status: 0 printed, 1 printed, but some rules fire under no policy, 2 bad input or arguments.`;

const CHECK_EXAMPLES = `
Examples:
  sigma-operator policy check --policy /etc/kubernetes/audit-policy.yaml --rules rules/
  sigma-operator policy check --policy audit-policy.yaml --cluster --fail-on limited -o json

Exit status: 0 every rule can fire, 1 some cannot (see --fail-on), 2 bad input or arguments.`;
