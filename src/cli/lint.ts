import { Command, Option } from 'commander';
import type { LintOptions } from './lint/run-lint.ts';
import { formatOption, placeholdersOption, runOffline } from './offline-command.ts';
import { EXIT_HELP } from './output/exit-status.ts';

/** `sigma-operator lint`: what is wrong with rules, or may be. */
export function lintCommand(): Command {
  return new Command('lint')
    .description('Check rules: errors, and what a reviewer who knows Kubernetes audit logs would remark.')
    .argument('<path...>', 'Sigma rules, DetectionRule and DetectionFilter manifests: files or folders')
    .addOption(placeholdersOption())
    .addOption(formatOption(['pretty', 'json']))
    .option('--fix', 'apply the fixes that are safe: the rule then sees at least what it saw before', false)
    .addOption(
      new Option('--fail-on <severity>', 'least severity of a finding that gives exit status 1')
        .choices(['information', 'warning', 'error', 'never'])
        .default('warning'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], options: Omit<LintOptions, 'paths'>) => {
      await runOffline(async (terminal) => {
        const { runLint } = await import('./lint/run-lint.ts');
        return runLint({ ...options, paths }, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator lint rules/
  sigma-operator lint --fix my-rule.yml
  sigma-operator lint -o json --fail-on error manifests/ | jq -r '.findings[].code' | sort | uniq -c

Fixes change nothing but the places that are named: comments and formatting stay as they are.
Every finding is explained in docs/reference/findings.md and docs/reference/errors.md.

${EXIT_HELP}`;
