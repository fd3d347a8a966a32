import { DiagnosticSink } from './diagnostics.ts';
import { collectDocuments } from './document/collection.ts';
import type { SigmaDocument } from './document/sigma-document.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { SourceText } from './source-text.ts';
import { parseYaml } from './yaml/parse.ts';

/** The documents of a source text and where its diagnostics go. */
export interface ReadDocuments {
  readonly documents: readonly SigmaDocument[];
  readonly sink: DiagnosticSink;
  readonly limits: Limits;
}

/** Reads the documents of a source text; what is wrong is in `sink`. Never throws on bad input. */
export function readDocuments(source: string, limits: Partial<Limits> = {}): ReadDocuments {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  // Text beyond the limit is not even split into lines.
  const text = source.length > bounds.maxSourceBytes ? source.slice(0, bounds.maxSourceBytes + 1) : source;
  const sink = new DiagnosticSink(new SourceText(text), bounds);
  const roots = parseYaml(sink, bounds);
  const documents = roots === undefined ? [] : collectDocuments(roots, sink);
  if (documents.length === 0 && !sink.hasErrors)
    sink.report('EmptySource', sink.source.place(0), 'The source holds no document.');
  return { documents, sink, limits: bounds };
}
