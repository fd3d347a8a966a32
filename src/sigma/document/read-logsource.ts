import type { DiagnosticSink } from '../diagnostics.ts';
import { toPlainValue } from '../yaml/tree.ts';
import { AttributeReader, isNull } from './attributes.ts';
import type { Logsource } from './rule-document.ts';

const ATTRIBUTES = ['category', 'product', 'service', 'definition'] as const;

/** Reads `logsource`: a map with at least one of category, product and service, each alone or in any combination. */
export function readLogsource(reader: AttributeReader, sink: DiagnosticSink, required: boolean): Logsource {
  const node = reader.node('logsource');
  if (node === undefined || isNull(node)) {
    if (required) reader.missing('logsource');
    return { custom: {} };
  }
  if (node.kind !== 'mapping') {
    reader.invalid('logsource', node, 'is not a map');
    return { custom: {} };
  }
  const attributes = new AttributeReader(node, sink, 'logsource');
  const logsource: { -readonly [K in keyof Logsource]: Logsource[K] } = { custom: {} };
  for (const name of ATTRIBUTES) {
    const text = attributes.text(name);
    if (text !== undefined) logsource[name] = text;
  }
  if (logsource.category === undefined && logsource.product === undefined && logsource.service === undefined) {
    reader.unusual('logsource', node, 'names no category, product or service');
  }
  const custom: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    if (!ATTRIBUTES.some((name) => name === key.text) && key.text !== '__proto__')
      custom[key.text] = toPlainValue(value);
  }
  logsource.custom = custom;
  return logsource;
}
