import { type CompiledRule, type CompileOptions, compileDetection } from './compile.ts';
import { type Diagnostic, DiagnosticSink } from './diagnostics.ts';
import type { SigmaDocument } from './document/sigma-document.ts';
import { compileFilterDocument } from './filter/compile-filter.ts';
import type { CompiledFilter } from './filter/filter.ts';
import type { Limits } from './limits.ts';
import { type ReadDocuments, readDocuments } from './read-documents.ts';
import type { SourceText } from './source-text.ts';
import { findEntry, type YamlMapping } from './yaml/tree.ts';

/** What one document of a source text is; `index` is its place among those of the source, for `readDocument`. */
export type CompiledDocument = { readonly line: number } & (
  | {
      readonly kind: 'detection';
      readonly rule: CompiledRule;
      readonly index: number;
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
    ? [{ kind: 'refused', line: sink.errors[0]?.line ?? 1, title: undefined, errors: sink.errors }]
    : [];
  return [...refused, ...documents.map((document, index) => compileDocument(document, index, read, options))];
}

/** A document as it stands in a source text. */
export interface DocumentSyntax {
  readonly source: SourceText;
  readonly root: YamlMapping;
}

/** Reads a document that was compiled before: what it compiled to keeps nothing of the text. Throws where the text has none at this index. */
export function readDocument(source: string, index: number, limits: Partial<Limits> = {}): DocumentSyntax {
  const { documents, sink } = readDocuments(source, limits);
  const root = documents[index]?.root;
  if (root === undefined) throw new RangeError(`the text has ${documents.length} documents, not one at ${index}`);
  return { source: sink.source, root };
}

function compileDocument(
  document: SigmaDocument,
  index: number,
  { sink: { source }, limits }: ReadDocuments,
  options: CompileOptions,
): CompiledDocument {
  const sink = new DiagnosticSink(source, limits);
  const { root } = document;
  const base = { line: source.place(root.start).line };
  const title = findEntry(root, 'title')?.value;
  const named = title?.kind === 'scalar' ? title.text : undefined;
  switch (document.kind) {
    case 'detection': {
      const rule = compileDetection(document, sink, limits, options);
      if (rule === undefined || sink.hasErrors) return { kind: 'refused', ...base, title: named, errors: sink.errors };
      return { kind: 'detection', ...base, index, rule, findings: sink.findings };
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
