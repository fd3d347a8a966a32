import { pathNames } from '../plan/field.ts';
import { parseFieldName, splitFieldName } from '../plan/field-name.ts';
import type { DetectionItem } from './detection-items.ts';
import { eventField, similarEventField } from './event-fields.ts';
import type { Lint, LintFinding } from './finding.ts';
import { reachedPredicates } from './predicates.ts';
import type { LintSubject } from './subject.ts';

/** A predicate on such a field never holds, and under `not` it never excludes anything. */
export const unknownField: Lint = {
  code: 'UnknownField',
  severity: 'warning',
  meaning:
    'Audit events (audit.k8s.io/v1) have no such field, so that a test of it never holds. Below requestObject, responseObject, annotations and user.extra any field may stand.',
  remedy: 'Use a field of audit events; names are case-sensitive.',
  example: '  selection:\n    verb: create\n    objectRef.kind: Pod\n  condition: selection',
  kinds: ['detection', 'filter'],
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    const mapped = new Set(
      reachedPredicates(subject.plan).flatMap(({ field }) => (field.mapped.length > 0 ? [field.name] : [])),
    );
    return subject.items.flatMap((item) => [
      ...(item.inElement || item.field === '' || mapped.has(item.field) ? [] : fieldFinding(item, subject)),
      ...(item.modifiers.includes('fieldref') && !item.inElement ? referenceFindings(item, subject) : []),
    ]);
  },
};

function fieldFinding(item: DetectionItem, subject: LintSubject): readonly LintFinding[] {
  const path = pathOf(item.field, subject);
  const { key } = item;
  if (key === undefined || eventField(path) !== undefined) return [];
  const similar = similarEventField(path);
  const place = subject.source.place(key.start, key.start + item.field.length);
  const written = subject.source.text.startsWith(item.field, key.start) && !item.field.includes('[');
  const taken = similar !== undefined && item.map?.entries.some(({ key: other }) => other.text === similar.name);
  const safe = similar?.caseOnly === true && written && taken !== true && subject.isPositive(item);
  return [
    {
      message: `Audit events have no field ${JSON.stringify(item.field)}.`,
      place,
      path: item.path,
      remedy: similar && `Did you mean "${similar.name}"?`,
      fix: safe ? [{ offset: key.start, length: item.field.length, text: similar.name }] : undefined,
    },
  ];
}

/** The fields that `fieldref` reads. */
function referenceFindings(item: DetectionItem, subject: LintSubject): readonly LintFinding[] {
  return item.scalars.flatMap((scalar) => {
    const path = pathOf(scalar.text, subject);
    if (eventField(path) !== undefined || isMapped(scalar.text, subject)) return [];
    const similar = similarEventField(path);
    return [
      {
        message: `Audit events have no field ${JSON.stringify(scalar.text)}.`,
        place: subject.placeOf(scalar),
        path: item.path,
        remedy: similar && `Did you mean "${similar.name}"?`,
      },
    ];
  });
}

function isMapped(name: string, { plan }: LintSubject): boolean {
  return reachedPredicates(plan).some(
    ({ matcher }) =>
      matcher.kind === 'FieldValue' &&
      matcher.field.name === name &&
      pathNames(matcher.field).some((path) => path !== name),
  );
}

/** The names of a field, without the array selectors of sigma-version 3. */
function pathOf(name: string, { document }: LintSubject): readonly string[] {
  if (document.sigmaVersion < 3) return splitFieldName(name);
  const steps = parseFieldName(name) ?? [];
  return steps.flatMap(({ segments }) => segments.filter((segment) => typeof segment === 'string'));
}
