import type { Lint } from './finding.ts';
import { predicatesOf } from './predicates.ts';

/** `kubectl delete --all` and garbage collection of a namespace delete by another verb. */
export const deleteWithoutDeletecollection: Lint = {
  code: 'DeleteWithoutDeletecollection',
  severity: 'warning',
  meaning:
    'The rule sees "delete", but not "deletecollection", the verb of kubectl delete --all and of a namespace that goes away.',
  remedy: 'Add "deletecollection" to the verbs.',
  find({ plan, appliesToKubernetesAudit }) {
    if (!appliesToKubernetesAudit) return [];
    return [...predicatesOf(plan)].flatMap(({ field, matcher, item, place }) => {
      const verbs =
        field.name === 'verb' && matcher.kind === 'String' && matcher.test === 'equals' ? matcher.needles : [];
      if (!verbs.includes('delete') || verbs.includes('deletecollection')) return [];
      return [
        {
          message: 'The verbs include delete, but not deletecollection.',
          place,
          path: `detection.${item.selection}.${item.key}`,
        },
      ];
    });
  },
};
