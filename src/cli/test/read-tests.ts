import { dirname, join } from 'node:path';
import { findEntry, readYaml, toPlainValue, type YamlMapping, type YamlNode } from '../../sigma/index.ts';
import type { EmbeddedText } from '../rules/embedded-text.ts';
import { diagnosticProblem, type LoadProblem, loadProblem } from '../rules/load-problem.ts';
import type { TestCase } from './test-case.ts';

/** What a text says about tests of one rule. */
export interface RuleTests {
  /** The rule's file, id, title or name; undefined where it is the one beside the tests. */
  readonly rule: string | undefined;
  /** Files with filters under which the rule is tested. */
  readonly filters: readonly string[];
  readonly cases: readonly TestCase[];
  readonly problems: readonly LoadProblem[];
}

const FILE_KEYS = ['rule', 'filters', 'tests'];
const CASE_KEYS = ['name', 'event', 'log', 'match'];
/** Events in tests hold what matters and no more. */
const LIMITS = { maxSourceBytes: 16 * 1024 * 1024, maxNodes: 1_000_000 };
/** What an event has that says nothing else. */
const DEFAULTS = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'RequestResponse', stage: 'ResponseComplete' };

/** Reads tests: a map with `tests`, or the list alone. Paths in it are from the folder of `file`. */
export function readTests(file: string, text: EmbeddedText): RuleTests {
  const { source, documents, errors } = readYaml(text.text, LIMITS);
  const reader = new TestReader(file, (offset) => {
    const { line, column } = source.place(offset);
    return text.placeOf(line, column);
  });
  const [root, second] = documents;
  if (errors.length > 0) return { ...NOTHING, problems: errors.map((error) => diagnosticProblem(file, text, error)) };
  if (second !== undefined) reader.refuse(second, 'There is more than one document.');
  return root === undefined ? NOTHING : reader.read(root);
}

const NOTHING: RuleTests = { rule: undefined, filters: [], cases: [], problems: [] };

/** Where an offset of the tests is in the file. */
type PlaceOf = (offset: number) => { readonly line: number; readonly column: number };

class TestReader {
  readonly #file: string;
  readonly #placeOf: PlaceOf;
  readonly #problems: LoadProblem[] = [];

  constructor(file: string, placeOf: PlaceOf) {
    this.#file = file;
    this.#placeOf = placeOf;
  }

  read(root: YamlNode): RuleTests {
    if (root.kind === 'sequence') return { ...NOTHING, cases: this.#cases(root), problems: this.#problems };
    if (root.kind !== 'mapping') {
      this.refuse(root, 'This is neither a map with "tests" nor a list of tests.');
      return { ...NOTHING, problems: this.#problems };
    }
    this.#knowsOnly(root, FILE_KEYS);
    const rule = this.#text(root, 'rule');
    const filters = findEntry(root, 'filters')?.value;
    const tests = findEntry(root, 'tests')?.value;
    if (tests === undefined) this.refuse(root, 'There is no list "tests".');
    return {
      rule,
      filters: filters === undefined ? [] : this.#paths(filters),
      cases: tests === undefined ? [] : this.#cases(tests),
      problems: this.#problems,
    };
  }

  refuse(node: YamlNode, message: string): undefined {
    this.#problems.push(loadProblem('InvalidTest', this.#file, this.#placeOf(node.start), message));
    return undefined;
  }

  #cases(node: YamlNode): readonly TestCase[] {
    if (node.kind !== 'sequence') {
      this.refuse(node, '"tests" is not a list.');
      return [];
    }
    return node.items.flatMap((item, i) => this.#case(item, i) ?? []);
  }

  #case(node: YamlNode, index: number): TestCase | undefined {
    if (node.kind !== 'mapping') return this.refuse(node, 'A test is not a map.');
    this.#knowsOnly(node, CASE_KEYS);
    const input = this.#input(node);
    const expected = this.#expected(node, input?.kind);
    if (input === undefined || expected === undefined) return undefined;
    const name = this.#text(node, 'name') ?? `test ${index + 1}`;
    return { name, line: this.#placeOf(node.start).line, input, expected };
  }

  #input(node: YamlMapping): TestCase['input'] | undefined {
    const event = findEntry(node, 'event')?.value;
    const log = findEntry(node, 'log')?.value;
    if ((event === undefined) === (log === undefined))
      return this.refuse(node, 'A test has either an "event" or a "log".');
    if (event !== undefined) {
      if (event.kind !== 'mapping') return this.refuse(event, '"event" is not a map.');
      const fields = toPlainValue(event);
      return { kind: 'event', json: JSON.stringify(Object.assign({}, DEFAULTS, fields)) };
    }
    const path = this.#text(node, 'log');
    return path === undefined ? undefined : { kind: 'log', path: join(dirname(this.#file), path) };
  }

  #expected(node: YamlMapping, kind: TestCase['input']['kind'] | undefined): TestCase['expected'] | undefined {
    const match = findEntry(node, 'match')?.value;
    if (match === undefined) return this.refuse(node, 'A test has no "match".');
    const value = match.kind === 'scalar' ? match.value : undefined;
    if (typeof value === 'boolean' || value === 'undetermined') return value;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && kind === 'log') return value;
    const counts = kind === 'log' ? ', or how many events match' : '';
    return this.refuse(match, `"match" is neither true, false nor undetermined${counts}.`);
  }

  #text(node: YamlMapping, key: string): string | undefined {
    const value = findEntry(node, key)?.value;
    if (value === undefined) return undefined;
    if (value.kind === 'scalar' && value.value !== null) return value.text;
    return this.refuse(value, `"${key}" is not a text.`);
  }

  #paths(node: YamlNode): readonly string[] {
    const items = node.kind === 'sequence' ? node.items : [node];
    return items.flatMap((item) => {
      if (item.kind === 'scalar' && item.value !== null) return [join(dirname(this.#file), item.text)];
      this.refuse(item, '"filters" has an element that is not a path.');
      return [];
    });
  }

  #knowsOnly(node: YamlMapping, keys: readonly string[]): void {
    for (const { key } of node.entries)
      if (!keys.includes(key.text)) this.refuse(key, `"${key.text}" is none of ${keys.join(', ')}.`);
  }
}
