import { pathNames } from '../plan/field.ts';
import { type Plan, type PredicateNode } from '../plan/nodes.ts';
import { type Branch, branchesOf } from './branches.ts';
import type { Lint, LintFinding } from './finding.ts';
import { predicatesOf } from './predicates.ts';
import type { LintSubject } from './subject.ts';

const BOTH = ['detection', 'filter'] as const;

/** The header is the caller's; what is excluded by it can be asked for by anybody. */
export const exclusionTrustsUserAgent: Lint = {
  code: 'ExclusionTrustsUserAgent',
  severity: 'warning',
  meaning:
    'What is excluded is recognised by its user agent. The caller sends it: an attacker who sends the same text is not seen.',
  remedy: 'Recognise what is excluded by user.username and user.groups, which the API server sets.',
  example:
    '  selection:\n    verb: create\n    objectRef.resource: cronjobs\n  filter_gitops:\n    userAgent|startswith: argocd\n  condition: selection and not filter_gitops',
  kinds: BOTH,
  find(subject) {
    return onExcluding(
      subject,
      ({ field }) => pathNames(field).includes('userAgent'),
      'The user agent is what the caller says it is.',
    );
  },
};

/** Only the last address is the API server's peer; the others come from headers. */
export const exclusionTrustsSourceIps: Lint = {
  code: 'ExclusionTrustsSourceIPs',
  severity: 'warning',
  meaning:
    'What is excluded is recognised by any of its source addresses. All but the last come from headers (X-Forwarded-For) that every caller can send: an attacker who sends an excluded address is not seen.',
  remedy:
    'Test the last address only: "sigma-version: 3" and "sourceIPs[-1]", or recognise what is excluded by user.username.',
  example:
    '  selection:\n    verb: list\n    objectRef.resource: secrets\n  filter_bastion:\n    sourceIPs|cidr: 10.0.0.0/8\n  condition: selection and not filter_bastion',
  kinds: BOTH,
  find(subject) {
    const message = 'An address of sourceIPs before the last is what the caller says it is.';
    return onExcluding(
      subject,
      ({ field }) => field.path.segments[0] === 'sourceIPs' && field.path.segments[1] !== -1,
      message,
    );
  },
};

/** A stolen token of a controller would be excluded from detection altogether. */
export const filterNamesControllerOnly: Lint = {
  code: 'FilterNamesControllerOnly',
  severity: 'warning',
  meaning:
    'A filter excludes everything that a controller does. Whoever has its token, or can impersonate it, is not seen then, whatever they do.',
  remedy: 'Name what the controller is expected to do, too: its verb and objectRef.resource.',
  example:
    'title: The cronjob controller creates Jobs\nlogsource:\n  product: kubernetes\n  service: audit\nfilter:\n  rules: any\n  selection:\n    user.username: system:serviceaccount:kube-system:cronjob-controller\n  condition: not selection',
  kinds: ['filter'],
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    return excludedBranches(subject.plan).flatMap((branch) => {
      const named = branch.literals.find(
        ({ node, negated }) => !negated && node.kind === 'Predicate' && testsIdentity(node),
      );
      const bounded = tests(branch, 'verb') && tests(branch, 'objectRef.resource');
      if (named === undefined || bounded) return [];
      const { place, item } = named.node;
      const message = 'Everything that this identity does is excluded.';
      return [{ message, place, path: `${subject.kind}.${item.selection}.${item.key}` }];
    });
  },
};

function testsIdentity({ field }: PredicateNode): boolean {
  return /^(?:user|impersonatedUser)\.(?:username|uid|groups)$/.test(pathNames(field)[0] ?? '');
}

function tests({ literals }: Branch, path: string): boolean {
  return literals.some(
    ({ node, negated }) => !negated && node.kind === 'Predicate' && pathNames(node.field).includes(path),
  );
}

/** Findings on the predicates of what is excluded, each once. */
function onExcluding(
  subject: LintSubject,
  test: (predicate: PredicateNode) => boolean,
  message: string,
): readonly LintFinding[] {
  if (!subject.concernsKubernetesAudit) return [];
  const excluding = predicatesOf(subject.plan).filter(({ negated }) => negated);
  return excluding
    .map(({ predicate }) => predicate)
    .filter(test)
    .map(({ place, item }) => ({
      message,
      place,
      path: `${subject.kind}.${item.selection}.${item.key}`,
    }));
}

/** The ways in which a filter suppresses: its condition is false. */
function excludedBranches(plan: Plan): readonly Branch[] {
  const { root } = plan;
  return branchesOf({ ...plan, root: { kind: 'Not', operand: root, place: root.place } });
}
