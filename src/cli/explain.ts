import { Command, Option } from 'commander';
import type { ExplainOptions } from './explain/run-explain.ts';
import { collect, formatOption, placeholdersOption, runOffline } from './offline-command.ts';

/** `sigma-operator explain`: why a rule matches an event, or does not. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Say why a rule matches an audit event or does not, predicate by predicate.')
    .argument('<rule>', 'a file with a rule, or the id, title or name of one under --rules')
    .argument('<event>', 'a file with an audit event, LOG:LINE, or - for standard input')
    .addOption(
      new Option('--rules <path>', 'where to look for the rule, and for filters; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(placeholdersOption())
    .addOption(formatOption(['pretty', 'json']))
    .option('--no-mapping', 'read field names as they are, without the mapping for kubernetes/audit')
    .addHelpText('after', EXAMPLES)
    .action(async (rule: string, event: string, options: Omit<ExplainOptions, 'rule' | 'event'>) => {
      await runOffline(async (terminal) => {
        const { runExplain } = await import('./explain/run-explain.ts');
        return runExplain({ ...options, rule, event }, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator explain my-rule.yml event.json
  sigma-operator explain --rules rules/ 'Kubernetes CronJob/Job Modification' audit.log:1205
  tail -1 audit.log | sigma-operator explain --rules rules/ 0c9b3bda-41a6-4442-9345-356ae86343dc -

✓ holds, ✗ does not, ? cannot be known, because the bodies are cut off in the log.

Exit status: 0 explained, 2 bad input or arguments.`;
