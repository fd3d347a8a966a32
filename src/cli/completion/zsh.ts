import { allCommands, type CommandNode, type OptionNode } from './command-tree.ts';

/** Completion for zsh, with descriptions; a file for a folder of fpath. */
export function zshScript(root: CommandNode): string {
  const nodes = [...allCommands(root)];
  return `#compdef ${root.name}
# zsh completion for ${root.name}
${nodes.map((node) => zshFunction(node, root)).join('\n')}
if [[ $funcstack[1] == ${functionName(root, root)} ]]; then
  ${functionName(root, root)} "$@"
else
  compdef ${functionName(root, root)} ${root.name}
fi
`;
}

function functionName({ path }: CommandNode, root: CommandNode): string {
  return `_${[root.name, ...path].join('-')}`;
}

function zshFunction(node: CommandNode, root: CommandNode): string {
  const specs = node.options.map(optionSpec);
  if (node.commands.length === 0) {
    const argument = node.values === undefined ? "'*:file:_files'" : `'1:value:(${node.values.join(' ')})'`;
    return `${functionName(node, root)}() {
  _arguments -s -S \\
${[...specs, argument].map((spec) => `    ${spec}`).join(' \\\n')}
}`;
  }
  const commands = node.commands.map(({ name, description }) => `    ${quote(`${name}:${escapeColons(description)}`)}`);
  const cases = node.commands.map((sub) => `        ${sub.name}) ${functionName(sub, root)} ;;`);
  return `${functionName(node, root)}() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.join('\n')}
  )
  _arguments -C \\
${[...specs, "'1: :->command'", "'*:: :->rest'"].map((spec) => `    ${spec}`).join(' \\\n')}
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      curcontext="\${curcontext%:*}-$words[1]:"
      case $words[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}`;
}

function optionSpec({ long, short, description, takesValue, values, repeatable }: OptionNode): string {
  const text = `[${description.replace(/[[\]\\:]/g, '\\$&')}]`;
  const action = takesValue ? `:value:${values === undefined ? '_files' : `(${values.join(' ')})`}` : '';
  if (short === undefined) return quote(`${repeatable ? '*' : ''}${long}${text}${action}`);
  const exclusive = repeatable ? '*' : `(${short} ${long})`;
  return `${quote(exclusive)}{${short},${long}}${quote(`${text}${action}`)}`;
}

function escapeColons(text: string): string {
  return text.replace(/[\\:]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
