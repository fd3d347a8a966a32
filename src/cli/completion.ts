import { Argument, Command } from 'commander';
import { runOffline } from './offline-command.ts';

/** `sigma-operator completion`: what a shell has to know to complete commands, options and their values. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('Print a script that lets a shell complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: 'bash' | 'zsh' | 'fish', _options: object, command: Command) => {
      await runOffline(async ({ out }) => {
        const { commandTree } = await import('./completion/command-tree.ts');
        const { completionScript } = await import('./completion/completion-script.ts');
        const { EXIT } = await import('./output/exit-status.ts');
        out.write(completionScript(shell, commandTree(command.parent ?? command)));
        return EXIT.clean;
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator completion bash > /etc/bash_completion.d/sigma-operator
  sigma-operator completion zsh > "\${fpath[1]}/_sigma-operator"
  sigma-operator completion fish > ~/.config/fish/completions/sigma-operator.fish
  source <(sigma-operator completion bash)

Exit status: 0 printed, 2 wrong arguments.`;
