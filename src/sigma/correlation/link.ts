import type { CompiledRule } from '../compile.ts';
import type { DiagnosticSink } from '../diagnostics.ts';
import type { RuleDocument } from '../document/rule-document.ts';
import type { FieldMapping } from '../mapping/field-mapping.ts';
import type { Place } from '../source-text.ts';
import { aliasesOf, checkAliases } from './aliases.ts';
import { assemble, type UnreadSource } from './assemble.ts';
import type { CompiledCorrelation, CorrelationNode, CorrelationStep } from './compiled-correlation.ts';
import type { CorrelationDocument, RuleReference } from './correlation.ts';

/** A rule or a correlation of the source that is being compiled. */
export type Member =
  | { readonly kind: 'rule'; readonly key: string; readonly rule: CompiledRule; readonly place: Place }
  | {
      readonly kind: 'correlation';
      readonly key: string;
      readonly correlation: CorrelationDocument;
      readonly place: Place;
    };

/** What a reference to something outside of the source stands for; `name` is its key in correlations. */
export type ResolvedReference =
  | { readonly kind: 'rule'; readonly name: string; readonly rule: CompiledRule }
  | { readonly kind: 'correlation'; readonly name: string; readonly correlation: CompiledCorrelation }
  | { readonly kind: 'refused' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'cyclic' }
  | { readonly kind: 'too-deep' };

/** Finds a rule outside of the source by id or name; undefined where there is none. */
export type ReferenceResolver = (reference: string) => ResolvedReference | undefined;

/** What a reference stands for: a source or a node by its key. */
interface LinkedRule {
  readonly key: string;
  readonly document: RuleDocument;
}

/** Nodes and sources of one chain, together. */
const MAX_PARTS = 256;

export interface LinkContext {
  readonly sink: DiagnosticSink;
  readonly members: readonly Member[];
  readonly resolve: ReferenceResolver;
  readonly mappingOf: (rule: CompiledRule) => FieldMapping | undefined;
  /** The name of what is being compiled where others may refer to it. */
  readonly name: string | undefined;
}

/** The members that a reference stands for: by id in any case, or by name. */
export function membersFor<T extends Member>(reference: string, members: readonly T[]): readonly T[] {
  return members.filter((member) => {
    const { id, name } = documentOf(member);
    return name === reference || id?.toLowerCase() === reference.toLowerCase();
  });
}

export function documentOf(member: Member): RuleDocument {
  return member.kind === 'rule' ? member.rule.document : member.correlation.document;
}

/** Resolves every reference below `root`; what is missing, ambiguous or cyclic is reported. */
export function linkCorrelation(
  root: Extract<Member, { kind: 'correlation' }>,
  context: LinkContext,
): CompiledCorrelation | undefined {
  const linker = new Linker(context);
  linker.correlation(root, true);
  return linker.finish();
}

class Linker {
  readonly #context: LinkContext;
  readonly #nodes = new Map<string, Omit<CorrelationNode, 'carried'>>();
  readonly #sources = new Map<string, UnreadSource>();
  readonly #takenFrom = new Set<string>();
  readonly #inProgress = new Set<string>();
  #faulty = false;

  constructor(context: LinkContext) {
    this.#context = context;
  }

  finish(): CompiledCorrelation | undefined {
    return this.#faulty ? undefined : assemble(this.#nodes, this.#sources, this.#takenFrom);
  }

  correlation(member: Extract<Member, { kind: 'correlation' }>, output: boolean): void {
    const { key, correlation } = member;
    const { document, type, groupBy, timespan, condition, aliases, generate } = correlation;
    this.#inProgress.add(key);
    const linked: (LinkedRule & { readonly reference: RuleReference })[] = [];
    for (const reference of correlation.rules) {
      const found = this.#reference(reference, generate);
      if (found === undefined) continue;
      if (linked.some((rule) => rule.key === found.key)) {
        this.#report('DuplicateReference', reference, `${quoted(reference)} is a rule that the list has already.`);
      }
      linked.push({ ...found, reference });
    }
    this.#inProgress.delete(key);
    if (linked.length === correlation.rules.length && !checkAliases(correlation, linked, this.#context.sink))
      this.#faulty = true;
    const steps = linked.map((rule): CorrelationStep => {
      return { rule: rule.key, title: rule.document.title, aliases: aliasesOf(aliases, rule) };
    });
    if (this.#nodes.size + this.#sources.size >= MAX_PARTS) {
      this.#faulty = true;
      this.#context.sink.report('CorrelationTooLarge', member.place, `The chain has more than ${MAX_PARTS} parts.`);
    }
    this.#nodes.set(key, { key, document, type, groupBy, timespan, condition, steps, output });
  }

  /** Links what a reference stands for, once; undefined where it stands for nothing usable. */
  #reference(reference: RuleReference, generate: boolean): LinkedRule | undefined {
    const [member, second] = membersFor(reference.text, this.#context.members);
    if (second !== undefined) {
      this.#report('AmbiguousReference', reference, `Two rules of this source go by ${quoted(reference)}.`);
      return undefined;
    }
    return member === undefined ? this.#outside(reference) : this.#inside(member, reference, generate);
  }

  #inside(member: Member, reference: RuleReference, generate: boolean): LinkedRule | undefined {
    const { key } = member;
    if (this.#inProgress.has(key)) {
      this.#report('CyclicReference', reference, `${quoted(reference)} refers back to this correlation.`);
      return undefined;
    }
    if (member.kind === 'rule') {
      const output = generate || this.#sources.get(key)?.output === true;
      const mapping = this.#context.mappingOf(member.rule);
      this.#sources.set(key, { key, rule: member.rule, origin: 'inside', output, mapping });
    } else {
      const known = this.#nodes.get(key);
      if (known === undefined) this.correlation(member, generate);
      else this.#nodes.set(key, { ...known, output: known.output || generate });
    }
    return { key, document: documentOf(member) };
  }

  #outside(reference: RuleReference): LinkedRule | undefined {
    const { name, resolve, mappingOf } = this.#context;
    const found = resolve(reference.text);
    if (found === undefined) {
      this.#report('UnresolvedReference', reference, `There is no rule with the id or name ${quoted(reference)}.`);
      return undefined;
    }
    if (found.kind === 'refused') {
      this.#report('UnresolvedReference', reference, `The rule ${quoted(reference)} was refused itself.`);
      return undefined;
    }
    if (found.kind === 'ambiguous') {
      this.#report('AmbiguousReference', reference, `Several rules go by ${quoted(reference)}.`);
      return undefined;
    }
    if (found.kind === 'too-deep') {
      this.#report('CorrelationTooLarge', reference, 'The chain of correlations is too long.');
      return undefined;
    }
    if (found.kind === 'cyclic' || found.name === name || (name !== undefined && dependsOn(found, name))) {
      this.#report('CyclicReference', reference, `${quoted(reference)} refers back to this correlation.`);
      return undefined;
    }
    this.#takenFrom.add(found.name);
    if (found.kind === 'rule') {
      const { rule } = found;
      const source = { key: found.name, rule, origin: 'elsewhere', output: false, mapping: mappingOf(rule) } as const;
      this.#sources.set(found.name, source);
      return { key: found.name, document: rule.document };
    }
    const { correlation } = found;
    for (const outer of correlation.takenFrom) this.#takenFrom.add(outer);
    for (const { fields: _, ...source } of correlation.sources) {
      const mapping = mappingOf(source.rule);
      this.#sources.set(source.key, { ...source, origin: 'elsewhere', output: false, mapping });
    }
    for (const { carried: _, ...node } of correlation.nodes) this.#nodes.set(node.key, { ...node, output: false });
    return { key: correlation.key, document: correlation.document };
  }

  #report(
    code:
      | 'UnresolvedReference'
      | 'AmbiguousReference'
      | 'CyclicReference'
      | 'DuplicateReference'
      | 'CorrelationTooLarge',
    { place }: RuleReference,
    message: string,
  ): void {
    this.#faulty = true;
    this.#context.sink.report(code, place, message, 'correlation.rules');
  }
}

function dependsOn(found: ResolvedReference, name: string): boolean {
  return found.kind === 'correlation' && found.correlation.takenFrom.includes(name);
}

function quoted({ text }: RuleReference): string {
  return JSON.stringify(text);
}
