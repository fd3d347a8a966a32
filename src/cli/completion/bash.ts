import { allCommands, type CommandNode } from './command-tree.ts';

/** Completion for bash 4 and newer. Where nothing is to be said, bash completes files. */
export function bashScript(root: CommandNode): string {
  const nodes = [...allCommands(root)];
  const name = `_${root.name.replaceAll('-', '_')}`;
  return `# bash completion for ${root.name}
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path/$word" in
${nodes
  .filter(({ path }) => path.length > 0)
  .map(({ path }) => `      '/${path.join('/')}') path=/${path.join('/')} ;;`)
  .join('\n')}
    esac
  done
  case "$path $prev" in
${nodes.flatMap(valueCases).join('\n')}
  esac
  local options= values=
  case "$path" in
${nodes.map(nodeCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
  fi
}
complete -o bashdefault -o default -F ${name} ${root.name}
`;
}

function pathOf({ path }: CommandNode): string {
  return path.length === 0 ? '' : `/${path.join('/')}`;
}

/** After an option that takes a value: its values, or files. */
function valueCases(node: CommandNode): readonly string[] {
  return node.options
    .filter(({ takesValue }) => takesValue)
    .map(({ long, short, values }) => {
      const patterns = [long, ...(short === undefined ? [] : [short])].map((flag) => `'${pathOf(node)} ${flag}'`);
      const reply = values === undefined ? '' : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur")); `;
      return `    ${patterns.join('|')}) ${reply}return ;;`;
    });
}

function nodeCase(node: CommandNode): string {
  const options = node.options.flatMap(({ long, short }) => [long, ...(short === undefined ? [] : [short])]);
  const values = [...node.commands.map(({ name }) => name), ...(node.values ?? [])];
  return `    '${pathOf(node)}') options='${options.join(' ')}' values='${values.join(' ')}' ;;`;
}
