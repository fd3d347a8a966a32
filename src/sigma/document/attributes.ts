import type { DiagnosticSink } from '../diagnostics.ts';
import type { Place } from '../source-text.ts';
import { findEntry, type YamlMapping, type YamlNode } from '../yaml/tree.ts';

/**
 * Reads attributes of a document. Values of the wrong type that matching does not need are findings (`UnusualField`) and read as absent;
 * the first thing that makes a rule unusable is an error.
 */
export class AttributeReader {
  readonly #root: YamlMapping;
  readonly #sink: DiagnosticSink;
  readonly #path: string;

  constructor(root: YamlMapping, sink: DiagnosticSink, path = '') {
    this.#root = root;
    this.#sink = sink;
    this.#path = path;
  }

  node(key: string): YamlNode | undefined {
    return findEntry(this.#root, key)?.value;
  }

  place(node: YamlNode): Place {
    return this.#sink.source.place(node.start, node.end);
  }

  /** A string; numbers, booleans and dates are taken as written. */
  text(key: string): string | undefined {
    const node = this.node(key);
    if (node === undefined || isNull(node)) return undefined;
    if (node.kind === 'scalar') return node.text;
    this.unusual(key, node, 'is not a string');
    return undefined;
  }

  /** A list of strings; a single string is a list of one. */
  list(key: string): readonly string[] {
    const node = this.node(key);
    if (node === undefined || isNull(node)) return [];
    if (node.kind === 'scalar') return [node.text];
    if (node.kind === 'mapping') {
      this.unusual(key, node, 'is not a list of strings');
      return [];
    }
    const texts: string[] = [];
    for (const item of node.items) {
      if (item.kind === 'scalar') texts.push(item.text);
      else this.unusual(key, item, 'has an element that is not a string');
    }
    return texts;
  }

  /** One of `values`, in any case; anything else is a finding. */
  choice<T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = values.find((value) => value === text?.toLowerCase());
    const node = this.node(key);
    if (text !== undefined && found === undefined && node !== undefined) {
      this.unusual(key, node, `is none of ${values.join(', ')}`);
    }
    return found;
  }

  unusual(key: string, node: YamlNode, what: string): void {
    this.#sink.report('UnusualField', this.#sink.source.place(node.start, node.end), `${key} ${what}.`, this.#at(key));
  }

  /** Reports that `key` is required and absent. */
  missing(key: string): void {
    const { start } = this.#root;
    this.#sink.report(
      'MissingField',
      this.#sink.source.place(start),
      `The required field "${this.#at(key)}" is missing.`,
      this.#at(key),
    );
  }

  invalid(key: string, node: YamlNode, what: string): void {
    this.#sink.report(
      'InvalidField',
      this.#sink.source.place(node.start, node.end),
      `${this.#at(key)} ${what}.`,
      this.#at(key),
    );
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
