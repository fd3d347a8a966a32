import { bashScript } from './bash.ts';
import type { CommandNode } from './command-tree.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** A script that completes the command line of a program. */
export function completionScript(shell: keyof typeof SCRIPTS, root: CommandNode): string {
  return SCRIPTS[shell](root);
}
