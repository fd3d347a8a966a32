import { Command } from 'commander';
import { formatOption, placeholdersOption, runOffline } from './offline-command.ts';
import type { TestOptions } from './test/run-test.ts';

/** `sigma-operator test`: tests of rules. */
export function testCommand(): Command {
  return new Command('test')
    .description('Run the tests of rules: events that a rule has to match, and events that it must not.')
    .argument('<path...>', 'rules, tests of rules (*.test.yml), or folders with both')
    .addOption(formatOption(['pretty', 'junit', 'json']))
    .option('--require-tests', 'exit status 1 where a rule for Kubernetes has no tests', false)
    .addOption(placeholdersOption())
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], options: Omit<TestOptions, 'paths'>) => {
      await runOffline(async (terminal) => {
        const { runTest } = await import('./test/run-test.ts');
        return runTest({ ...options, paths }, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator test rules/
  sigma-operator test rules/secrets.yml
  sigma-operator test -o junit rules/ > junit.xml

Tests stand beside the rule, in a file that is called like it (secrets.yml, secrets.test.yml):

  tests:
    - name: a person reads a secret
      event: { verb: get, objectRef: { resource: secrets }, user: { username: bob } }
      match: true
    - name: nobody does so in last week's log
      log: fixtures/last-week.log
      match: false

or in the annotation detection.sigma-operator.dev/tests of a DetectionRule. See docs/test-rules.md.

Exit status: 0 all passed, 1 some failed, 2 bad input or arguments, or tests that cannot be run.`;
