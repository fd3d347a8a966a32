import { pathNames } from '../plan/field.ts';
import { allows, type Branch, literalsOn } from './branches.ts';
import type { Lint } from './finding.ts';

/** Subresources of pods by the verbs that they have; `proxy` has every verb and is left out. */
const SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  create: ['attach', 'binding', 'eviction', 'exec', 'portforward'],
  get: ['attach', 'exec', 'log', 'portforward', 'status'],
  patch: ['ephemeralcontainers', 'resize', 'status'],
  update: ['ephemeralcontainers', 'resize', 'status'],
};
const BODY = /^(?:requestObject|responseObject)\b/;

/** `objectRef.resource: pods` is true of pods/exec, pods/eviction and the others. */
export const podsWithSubresources: Lint = {
  code: 'PodsWithSubresources',
  severity: 'warning',
  meaning:
    'The rule is about pods and does not test objectRef.subresource, so that it also sees requests for subresources of pods, which have the same resource: an exec into a pod, an eviction, the binding of a pod to its node.',
  remedy: 'Add "objectRef.subresource: null" for the pods themselves, or name the subresources.',
  example:
    '  selection:\n    verb: create\n    objectRef.resource: pods\n    objectRef.namespace: kube-system\n  condition: selection',
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    const seen = new Set<number>();
    return subject.branches.flatMap((branch) => {
      const literal = literalsOn(branch, 'objectRef.resource').find(({ negated }) => !negated);
      const caught = literal === undefined || !isAboutPods(branch) ? [] : caughtBy(branch);
      if (literal === undefined || caught.length === 0 || seen.has(literal.node.place.offset)) return [];
      const { place, item } = literal.node;
      seen.add(place.offset);
      const message = `This also sees pods/${caught.join(', pods/')}.`;
      return [{ message, place, path: `detection.${item.selection}.${item.key}` }];
    });
  },
};

function isAboutPods(branch: Branch): boolean {
  return (
    allows(branch, 'objectRef.resource', 'pods') &&
    !allows(branch, 'objectRef.resource', undefined) &&
    allows(branch, 'objectRef.apiGroup', undefined)
  );
}

/** Bodies of these subresources are no pods, except on update and patch: a rule that tests the pod in the body does not see the others. */
function caughtBy(branch: Branch): readonly string[] {
  if (literalsOn(branch, 'objectRef.subresource').length > 0) return [];
  const verbs = Object.keys(SUBRESOURCES).filter((verb) => allows(branch, 'verb', verb));
  const seen = testsBody(branch) ? verbs.filter((verb) => verb === 'update' || verb === 'patch') : verbs;
  return [...new Set(seen.flatMap((verb) => SUBRESOURCES[verb] ?? []))].sort();
}

function testsBody({ literals }: Branch): boolean {
  return literals.some(
    ({ node, negated }) => node.kind !== 'Keyword' && !negated && pathNames(node.field).some((name) => BODY.test(name)),
  );
}
