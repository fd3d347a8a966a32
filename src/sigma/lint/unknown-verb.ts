import { matchesValue } from '../evaluate/match-value.ts';
import type { Matcher } from '../plan/matcher.ts';
import type { PredicateNode } from '../plan/nodes.ts';
import type { TextEdit } from '../text-edit.ts';
import { foldCase } from '../values/fold.ts';
import { printSigmaString } from '../values/sigma-string.ts';
import type { YamlScalar } from '../yaml/tree.ts';
import { allows, literalsOn } from './branches.ts';
import type { Lint, LintFinding } from './finding.ts';
import { reachedPredicates } from './predicates.ts';
import type { LintSubject } from './subject.ts';
import { HTTP_METHODS, RBAC_ONLY_VERBS, RESOURCE_VERBS } from './verbs.ts';
import { ownsValue, removeValue, replaceScalar } from './yaml-edits.ts';

/** What people write, and how it is logged. */
const MEANT: Readonly<Record<string, string>> = {
  replace: 'update',
  post: 'create',
  put: 'update',
  apply: 'patch',
  edit: 'patch',
  exec: 'create',
};

/** Among them `replace`, which is how kubectl calls an update. */
export const unknownVerb: Lint = {
  code: 'UnknownVerb',
  severity: 'warning',
  meaning:
    'No audit event has this verb. Requests for resources have get, list, watch, create, update, patch, delete and deletecollection: kubectl replace is an update. Other paths have the HTTP method in lower case.',
  remedy: 'Use a verb that is logged.',
  example:
    '  selection:\n    verb:\n      - create\n      - replace\n      - update\n    objectRef.resource: secrets\n  condition: selection',
  kinds: ['detection', 'filter'],
  *find(subject) {
    if (!subject.concernsKubernetesAudit) return;
    for (const predicate of reachedPredicates(subject.plan))
      if (predicate.field.name === 'verb') yield* findingsOf(predicate, subject);
  },
};

function* findingsOf(predicate: PredicateNode, subject: LintSubject): Generator<LintFinding> {
  const possible = aboutResources(predicate, subject) ? RESOURCE_VERBS : [...RESOURCE_VERBS, ...HTTP_METHODS];
  const item = subject.itemAt(predicate.place);
  const scalars = new Map(item?.scalars.map((scalar) => [foldCase(scalar.text), scalar]));
  for (const { written, matcher } of singleValues(predicate.matcher)) {
    if (possible.some((verb) => matchesValue(matcher, verb)) || isOtherMethod(written)) continue;
    const scalar = scalars.get(foldCase(written));
    yield {
      message: messageOf(written, possible),
      place: scalar === undefined ? predicate.place : subject.placeOf(scalar),
      path: `${subject.kind}.${predicate.item.selection}.${predicate.item.key}`,
      remedy: remedyOf(written),
      fix: scalar === undefined ? undefined : fixOf(predicate, scalar, subject),
    };
  }
}

/** Whether every way in which the condition holds is about a resource: then HTTP methods are no verbs. */
function aboutResources(predicate: PredicateNode, { branches }: LintSubject): boolean {
  const using = branches.filter(({ literals }) => literals.some(({ node }) => node === predicate));
  return (
    using.length > 0 &&
    using.every(
      (branch) =>
        literalsOn(branch, 'objectRef.resource').length > 0 && !allows(branch, 'objectRef.resource', undefined),
    )
  );
}

/** The values one by one, each with the matcher for it alone. */
function singleValues(
  matcher: Matcher,
): readonly { readonly written: string; readonly matcher: Extract<Matcher, { kind: 'String' | 'Pattern' }> }[] {
  if (matcher.kind === 'String') {
    return matcher.values.map((written, i) => ({
      written,
      matcher: { ...matcher, values: [written], needles: [matcher.needles[i] ?? ''] },
    }));
  }
  if (matcher.kind !== 'Pattern') return [];
  return matcher.values.map((parts, i) => ({
    written: printSigmaString(parts),
    matcher: { ...matcher, values: [parts], needles: [matcher.needles[i] ?? []] },
  }));
}

/** WebDAV methods and the like reach the log as well; nobody mistakes them for verbs. */
function isOtherMethod(written: string): boolean {
  return /^(?:propfind|proppatch|mkcol|copy|move|lock|unlock|search)$/i.test(written);
}

function messageOf(written: string, possible: readonly string[]): string {
  if (RBAC_ONLY_VERBS.includes(foldCase(written)))
    return `${JSON.stringify(written)} is a verb of RBAC rules, which no request has.`;
  if (HTTP_METHODS.includes(foldCase(written)) && possible === RESOURCE_VERBS)
    return `${JSON.stringify(written)} is an HTTP method; requests for resources have other verbs.`;
  return `No audit event has the verb ${JSON.stringify(written)}.`;
}

function remedyOf(written: string): string | undefined {
  const meant = MEANT[foldCase(written)];
  return meant === undefined ? undefined : `It is logged as "${meant}": use that.`;
}

/** What can never match may go where what was meant is there already; else it becomes that. */
function fixOf(predicate: PredicateNode, scalar: YamlScalar, subject: LintSubject): readonly TextEdit[] | undefined {
  const item = subject.itemAt(predicate.place);
  const meant = MEANT[foldCase(scalar.text)];
  if (item === undefined || meant === undefined || !ownsValue(item) || item.modifiers.length > 0) return undefined;
  if (predicate.matcher.kind !== 'String' || !subject.isPositive(item)) return undefined;
  if (!predicate.matcher.needles.includes(meant)) {
    return foldCase(scalar.text) === 'replace' ? [replaceScalar(scalar, meant, subject.source)] : undefined;
  }
  if (item.value.kind !== 'sequence') return undefined;
  const edit = removeValue(item.value, item.value.items.indexOf(scalar), subject.source);
  return edit && [edit];
}
