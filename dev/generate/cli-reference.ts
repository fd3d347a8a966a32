import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import type { GeneratedFile } from './generated-file.ts';

const WIDTH = 110;

/** `docs/reference/cli.md`: every command as its `--help` has it. */
export function cliReference(): GeneratedFile {
  const commands = [...under(createProgram())];
  const contents = commands.map(
    ({ name, command }) => `| [\`${name}\`](#${anchorOf(name)}) | ${command.description()} |`,
  );
  const sections = commands.map(({ name, command }) => `## ${name}\n\n\`\`\`text\n${helpOf(command).trim()}\n\`\`\`\n`);
  return {
    path: 'docs/reference/cli.md',
    text: `# The command line

Generated from the commands by \`npm run generate\`: what each says with \`--help\`.

| command | what it does |
|---|---|
${contents.join('\n')}

What they have in common:

- **Exit status.** 0: done, and nothing was found that fails. 1: something was found (a match, a finding, a failed test, a rule that
  cannot fire); each command says what. 2: bad input or arguments, so that the result cannot be trusted.
- **Streams.** Results go to standard output, everything else to standard error. Errors have a code, a place and a remedy; the codes
  are in [errors.md](errors.md).
- **Colours** only on a terminal; \`NO_COLOR\` takes them away, \`FORCE_COLOR\` adds them.
- **Hostile content.** Control characters, and those that turn or hide text, are shown as \`\\u{hex}\`, in JSON as \`\\uhhhh\`.
- **Rules** are files and folders (\`--rules\`, which may be repeated), or the DetectionRules of a cluster (\`--cluster\`).
- **JSON** (\`-o json\`) has the same content as what is shown, as plain data.

${sections.join('\n')}`,
  };
}

interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

/** Commands that do something, in the order of the help. */
function* under(command: Command, parents: readonly string[] = []): Generator<NamedCommand> {
  const path = [...parents, command.name()];
  const isGroup = command.commands.length > 0 && command.name() !== 'policy';
  if (!isGroup) yield { name: path.join(' '), command };
  for (const sub of command.commands) yield* under(sub, path);
}

function helpOf(command: Command): string {
  let text = '';
  command.configureHelp({ helpWidth: WIDTH });
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
    getOutHasColors: () => false,
    getOutHelpWidth: () => WIDTH,
  });
  command.outputHelp();
  return text;
}

function anchorOf(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
