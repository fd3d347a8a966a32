import { type CompiledRule, type CompileOptions, compileDetection, mappingOf } from './compile.ts';
import type { CompiledCorrelation } from './correlation/compiled-correlation.ts';
import type { RuleReference } from './correlation/correlation.ts';
import { documentOf, linkCorrelation, type Member, membersFor, type ReferenceResolver } from './correlation/link.ts';
import { readCorrelation } from './correlation/read-correlation.ts';
import { reportUnreachable } from './correlation/unreachable.ts';
import type { Diagnostic } from './diagnostics.ts';
import { type ReadDocuments, readDocuments } from './read-documents.ts';

export interface CompileCollectionOptions extends CompileOptions {
  /** What the source is called where others refer to it (the DetectionRule's name): the key of its root, and the prefix of the keys of what stands beside it. */
  readonly name?: string;
  /** Finds rules outside of the source; without it every reference must be met inside. */
  readonly resolve?: ReferenceResolver;
}

/** What a source compiles to; `references` are the ids and names that it takes from outside, whether they were found or not. */
export type CompileCollectionResult =
  | CompiledCollection
  | { readonly ok: false; readonly errors: readonly Diagnostic[]; readonly references: readonly string[] };

type CompiledCollection = {
  readonly ok: true;
  readonly findings: readonly Diagnostic[];
  readonly references: readonly string[];
} & (
  | { readonly kind: 'rule'; readonly rule: CompiledRule }
  | { readonly kind: 'correlation'; readonly correlation: CompiledCorrelation }
);

/**
 * Compiles a source text with one root: a detection rule, or a correlation and, beside it, the rules and correlations that it refers to. References are
 * looked up in the source first, then by `resolve`. Never throws on bad input.
 */
export function compileCollection(source: string, options: CompileCollectionOptions = {}): CompileCollectionResult {
  return linkCollection(readCollection(source, options), options);
}

/** A source text whose documents are read, but whose references are not resolved. */
export interface ReadCollection extends Pick<ReadDocuments, 'sink'> {
  readonly members: readonly Member[];
  /** The one document to which no other refers. */
  readonly root: Member | undefined;
  readonly references: readonly string[];
}

export function readCollection(source: string, options: CompileCollectionOptions): ReadCollection {
  const { documents, sink, limits } = readDocuments(source, options.limits);
  const members: Member[] = [];
  for (const [index, document] of documents.entries()) {
    const place = sink.source.place(document.root.start);
    const key = String(index + 1);
    if (document.kind === 'detection') {
      const rule = compileDetection(document, sink, limits, options);
      if (rule !== undefined) members.push({ kind: 'rule', key, rule, place });
    } else if (document.kind === 'correlation') {
      const correlation = readCorrelation(document.root, sink, limits);
      if (correlation !== undefined) members.push({ kind: 'correlation', key, correlation, place });
    } else {
      sink.report(
        'UnsupportedDocument',
        place,
        'A filter stands beside a rule.',
        '',
        'Put filters into a source of their own.',
      );
    }
  }
  const referred = referredMembers(members);
  const roots = members.filter((member) => !referred.has(member));
  const [, second] = roots;
  if (second !== undefined && !sink.hasErrors) {
    sink.report('MultipleRoots', second.place, `The source holds ${roots.length} rules to which no other refers.`);
  }
  // Without a root every correlation is in a cycle, which linking any of them reports.
  const root = roots[0] ?? members.find(({ kind }) => kind === 'correlation');
  return { sink, root, references: outerReferences(members), members: named(members, root, options.name) };
}

export function linkCollection(
  { sink, root, members, references }: ReadCollection,
  options: CompileCollectionOptions,
): CompileCollectionResult {
  if (root === undefined || sink.hasErrors) return { ok: false, errors: sink.errors, references };
  if (root.kind === 'rule') return { ok: true, kind: 'rule', rule: root.rule, findings: sink.findings, references };
  const main = members.find(({ place }) => place === root.place);
  if (main?.kind !== 'correlation') return { ok: false, errors: sink.errors, references };
  const correlation = linkCorrelation(main, {
    sink,
    members,
    resolve: options.resolve ?? (() => undefined),
    mappingOf: ({ appliesToKubernetesAudit }) => mappingOf(appliesToKubernetesAudit, options),
    name: options.name,
  });
  if (correlation === undefined || sink.hasErrors) return { ok: false, errors: sink.errors, references };
  for (const member of members)
    if (member.kind === 'correlation') reportUnreachable(member.correlation, member.place, sink);
  return { ok: true, kind: 'correlation', correlation, findings: sink.findings, references };
}

/** Gives the members their keys: the root the name of the source, others a name below it. */
function named(members: readonly Member[], root: Member | undefined, name: string | undefined): readonly Member[] {
  const taken = new Set<string>();
  return members.map((member, index) => {
    const { id, name: own } = documentOf(member);
    const base = own ?? id ?? String(index + 1);
    let key = name === undefined ? base : member === root ? name : `${name}/${base}`;
    if (taken.has(key)) key = `${key}#${index + 1}`;
    taken.add(key);
    return { ...member, key };
  });
}

function referencesOf(members: readonly Member[]): readonly RuleReference[] {
  return members.flatMap((member) => (member.kind === 'correlation' ? member.correlation.rules : []));
}

/** A correlation that refers to itself alone is a root all the same: its cycle is what is wrong. */
function referredMembers(members: readonly Member[]): ReadonlySet<Member> {
  const referred = new Set<Member>();
  for (const from of members) {
    for (const { text } of referencesOf([from])) {
      for (const member of membersFor(text, members)) if (member !== from) referred.add(member);
    }
  }
  return referred;
}

function outerReferences(members: readonly Member[]): readonly string[] {
  const texts = new Set(referencesOf(members).map(({ text }) => text));
  return Object.freeze([...texts].filter((text) => membersFor(text, members).length === 0));
}
