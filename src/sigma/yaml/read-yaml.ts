import { type Diagnostic, DiagnosticSink } from '../diagnostics.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { SourceText } from '../source-text.ts';
import { parseYaml } from './parse.ts';
import type { YamlNode } from './tree.ts';

/** What a YAML text holds, and the text, which turns ranges of nodes into places. */
interface ReadYaml {
  readonly source: SourceText;
  /** One tree for each document that is not empty; none where there are errors. */
  readonly documents: readonly YamlNode[];
  readonly errors: readonly Diagnostic[];
}

/** Reads YAML that is no Sigma, as strictly as rules are read: YAML 1.2, no duplicate keys, bounded. */
export function readYaml(text: string, limits: Partial<Limits> = {}): ReadYaml {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const source = new SourceText(text.slice(0, bounds.maxSourceBytes + 1));
  const sink = new DiagnosticSink(source, bounds);
  const documents = parseYaml(sink, bounds) ?? [];
  return { source, documents, errors: sink.errors };
}
