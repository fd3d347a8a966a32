import type { DetectionItem } from './detection-items.ts';
import type { Lint, LintFinding } from './finding.ts';
import { reachedPredicates } from './predicates.ts';
import type { LintSubject } from './subject.ts';
import { ownsValue, replaceScalar } from './yaml-edits.ts';

const FIELD = 'responseStatus.code';
const NUMBER = /^\d{1,5}$/;

/** Engines differ on text against numbers. */
export const statusCodeAsText: Lint = {
  code: 'StatusCodeAsText',
  severity: 'warning',
  meaning:
    'responseStatus.code is a number, and is compared with a text. A text that is no number never matches, and engines differ on the others.',
  remedy:
    'Write numbers without quotes; for a range use "responseStatus.code|gte: 400" and "responseStatus.code|lt: 500".',
  example: "  selection:\n    responseStatus.code|startswith: '40'\n  condition: selection",
  kinds: ['detection', 'filter'],
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    const diverted = divertedOffsets(subject);
    return subject.items.flatMap((item) => {
      if (item.field !== FIELD || item.inElement || item.modifiers.includes('fieldref') || item.key === undefined)
        return [];
      // Values that the field mapping finds elsewhere are another lint's.
      if (diverted.has(item.key.start)) return [];
      return item.scalars.flatMap((scalar) =>
        typeof scalar.value === 'string' ? [finding(item, scalar, subject)] : [],
      );
    });
  },
};

/** The decision of the authorizer, under the name of the status. */
export const mappedValue: Lint = {
  code: 'MappedValue',
  severity: 'information',
  meaning:
    'The value does not occur in this field. Public rules use it, and the field mapping for kubernetes/audit looks for it where it does occur; other tools may not.',
  remedy: 'Leave it, or write the field and the value that audit events have.',
  example: '  selection:\n    verb: create\n    responseStatus.code: ALLOW\n  condition: selection',
  kinds: ['detection', 'filter'],
  find(subject) {
    return reachedPredicates(subject.plan).flatMap(({ field, matcher, place, item: { selection, key } }) => {
      const read = field.path.segments.join('.');
      if (field.mapped.length > 0 || field.name === read || field.path.root !== 'event' || matcher.kind !== 'String')
        return [];
      const values = matcher.values.map((value) => JSON.stringify(value)).join(', ');
      const message = `${field.name} has no such value; ${read} is read, for ${values}.`;
      return [{ message, place, path: `${subject.kind}.${selection}.${key}` }];
    });
  },
};

function divertedOffsets({ plan }: LintSubject): ReadonlySet<number> {
  const offsets = reachedPredicates(plan).flatMap(({ field, place }) =>
    field.name === FIELD && field.path.segments.join('.') !== FIELD ? [place.offset] : [],
  );
  return new Set(offsets);
}

function finding(item: DetectionItem, scalar: DetectionItem['scalars'][number], subject: LintSubject): LintFinding {
  const number = NUMBER.test(scalar.text) && item.modifiers.length === 0;
  return {
    message: `responseStatus.code is compared with the text ${JSON.stringify(scalar.text)}.`,
    place: subject.placeOf(scalar),
    path: item.path,
    fix: number && ownsValue(item) ? [replaceScalar(scalar, String(Number(scalar.text)), subject.source)] : undefined,
  };
}
