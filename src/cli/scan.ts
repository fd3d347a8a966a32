import { Command, Option } from 'commander';
import { collect, formatOption, placeholdersOption, runOffline } from './offline-command.ts';
import { EXIT_HELP } from './output/exit-status.ts';
import type { ScanOptions } from './scan/run-scan.ts';

/** `sigma-operator scan`: rules over logs, without a cluster. */
export function scanCommand(): Command {
  return new Command('scan')
    .description('Run rules over audit logs, without a cluster, and print what matches.')
    .argument('<log...>', 'audit logs: files (also .gz), folders with rotated logs, - for standard input')
    .addOption(
      new Option('--rules <path>', 'Sigma rules, DetectionRules and filters: a file or folder; may be repeated')
        .argParser(collect)
        .default([], 'the rules and filters that come with this program'),
    )
    .addOption(placeholdersOption())
    .addOption(formatOption(['pretty', 'ndjson', 'json']))
    .addOption(
      new Option('--fail-on <level>', 'least severity of a match that gives exit status 1')
        .choices(['informational', 'low', 'medium', 'high', 'critical', 'never'])
        .default('informational'),
    )
    .option(
      '--every-event',
      'report every matching line: each stage of a request, whatever its outcome, dry runs too',
      false,
    )
    .option('--any-logsource', 'run rules for other products, too', false)
    .option('--no-mapping', 'read field names as they are, without the mapping for kubernetes/audit')
    .option('--strict', 'exit status 2 where a rule is broken or a line is no audit event', false)
    .option('-q, --quiet', 'no progress, and no summary beside ndjson', false)
    .addHelpText('after', EXAMPLES)
    .action(async (logs: readonly string[], options: Omit<ScanOptions, 'logs'>) => {
      await runOffline(async (terminal) => {
        const { runScan } = await import('./scan/run-scan.ts');
        return runScan({ ...options, logs }, terminal, () => performance.now());
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator scan /var/log/kubernetes/audit/
  sigma-operator scan --rules rules/ node-a/audit.log node-b/audit.log
  zcat audit.log.gz | sigma-operator scan --rules rules/ --rules my-rule.yml -
  sigma-operator scan --rules rules/ --fail-on high -o ndjson audit.log | jq -r .rule.title | sort | uniq -c

A request is logged once per stage and counts once per rule. Requests that failed (404, 409, 422 …) and dry runs are left out and counted, unless the
rule, or the DetectionRule's spec, asks for them; so is what filters leave out: the same as in the operator. --every-event lifts the first two.

${EXIT_HELP}`;
