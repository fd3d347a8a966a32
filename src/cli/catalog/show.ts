import { Command, Option } from 'commander';
import { formatOption, runOffline } from '../offline-command.ts';
import { PAGE_FORMATS } from '../pages/page-format.ts';
import { withRuleOptions } from '../rules/rule-options.ts';
import type { ShowOptions } from './run-show.ts';

/** `sigma-operator catalog show`: the page of a rule. */
export function showCommand(): Command {
  return withRuleOptions(
    new Command('show')
      .description(
        'Show the page of a rule: ATT&CK and event coverage, rules with the same action, stages and predicates, indicators.',
      )
      .argument('<rule>', 'the id, title or name of a rule, or its file'),
  )
    .option(
      '--policy <file>',
      'an audit policy: whether what the rule watches is logged, and at which level; with --cluster by default that of the AuditSource',
    )
    .addOption(formatOption(PAGE_FORMATS))
    .addOption(new Option('--markdown', 'the same as -o markdown').implies({ format: 'markdown' }))
    .addHelpText('after', EXAMPLES)
    .action(async (rule: string, options: Omit<ShowOptions, 'rule'>) => {
      await runOffline(async (terminal) => {
        const { runShow } = await import('./run-show.ts');
        return runShow({ ...options, rule }, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator catalog show --rules rules/ 'Kubernetes CronJob/Job Modification'
  sigma-operator catalog show --rules rules/ --policy /etc/kubernetes/audit-policy.yaml rules/my-rule.yml
  sigma-operator catalog show --cluster --markdown kubernetes-audit-cronjob-modification > cronjobs.md
  sigma-operator catalog show --rules rules/ -o json 0c9b3bda-41a6-4442-9345-356ae86343dc | jq .indicators

Exit status: 0 shown, 1 the rule is refused and the page says why, 2 bad input or arguments.`;
