import { findEntry, readYaml, type YamlMapping, type YamlNode } from '../../sigma/index.ts';
import { readManifests } from '../rules/manifest.ts';
import { quoted, sigmaScalar } from './sigma-scalar.ts';

/**
 * A manifest file in which the DetectionRule of a name has another Sigma text, and everything else is as it was. Undefined where it cannot be done: the text is
 * not written behind a key `sigma`.
 */
export function updateManifest(file: string, name: string, sigma: string): string | undefined {
  const { documents } = readYaml(file, {
    maxSourceBytes: 64 * 1024 * 1024,
    maxNodes: 5_000_000,
    maxDocuments: 100_000,
  });
  const spec = documents.flatMap(objectsIn).find((object) => isRule(object, name));
  const specNode = spec && findEntry(spec, 'spec')?.value;
  const entry = specNode?.kind === 'mapping' ? findEntry(specNode, 'sigma') : undefined;
  if (entry?.value.kind !== 'scalar') return undefined;
  const { start, end } = entry.value;
  const between = file.slice(entry.key.end, start);
  const changed = /^\s*:\s*[|>]/.test(between)
    ? replaceBlock(file, entry.key, { start, end }, sigma)
    : replaceFlow(file, { start, end }, sigma);
  const read = readManifests(changed).manifests.find((manifest) => manifest.name === name);
  return read?.sigma.text === sigma ? changed : undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The lines of a block, and its header. Blank lines behind it that are no part of the text stay. */
function replaceBlock(file: string, key: Range, { start, end }: Range, sigma: string): string {
  const column = key.start - (file.lastIndexOf('\n', key.start - 1) + 1);
  const { header, lines } = sigmaScalar(sigma, column + 2);
  const keeps = header.endsWith('+');
  const [blank = ''] = /(?<=\n)\n+$/.exec(file.slice(start, end)) ?? [];
  const rest = file.slice(end);
  return `${file.slice(0, key.end)}: ${header}\n${lines}${keeps ? '' : blank}${rest}`;
}

/** A quoted or plain scalar. */
function replaceFlow(file: string, { start, end }: Range, sigma: string): string {
  const quote = /["']/.test(file[start - 1] ?? '') && file[start - 1] === file[end] ? 1 : 0;
  return `${file.slice(0, start - quote)}${quoted(sigma)}${file.slice(end + quote)}`;
}

function objectsIn(node: YamlNode): readonly YamlMapping[] {
  if (node.kind !== 'mapping') return [];
  const items = findEntry(node, 'items')?.value;
  return items?.kind === 'sequence' ? items.items.flatMap(objectsIn) : [node];
}

function isRule(object: YamlMapping, name: string): boolean {
  const metadata = findEntry(object, 'metadata')?.value;
  const own = metadata?.kind === 'mapping' ? findEntry(metadata, 'name')?.value : undefined;
  const kind = findEntry(object, 'kind')?.value;
  return own?.kind === 'scalar' && own.text === name && kind?.kind === 'scalar' && kind.text === 'DetectionRule';
}
