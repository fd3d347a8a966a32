import { Command } from 'commander';
import { runOffline } from '../offline-command.ts';
import { withRuleOptions } from '../rules/rule-options.ts';
import type { BuildOptions } from './run-build.ts';

/** `sigma-operator catalog build`: the catalog as a web site of files. */
export function buildCommand(): Command {
  return withRuleOptions(
    new Command('build').description(
      'Write the catalog as a static web site: a page for each rule, a search, the ATT&CK matrix, actions, indicators.',
    ),
  )
    .requiredOption('--out <folder>', 'where to write it; a new or empty folder, or one that was written before')
    .option(
      '--policy <file>',
      'an audit policy: pages say whether what a rule watches is logged; with --cluster by default that of the AuditSource',
    )
    .option('--title <text>', 'the title of the site', 'Detection catalog')
    .addHelpText('after', EXAMPLES)
    .action(async (options: BuildOptions) => {
      await runOffline(async (terminal) => {
        const { runBuild } = await import('./run-build.ts');
        return runBuild(options, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator catalog build --rules rules/ --out site/
  sigma-operator catalog build --cluster --policy audit-policy.yaml --title 'Detections of staging' --out site/

Open site/index.html: no server is needed, and nothing is loaded from elsewhere. Written again, only what changed is
written, and pages of rules that are gone are removed.

Exit status: 0 written, 2 bad input or arguments.`;
