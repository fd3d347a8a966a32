import type { DiagnosticSink } from '../diagnostics.ts';
import { findEntry, type YamlMapping, type YamlNode } from '../yaml/tree.ts';
import { mergeMappings, withoutKey } from './merge.ts';
import type { SigmaDocument } from './sigma-document.ts';

/**
 * Turns YAML documents into Sigma documents. The rule collections of Sigma v1 are honoured: `action: global` is merged into every later document
 * until `reset`; `repeat` is merged over the document before it.
 */
export function collectDocuments(roots: readonly YamlNode[], sink: DiagnosticSink): readonly SigmaDocument[] {
  const documents: SigmaDocument[] = [];
  let global: YamlMapping | undefined;
  let previous: YamlMapping | undefined;
  for (const root of roots) {
    if (root.kind !== 'mapping') {
      sink.report('NotAMapping', sink.source.place(root.start, root.end), 'The document is not a map.');
      continue;
    }
    const action = findEntry(root, 'action');
    const body = action === undefined ? root : withoutKey(root, 'action');
    switch (action?.value.kind === 'scalar' ? action.value.text : action?.value.kind) {
      case 'global':
        global = global === undefined ? body : mergeMappings(global, body);
        continue;
      case 'reset':
        global = undefined;
        continue;
      case 'repeat':
        previous = previous === undefined ? body : mergeMappings(previous, body);
        break;
      case undefined:
        previous = global === undefined ? body : mergeMappings(global, body);
        break;
      default:
        sink.report(
          'InvalidAction',
          sink.source.place(action?.value.start ?? 0, action?.value.end),
          'The action is none of global, reset and repeat.',
          'action',
        );
        continue;
    }
    documents.push({ kind: kindOf(previous), root: previous });
  }
  return documents;
}

function kindOf(root: YamlMapping): SigmaDocument['kind'] {
  if (findEntry(root, 'correlation') !== undefined) return 'correlation';
  if (findEntry(root, 'filter') !== undefined) return 'filter';
  return 'detection';
}
