import type { CompiledRule } from './compile.ts';
import {
  type CompileCollectionOptions,
  type CompileCollectionResult,
  linkCollection,
  type ReadCollection,
  readCollection,
} from './compile-collection.ts';
import { documentOf, type ResolvedReference } from './correlation/link.ts';
import type { RuleDocument } from './document/rule-document.ts';

/** Sources that refer to each other one after the other; beyond it a chain is refused. */
const MAX_DEPTH = 64;

export interface CompileRuleSetOptions extends Omit<CompileCollectionOptions, 'name' | 'resolve'> {
  /** Rules that were compiled before, by the names of their sources: they are referred to in the same ways. */
  readonly compiled?: ReadonlyMap<string, CompiledRule>;
}

/**
 * Compiles sources that may refer to each other: by the `id` or the `name` of a source's root, or by the source's own name. One result for each source; a source
 * that cannot be compiled hurts only those that refer to it.
 */
export function compileRuleSet(
  sources: ReadonlyMap<string, string>,
  options: CompileRuleSetOptions = {},
): ReadonlyMap<string, CompileCollectionResult> {
  const set = new RuleSetCompiler(sources, options);
  return new Map([...sources.keys()].map((name) => [name, set.result(name)]));
}

class RuleSetCompiler {
  readonly #options: CompileCollectionOptions;
  readonly #compiled: ReadonlyMap<string, CompiledRule>;
  readonly #read: ReadonlyMap<string, ReadCollection>;
  readonly #names = new Map<string, Set<string>>();
  readonly #results = new Map<string, CompileCollectionResult>();
  readonly #inProgress = new Set<string>();

  constructor(sources: ReadonlyMap<string, string>, { compiled = new Map(), ...options }: CompileRuleSetOptions) {
    this.#options = options;
    this.#compiled = compiled;
    this.#read = new Map([...sources].map(([name, text]) => [name, readCollection(text, { ...options, name })]));
    for (const [name, { document }] of compiled) this.#identify(name, document);
    for (const [name, { root }] of this.#read) this.#identify(name, root && documentOf(root));
  }

  #identify(name: string, document: Pick<RuleDocument, 'id' | 'name'> | undefined): void {
    for (const identity of [name, document?.name, document?.id?.toLowerCase()]) {
      if (identity === undefined) continue;
      const known = this.#names.get(identity);
      if (known === undefined) this.#names.set(identity, new Set([name]));
      else known.add(name);
    }
  }

  result(name: string): CompileCollectionResult {
    const known = this.#results.get(name);
    if (known !== undefined) return known;
    const read = this.#read.get(name);
    if (read === undefined) return { ok: false, errors: [], references: [] };
    this.#inProgress.add(name);
    const resolve = (reference: string): ResolvedReference | undefined => this.#resolve(reference);
    const result = linkCollection(read, { ...this.#options, name, resolve });
    this.#inProgress.delete(name);
    this.#results.set(name, result);
    return result;
  }

  #resolve(reference: string): ResolvedReference | undefined {
    const [name, second] = this.#names.get(reference) ?? this.#names.get(reference.toLowerCase()) ?? [];
    if (name === undefined) return undefined;
    if (second !== undefined) return { kind: 'ambiguous' };
    const rule = this.#compiled.get(name);
    if (rule !== undefined) return { kind: 'rule', name, rule };
    if (this.#inProgress.has(name)) return { kind: 'cyclic' };
    if (this.#inProgress.size >= MAX_DEPTH && !this.#results.has(name)) return { kind: 'too-deep' };
    const result = this.result(name);
    if (!result.ok) return { kind: 'refused' };
    return result.kind === 'rule'
      ? { kind: 'rule', name, rule: result.rule }
      : { kind: 'correlation', name, correlation: result.correlation };
  }
}
