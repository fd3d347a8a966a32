import { allCommands, type CommandNode, type OptionNode } from './command-tree.ts';

/** Completion for fish, with descriptions. */
export function fishScript(root: CommandNode): string {
  const nodes = [...allCommands(root)];
  const at = `__${root.name.replaceAll('-', '_')}_at`;
  const paths = nodes.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(' ')));
  return `# fish completion for ${root.name}
function ${at} --description 'Whether the command line has got to a command'
  set -l path
  for word in (commandline -opc)[2..-1]
    if contains -- (string join -- ' ' $path $word) ${paths.join(' ')}
      set -a path $word
    end
  end
  test "$path" = "$argv"
end
complete -c ${root.name} -f -n '${at}'
${nodes.flatMap((node) => nodeLines(node, root.name, at)).join('\n')}
`;
}

function nodeLines(node: CommandNode, program: string, at: string): readonly string[] {
  const condition = `-n ${quote([at, ...node.path].join(' '))}`;
  const start = `complete -c ${program} ${condition}`;
  return [
    ...node.commands.map(({ name, description }) => `${start} -f -a ${name} -d ${quote(description)}`),
    ...(node.values === undefined ? [] : [`${start} -f -a ${quote(node.values.join(' '))}`]),
    ...node.options.map((option) => `${start} ${optionWords(option)}`),
  ];
}

function optionWords({ long, short, description, takesValue, values }: OptionNode): string {
  return [
    `-l ${long.slice(2)}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(takesValue ? (values === undefined ? ['-r -F'] : ['-x', `-a ${quote(values.join(' '))}`]) : ['-f']),
    `-d ${quote(description)}`,
  ].join(' ');
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
