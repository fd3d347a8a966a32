import { Command } from 'commander';
import { catalogCommand } from './catalog.ts';
import { completionCommand } from './completion.ts';
import { coverageCommand } from './coverage.ts';
import { detectionsCommand } from './detections.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { lintCommand } from './lint.ts';
import { policyCommand } from './policy.ts';
import { runCommand } from './run.ts';
import { scanCommand } from './scan.ts';
import { testCommand } from './test.ts';
import { VERSION } from './version.ts';
import { webhookConfigCommand } from './webhook-config.ts';

const COMMANDS: Readonly<Record<string, () => Command>> = Object.freeze({
  run: runCommand,
  scan: scanCommand,
  lint: lintCommand,
  explain: explainCommand,
  catalog: catalogCommand,
  coverage: coverageCommand,
  policy: policyCommand,
  import: importCommand,
  test: testCommand,
  'webhook-config': webhookConfigCommand,
  completion: completionCommand,
  detections: detectionsCommand,
});

/** Needs to know the others. */
const COMPLETION = 'completion';

/**
 * The command line under the name that it was called by: `kubectl-detections` is how kubectl calls a plugin. Where the first argument is a command,
 * no other is made ready: that would take a tenth of the time that a scan needs to start.
 */
export function programFor(calledAs: string, [first = '']: readonly string[]): Command {
  if (/^kubectl-detections\b/.test(calledAs)) return createPlugin();
  return createProgram(Object.hasOwn(COMMANDS, first) && first !== COMPLETION ? [first] : undefined);
}

function createPlugin(): Command {
  const plugin = detectionsCommand()
    .name('kubectl detections')
    .version(VERSION)
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const sub of plugin.commands) inherit(sub, plugin);
  return plugin;
}

/** The command line, ready to parse. Throws CommanderErrors instead of ending the process. @param names of its commands; by default all of them */
export function createProgram(names: readonly string[] = Object.keys(COMMANDS)): Command {
  const program = new Command('sigma-operator')
    .description('Runs Sigma detection rules on Kubernetes audit logs.')
    .version(VERSION)
    // A command that has commands of its own leaves their options to them.
    .enablePositionalOptions()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', FIRST_STEPS)
    .exitOverride();
  for (const name of names) {
    const create = COMMANDS[name];
    if (create !== undefined) program.addCommand(inherit(create(), program));
  }
  return program;
}

const FIRST_STEPS = `
First steps, without a cluster:
  sigma-operator catalog show --rules rules/my-rule.yml 'My rule'   what the rule sees, and what it needs
  sigma-operator scan --rules rules/ audit.log                      what it finds in a log
  sigma-operator explain rules/my-rule.yml audit.log:7              why it matches a line, or does not
  sigma-operator import sigma/ --out detections/                    manifests of public rules`;

/** Commands that were made on their own take over the settings of the one that they come under. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const sub of command.commands) inherit(sub, command);
  return command;
}
