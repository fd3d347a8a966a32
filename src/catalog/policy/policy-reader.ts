import {
  createDiagnostic,
  type Diagnostic,
  type SourceText,
  type YamlMapping,
  type YamlNode,
} from '../../sigma/index.ts';
import { POLICY_DIAGNOSTICS, type PolicyDiagnosticCode } from './policy-diagnostics.ts';

/** Reads the fields of one map of an audit policy, and reports what is wrong with them to a list that all readers of the policy share. */
export class PolicyReader {
  readonly #map: YamlMapping;
  readonly #source: SourceText;
  readonly #diagnostics: Diagnostic[];
  readonly #path: string;

  constructor(map: YamlMapping, source: SourceText, diagnostics: Diagnostic[], path = '') {
    this.#map = map;
    this.#source = source;
    this.#diagnostics = diagnostics;
    this.#path = path;
  }

  /** The value of a field; null is as good as absent. */
  node(key: string): YamlNode | undefined {
    const value = this.#map.entries.find((entry) => entry.key.text === key)?.value;
    return value?.kind === 'scalar' && value.value === null ? undefined : value;
  }

  text(key: string): string | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    this.report('InvalidField', node, `${key} is not a string.`, key);
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.report('InvalidField', node, `${key} is neither true nor false.`, key);
    return undefined;
  }

  /** A list of strings, and each with its node to `check`. */
  texts(key: string, check: (text: string, node: YamlNode) => void = () => {}): readonly string[] {
    return this.#items(key).flatMap((item) => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') {
        this.report('InvalidField', item, `${key} has an element that is not a string.`, key);
        return [];
      }
      check(item.value, item);
      return [item.value];
    });
  }

  /** A list of strings out of a fixed set; anything else is reported under `code` and left out. */
  choices<T extends string>(key: string, values: readonly T[], code: PolicyDiagnosticCode): readonly T[] {
    const found = this.texts(key, (text, node) => {
      if (!values.some((value) => value === text))
        this.report(code, node, `${JSON.stringify(text)} is none of ${values.join(', ')}.`, key);
    });
    return values.filter((value) => found.includes(value));
  }

  /** A list of maps, each with its reader. */
  maps<T>(key: string, read: (reader: PolicyReader, index: number) => T): readonly T[] {
    return this.#items(key).flatMap((item, index) => {
      const path = `${this.#at(key)}[${index}]`;
      if (item.kind === 'mapping') return [read(new PolicyReader(item, this.#source, this.#diagnostics, path), index)];
      this.report('InvalidField', item, `${key} has an element that is no map.`, key);
      return [];
    });
  }

  /** Reports fields that are not among `known`. */
  knowsOnly(known: readonly string[]): void {
    for (const { key } of this.#map.entries)
      if (!known.includes(key.text))
        this.report('UnknownField', key, `The field ${JSON.stringify(key.text)} does not exist here.`, key.text);
  }

  /** Reports at a node, or at the map itself. */
  report(code: PolicyDiagnosticCode, node: YamlNode | undefined, message: string, key = ''): void {
    const { severity, remedy } = POLICY_DIAGNOSTICS[code];
    const { start } = this.#map;
    const place = node === undefined ? this.#source.place(start) : this.#source.place(node.start, node.end);
    this.#diagnostics.push(
      createDiagnostic(this.#source, { code, severity, message, remedy, path: this.#at(key) }, place),
    );
  }

  #items(key: string): readonly YamlNode[] {
    const node = this.node(key);
    if (node === undefined) return [];
    if (node.kind === 'sequence') return node.items;
    this.report('InvalidField', node, `${key} is not a list.`, key);
    return [];
  }

  #at(key: string): string {
    return [this.#path, key].filter((part) => part !== '').join('.');
  }
}
