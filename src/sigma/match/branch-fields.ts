import type { FieldPath, FieldReference } from '../plan/field.ts';
import { fieldKey } from './match-field.ts';

type ReadField = Pick<FieldReference, 'path' | 'mapped'>;

/**
 * The fields by which a rule set sorts events before it evaluates rules, in the order in which it looks at them: those that rules narrow down, with
 * few different values, or that many rules search or compare. None is in a body.
 */
const BRANCH_FIELDS: readonly ReadField[] = [
  ...['objectRef.resource', 'verb', 'objectRef.namespace', 'objectRef.subresource', 'responseStatus.code'].map(plain),
  mapped('resource', 'objectRef.resource'),
  mapped('namespace', 'objectRef.namespace'),
  mapped('subresource', 'objectRef.subresource'),
  plain('user.username'),
  mapped('username', 'user.username'),
  plain('objectRef.apiGroup'),
  mapped('apiGroup', 'objectRef.apiGroup'),
  ...['stage', 'level', 'userAgent', 'requestURI', 'annotations.authorization.k8s.io/decision', 'objectRef.name'].map(
    plain,
  ),
];

const MOSTLY_UNIQUE: ReadonlySet<string> = new Set(
  ['requestURI', 'objectRef.name'].map((name) => fieldKey(plain(name))),
);

const BITS: ReadonlyMap<string, number> = new Map(BRANCH_FIELDS.map((field, i) => [fieldKey(field), 1 << i]));

/** The bit of a branch field, lower bits first; 0 for other fields. */
export function branchBit(key: string): number {
  return BITS.get(key) ?? 0;
}

/** Whether most values of a branch field come once: then it is not worth while to remember them. */
export function isMostlyUnique(key: string): boolean {
  return MOSTLY_UNIQUE.has(key);
}

function path(name: string): FieldPath {
  return { root: 'event', segments: name.split('.') };
}

function plain(name: string): ReadField {
  return { path: path(name), mapped: [] };
}

function mapped(name: string, to: string): ReadField {
  return { path: path(name), mapped: [path(to)] };
}
