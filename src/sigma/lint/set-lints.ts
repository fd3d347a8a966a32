import { createDiagnostic, type Diagnostic } from '../diagnostics.ts';
import type { RuleDocument } from '../document/rule-document.ts';
import type { SourceText } from '../source-text.ts';
import { findEntry, type YamlMapping } from '../yaml/tree.ts';
import type { Lint } from './finding.ts';

/** One rule of a set. */
export interface SetMember {
  readonly document: RuleDocument;
  /** The document that it was compiled from; asked for where something is found. */
  readonly syntax: () => { readonly root: YamlMapping; readonly source: SourceText };
  /** What people call the place of the rule, for messages. */
  readonly place: string;
}

type SetLint = Omit<Lint, 'find' | 'kinds'>;

const DUPLICATE_ID: SetLint = {
  code: 'DuplicateId',
  severity: 'warning',
  meaning: 'Two rules have the same id: what refers to it, and what is told apart by it, is ambiguous.',
  remedy: 'Give one of the two a new id (uuidgen), or remove it.',
  example: 'id: 0c9b3bda-41a6-4442-9345-356ae86343dc',
};

const MISSING_ID: SetLint = {
  code: 'MissingId',
  severity: 'information',
  meaning: 'The rule has no id. Nothing can refer to it for long: its title may change, and its file may move.',
  remedy: 'Add "id:" with a new UUID (uuidgen).',
  example:
    'title: A rule without an id\nlogsource: { product: kubernetes, service: audit }\ndetection:\n  selection: { verb: get }\n  condition: selection\nlevel: low',
};

const MISSING_LEVEL: SetLint = {
  code: 'MissingLevel',
  severity: 'information',
  meaning: 'The rule has no level. Its alerts count as medium.',
  remedy: 'Add "level:" with informational, low, medium, high or critical.',
  example:
    'title: A rule without a level\nid: 1d7c0a4c-6d3e-4b52-9c0c-53f1c9a1e0a7\nlogsource: { product: kubernetes, service: audit }\ndetection:\n  selection: { verb: get }\n  condition: selection',
};

/** Lints of rules as parts of a set. They are no business of the operator, to which each rule comes alone. */
export const SET_LINTS: readonly SetLint[] = Object.freeze([DUPLICATE_ID, MISSING_ID, MISSING_LEVEL]);

/** What they find, for each member. */
export function lintSet(members: readonly SetMember[]): readonly (readonly Diagnostic[])[] {
  const first = new Map<string, SetMember>();
  return members.map((member) => {
    const { document } = member;
    const id = document.id?.toLowerCase();
    const other = id === undefined ? undefined : first.get(id);
    if (id !== undefined && other === undefined) first.set(id, member);
    return [
      ...(other === undefined ? [] : [found(DUPLICATE_ID, `${other.place} has this id, too.`, member, 'id')]),
      ...(id === undefined ? [found(MISSING_ID, 'The rule has no id.', member)] : []),
      ...(document.level === undefined ? [found(MISSING_LEVEL, 'The rule has no level.', member)] : []),
    ];
  });
}

function found({ code, severity, remedy }: SetLint, message: string, member: SetMember, attribute = ''): Diagnostic {
  const { root, source } = member.syntax();
  const node = findEntry(root, attribute)?.value ?? { start: root.start, end: root.start };
  const place = source.place(node.start, node.end);
  return createDiagnostic(source, { code, severity, message, remedy, path: attribute }, place);
}
