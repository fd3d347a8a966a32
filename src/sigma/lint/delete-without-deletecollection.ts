import { allows, type Branch, literalsOn } from './branches.ts';
import type { Lint } from './finding.ts';
import { addValue, ownsValue } from './yaml-edits.ts';

/** `kubectl delete --all` and garbage collection of a namespace delete by another verb. */
export const deleteWithoutDeletecollection: Lint = {
  code: 'DeleteWithoutDeletecollection',
  severity: 'warning',
  meaning:
    'The rule sees "delete", but not "deletecollection", the verb of kubectl delete --all and of a namespace that goes away.',
  remedy: 'Add "deletecollection" to the verbs.',
  example: '  selection:\n    verb: delete\n    objectRef.resource: deployments\n  condition: selection',
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    const seen = new Set<number>();
    return subject.branches.filter(missesCollections).flatMap((branch) => {
      const literal = literalsOn(branch, 'verb').find(({ negated }) => !negated);
      if (literal === undefined || seen.has(literal.node.place.offset)) return [];
      const { place, item: origin, matcher } = literal.node;
      seen.add(place.offset);
      const item = subject.itemAt(place);
      const plain = item !== undefined && item.modifiers.length === 0 && matcher.kind === 'String';
      const safe = plain && ownsValue(item) && subject.isPositive(item);
      const edit = safe ? addValue(item.value, 'deletecollection', subject.source) : undefined;
      return [
        {
          message: 'The verbs include delete, but not deletecollection.',
          place,
          path: `detection.${origin.selection}.${origin.key}`,
          fix: edit && [edit],
        },
      ];
    });
  },
};

/** Whether the branch sees the deletion of objects, but not of a collection of them, which has no name, and of which some resources know nothing. */
function missesCollections(branch: Branch): boolean {
  const deletes = allows(branch, 'verb', 'delete') && !allows(branch, 'verb', 'deletecollection');
  const collections = allows(branch, 'objectRef.name', undefined) && allows(branch, 'objectRef.subresource', undefined);
  const [resource] = literalsOn(branch, 'objectRef.resource');
  const onlyNamespaces = resource !== undefined && !resource.negated && isOnly(resource.node.matcher, 'namespaces');
  return deletes && collections && !onlyNamespaces;
}

function isOnly(matcher: { readonly kind: string; readonly needles?: readonly unknown[] }, value: string): boolean {
  return matcher.kind === 'String' && matcher.needles?.length === 1 && matcher.needles[0] === value;
}
