import type { Lint } from './finding.ts';
import { predicatesOf } from './predicates.ts';

/** `kubectl delete --all` and the garbage collection of a namespace delete by another verb. */
export const deleteWithoutDeletecollection: Lint = {
  code: 'DeleteWithoutDeletecollection',
  severity: 'warning',
  meaning:
    'The rule sees "delete", but not "deletecollection", the verb of kubectl delete --all and of a namespace that goes away.',
  remedy: 'Add "deletecollection" to the verbs.',
  find({ plan, appliesToKubernetesAudit }) {
    if (!appliesToKubernetesAudit) return [];
    return predicatesOf(plan).flatMap(({ predicate: { field, matcher, item, place }, negated }) => {
      const isVerb = field.name === 'verb' && matcher.kind === 'String' && matcher.test === 'equals';
      const verbs = isVerb && !negated ? matcher.needles : [];
      if (!verbs.includes('delete') || verbs.includes('deletecollection')) return [];
      const message = 'The verbs include delete, but not deletecollection.';
      return [{ message, place, path: `detection.${item.selection}.${item.key}` }];
    });
  },
};
