import { AUDIT_LEVELS, type AuditLevel, isAtLeast } from '../policy/policy.ts';
import type { Need } from './need.ts';

/** Joins needs that are about the same target, and drops those that others cover; the rules of a dropped need count for what covers it. */
export function reduceNeeds(needs: readonly Need[]): readonly Need[] {
  const joined = joinVerbs(needs).toSorted(byLevel);
  const kept: Need[] = [];
  // Wider needs first, so that nothing is kept that a later one covers.
  for (const need of joined.toSorted((a, b) => byLevel(a, b) || width(b) - width(a))) {
    const index = kept.findIndex((wider) => covers(wider, need));
    const wider = kept[index];
    if (wider === undefined) kept.push(need);
    else kept[index] = { ...wider, rules: union(wider.rules, need.rules) };
  }
  return kept;
}

/** Needs of the same level, namespaces and target are one, with the verbs of all. */
function joinVerbs(needs: readonly Need[]): readonly Need[] {
  const joined = new Map<string, Need>();
  for (const need of needs) {
    const key = JSON.stringify([need.level, need.namespaces, need.target]);
    const same = joined.get(key);
    const every = need.verbs.length === 0 || same?.verbs.length === 0;
    const verbs = every ? [] : union(same?.verbs ?? [], need.verbs).toSorted();
    joined.set(key, { ...need, verbs, rules: union(same?.rules ?? [], need.rules) });
  }
  return [...joined.values()];
}

function byLevel(a: { readonly level: AuditLevel }, b: { readonly level: AuditLevel }): number {
  return AUDIT_LEVELS.indexOf(b.level) - AUDIT_LEVELS.indexOf(a.level);
}

/** How much a need is about, so that no need is wider than one of a greater width. */
function width({ target, verbs, namespaces }: Need): number {
  const constraints =
    (verbs.length === 0 ? 10_000 : verbs.length * 10) + (namespaces.length === 0 ? 5000 : namespaces.length);
  return constraints + targetWidth(target) * 1_000_000;
}

function targetWidth(target: Need['target']): number {
  if (target === 'everything') return 5;
  if (target === 'paths') return 0;
  if (target.resource === '*') return 4;
  if (target.resource.startsWith('*/')) return 2;
  return target.resource.endsWith('/*') ? 2 : 1;
}

/** Whether everything that a need asks for is logged, at a level as high, where another one is met. */
function covers(wider: Need, need: Need): boolean {
  return (
    isAtLeast(wider.level, need.level) &&
    includesAll(wider.verbs, need.verbs) &&
    includesAll(wider.namespaces, need.namespaces) &&
    coversTarget(wider.target, need.target)
  );
}

/** An empty list is everything. */
function includesAll(wider: readonly string[], names: readonly string[]): boolean {
  return wider.length === 0 || (names.length > 0 && names.every((name) => wider.includes(name)));
}

function coversTarget(wider: Need['target'], target: Need['target']): boolean {
  if (wider === 'everything') return true;
  if (typeof wider === 'string' || typeof target === 'string') return wider === target;
  if (wider.group !== target.group) return false;
  if (wider.resource === '*' || wider.resource === target.resource) return true;
  const [resource = '', subresource = ''] = target.resource.split('/');
  return (
    wider.resource === `${resource}/*` ||
    (subresource !== '' && subresource !== '*' && wider.resource === `*/${subresource}`)
  );
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}
