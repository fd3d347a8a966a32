import { readFileSync } from 'node:fs';
import { type CompileOptions, findEntry, readYaml, type YamlMapping, type YamlNode } from '../../sigma/index.ts';
import { CommandFailure } from '../failure.ts';
import { readFailure } from '../logs/read-failure.ts';

/**
 * The values of placeholders (modifier `expand`) from a file: the operator's ConfigMap, each value of its `data` with one value a line, or a plain map from
 * names to values. Throws a CommandFailure.
 */
export function readPlaceholders(path: string): NonNullable<CompileOptions['placeholders']> {
  const root = rootOf(path);
  const data = findEntry(root, 'data')?.value;
  const isConfigMap = findEntry(root, 'apiVersion') !== undefined && data?.kind === 'mapping';
  const entries = isConfigMap ? data.entries : root.entries;
  const values = new Map(entries.map(({ key, value }) => [key.text, isConfigMap ? linesOf(value) : textsOf(value)]));
  return (name) => values.get(name);
}

function rootOf(path: string): YamlMapping {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readFailure(error, path);
  }
  const { documents, errors } = readYaml(text);
  const [root] = documents;
  const [error] = errors;
  if (error !== undefined)
    throw new CommandFailure('InvalidPlaceholders', `${path}:${error.line}:${error.column}`, error.message);
  if (root?.kind !== 'mapping') throw new CommandFailure('InvalidPlaceholders', path);
  return root;
}

function linesOf(node: YamlNode): readonly string[] {
  return textsOf(node)
    .flatMap((text) => text.split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function textsOf(node: YamlNode): readonly string[] {
  const items = node.kind === 'sequence' ? node.items : [node];
  return items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.text] : []));
}
