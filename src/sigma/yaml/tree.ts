/** YAML as a tree in which every node knows its range [start, end) in the source. An alias is the node it stands for. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

export type YamlScalarValue = string | number | boolean | null;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: YamlScalarValue;
  /** The decoded text, also of numbers, booleans and null. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface YamlSequence {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
  readonly start: number;
  readonly end: number;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMapping {
  readonly kind: 'mapping';
  readonly entries: readonly YamlEntry[];
  readonly start: number;
  readonly end: number;
}

export function findEntry(mapping: YamlMapping, key: string): YamlEntry | undefined {
  return mapping.entries.find((entry) => entry.key.text === key);
}

/** The plain JavaScript value of a node; maps have no prototype. */
export function toPlainValue(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(toPlainValue);
    case 'mapping': {
      const plain: Record<string, unknown> = Object.create(null);
      for (const { key, value } of node.entries) plain[key.text] = toPlainValue(value);
      return plain;
    }
    default:
      return node satisfies never;
  }
}
