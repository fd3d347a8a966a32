import { type CompiledRule, type CompileOptions, compileDetection } from './compile.ts';
import { type Diagnostic, DiagnosticSink } from './diagnostics.ts';
import type { SigmaDocument } from './document/sigma-document.ts';
import { compileFilterDocument } from './filter/compile-filter.ts';
import type { CompiledFilter } from './filter/filter.ts';
import { type ReadDocuments, readDocuments } from './read-documents.ts';
import type { SourceText } from './source-text.ts';
import { findEntry, type YamlMapping } from './yaml/tree.ts';

/** What one document of a source text is; `root` is the document as it stands in the source. */
export type CompiledDocument = { readonly line: number; readonly source: SourceText } & (
  | {
      readonly kind: 'detection';
      readonly rule: CompiledRule;
      readonly root: YamlMapping;
      readonly findings: readonly Diagnostic[];
    }
  | { readonly kind: 'filter'; readonly filter: CompiledFilter; readonly findings: readonly Diagnostic[] }
  /** Correlations are compiled with the rules that they refer to, not alone. */
  | { readonly kind: 'correlation'; readonly title: string }
  | { readonly kind: 'refused'; readonly title: string | undefined; readonly errors: readonly Diagnostic[] }
);

/**
 * Compiles every document of a source text, each by itself: what is wrong with one does not refuse the others. A text that is no YAML is one refused
 * document. Never throws on bad input.
 */
export function compileDocuments(source: string, options: CompileOptions = {}): readonly CompiledDocument[] {
  const read = readDocuments(source, options.limits);
  const { documents, sink } = read;
  const refused: readonly CompiledDocument[] = sink.hasErrors
    ? [{ kind: 'refused', line: sink.errors[0]?.line ?? 1, source: sink.source, title: undefined, errors: sink.errors }]
    : [];
  return [...refused, ...documents.map((document) => compileDocument(document, read, options))];
}

function compileDocument(
  document: SigmaDocument,
  { sink: { source }, limits }: ReadDocuments,
  options: CompileOptions,
): CompiledDocument {
  const sink = new DiagnosticSink(source, limits);
  const { root } = document;
  const base = { line: source.place(root.start).line, source };
  const title = findEntry(root, 'title')?.value;
  const named = title?.kind === 'scalar' ? title.text : undefined;
  switch (document.kind) {
    case 'detection': {
      const rule = compileDetection(document, sink, limits, options);
      if (rule === undefined || sink.hasErrors) return { kind: 'refused', ...base, title: named, errors: sink.errors };
      return { kind: 'detection', ...base, rule, root, findings: sink.findings };
    }
    case 'filter': {
      const filter = compileFilterDocument(document, sink, limits, options);
      if (filter === undefined || sink.hasErrors)
        return { kind: 'refused', ...base, title: named, errors: sink.errors };
      return { kind: 'filter', ...base, filter, findings: sink.findings };
    }
    case 'correlation':
      return { kind: 'correlation', ...base, title: named ?? '' };
    default:
      return document.kind satisfies never;
  }
}
