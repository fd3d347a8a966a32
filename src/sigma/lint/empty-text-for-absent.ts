import { pathNames } from '../plan/field.ts';
import type { Lint } from './finding.ts';
import { reachedPredicates } from './predicates.ts';
import { ownsValue, replaceScalar } from './yaml-edits.ts';

/** Fields that the API server leaves out where they are empty (`omitempty`). */
const LEFT_OUT =
  /^(?:objectRef\.\w+|(?:user|impersonatedUser)\.(?:username|uid)|userAgent|responseStatus\.(?:status|message|reason))$/;

/** The core group, a request for an object itself, and the like. */
export const emptyTextForAbsent: Lint = {
  code: 'EmptyTextForAbsent',
  severity: 'warning',
  meaning:
    'The field is compared with an empty text. Audit events leave such a field out where it is empty (the core group, no subresource, no namespace), so that the test never holds.',
  remedy: 'Write null, which means that the field is absent; in a list, use a selection of its own.',
  example:
    "  selection:\n    verb: delete\n    objectRef.apiGroup: ''\n    objectRef.resource: events\n    objectRef.name: x\n  condition: selection",
  kinds: ['detection', 'filter'],
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    return reachedPredicates(subject.plan).flatMap(({ field, matcher, place, item: origin }) => {
      const [name, second] = pathNames(field);
      if (name === undefined || second !== undefined || !LEFT_OUT.test(name)) return [];
      if (matcher.kind !== 'String' || matcher.test !== 'equals' || !matcher.values.includes('')) return [];
      const item = subject.itemAt(place);
      const scalar = item?.scalars.find(({ value }) => value === '');
      const alone = item?.value.kind === 'scalar' && item.modifiers.length === 0;
      const safe = alone && scalar !== undefined && ownsValue(item) && subject.isPositive(item);
      return [
        {
          message: `Where ${name} is empty, audit events do not have it: '' never matches.`,
          place: scalar === undefined ? place : subject.placeOf(scalar),
          path: `${subject.kind}.${origin.selection}.${origin.key}`,
          fix: safe ? [replaceScalar(scalar, 'null', subject.source)] : undefined,
        },
      ];
    });
  },
};
