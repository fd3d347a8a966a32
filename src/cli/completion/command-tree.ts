import type { Command } from 'commander';

/** A command with what can be written behind it. Plain data. */
export interface CommandNode {
  readonly name: string;
  /** Names from the program's to its own; empty for the program. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
  /** Its first argument is one of these; undefined where it is something else, such as a file. */
  readonly values: readonly string[] | undefined;
}

export interface OptionNode {
  /** `--rules`. */
  readonly long: string;
  /** `-o`. */
  readonly short: string | undefined;
  readonly description: string;
  readonly takesValue: boolean;
  /** The values that there are; undefined for any. */
  readonly values: readonly string[] | undefined;
  readonly repeatable: boolean;
}

/** Reads a commander program. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const options = command.options
    .filter(({ hidden, long }) => !hidden && long !== undefined && long !== null)
    .map(
      ({ long, short, description, required, optional, argChoices, variadic, parseArg }): OptionNode => ({
        long: long ?? '',
        short: short ?? undefined,
        description,
        takesValue: required || optional,
        values: argChoices,
        repeatable: variadic || (parseArg !== undefined && argChoices === undefined),
      }),
    );
  const help = {
    long: '--help',
    short: '-h',
    description: 'show help',
    takesValue: false,
    values: undefined,
    repeatable: false,
  };
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    path,
    description: command.description(),
    options: [...options, help],
    commands: command.commands.map((sub) => commandTree(sub, [...path, sub.name()])),
    values: argument?.argChoices,
  };
}

/** A command and all under it. */
export function* allCommands(node: CommandNode): Generator<CommandNode> {
  yield node;
  for (const sub of node.commands) yield* allCommands(sub);
}
