import { findEntry, readYaml } from '../../sigma/index.ts';

const HEAD = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';

/**
 * A kustomization that lists `added` files as well; without one, a new one. What is listed, and everything else, stays as it is. Undefined where the text is no
 * kustomization that can be added to.
 */
export function addResources(text: string | undefined, added: readonly string[]): string | undefined {
  if (text === undefined || text.trim() === '') return `${HEAD}resources:\n${added.map(line).join('')}`;
  const { documents, errors } = readYaml(text);
  const [root] = documents;
  if (errors.length > 0 || documents.length !== 1 || root?.kind !== 'mapping') return undefined;
  const resources = findEntry(root, 'resources')?.value;
  if (resources === undefined)
    return withNewline(text) + (added.length === 0 ? '' : `resources:\n${added.map(line).join('')}`);
  if (resources.kind !== 'sequence') return undefined;
  const listed = new Set(resources.items.map((item) => (item.kind === 'scalar' ? item.text.replace(/^\.\//, '') : '')));
  const missing = added.filter((file) => !listed.has(file));
  const last = resources.items.at(-1);
  if (missing.length === 0) return text;
  if (last === undefined || text[resources.start] === '[') return undefined;
  const lineStart = text.lastIndexOf('\n', last.start) + 1;
  const lineEnd = text.indexOf('\n', last.end);
  const indent = /^\s*/.exec(text.slice(lineStart))?.[0] ?? '  ';
  const lines = missing.map((file) => `${indent}- ${file}\n`).join('');
  if (lineEnd < 0) return `${text}\n${lines}`;
  return `${text.slice(0, lineEnd + 1)}${lines}${text.slice(lineEnd + 1)}`;
}

function line(file: string): string {
  return `  - ${file}\n`;
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
