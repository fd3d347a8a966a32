import { pathNames } from '../plan/field.ts';
import type { Lint } from './finding.ts';
import { reachedPredicates } from './predicates.ts';

const SHOWN = 3;

/** Other tools read such a rule otherwise: what the mapping does should be seen. */
export const mappedField: Lint = {
  code: 'MappedField',
  severity: 'information',
  meaning:
    'The name is no field of audit events. Public rules use it, and the field mapping for kubernetes/audit reads other fields in its place; other tools may not.',
  remedy: 'Leave it, or write the field of audit events that is meant.',
  example:
    '  selection:\n    verb: create\n    apiGroup: apps\n    objectRef.resource: deployments\n  condition: selection',
  kinds: ['detection', 'filter'],
  find(subject) {
    const seen = new Set<number>();
    return reachedPredicates(subject.plan).flatMap(({ field, place, item: { selection, key } }) => {
      if (field.mapped.length === 0 || seen.has(place.offset)) return [];
      seen.add(place.offset);
      const names = pathNames(field);
      const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
      const [only] = names;
      const item = subject.itemAt(place);
      const written = subject.source.text.startsWith(field.name, place.offset);
      const taken = item?.map?.entries.some((entry) => entry.key.text.split('|')[0] === only);
      const safe = only !== undefined && names.length === 1 && written && taken === false;
      return [
        {
          message: `${JSON.stringify(field.name)} is read as ${names.slice(0, SHOWN).join(', ')}${more}.`,
          place: subject.source.place(place.offset, place.offset + field.name.length),
          path: `${subject.kind}.${selection}.${key}`,
          fix: safe ? [{ offset: place.offset, length: field.name.length, text: only }] : undefined,
        },
      ];
    });
  },
};
