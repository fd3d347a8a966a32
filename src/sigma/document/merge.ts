import type { YamlEntry, YamlMapping } from '../yaml/tree.ts';

/** `over` laid over `base`: maps are merged key by key, everything else is replaced (`action: global`, Sigma v1). */
export function mergeMappings(base: YamlMapping, over: YamlMapping): YamlMapping {
  const merged = new Map<string, YamlEntry>(base.entries.map((entry) => [entry.key.text, entry]));
  for (const entry of over.entries) {
    const below = merged.get(entry.key.text)?.value;
    const value =
      below?.kind === 'mapping' && entry.value.kind === 'mapping' ? mergeMappings(below, entry.value) : entry.value;
    merged.set(entry.key.text, { key: entry.key, value });
  }
  return { kind: 'mapping', entries: [...merged.values()], start: over.start, end: over.end };
}

/** `mapping` without one of its keys. */
export function withoutKey(mapping: YamlMapping, key: string): YamlMapping {
  return { ...mapping, entries: mapping.entries.filter((entry) => entry.key.text !== key) };
}
