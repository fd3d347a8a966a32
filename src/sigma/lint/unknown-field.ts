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
  *find(subject) {
    if (!subject.concernsKubernetesAudit) return;
    const mapped = mappedNames(subject);
    for (const item of subject.items) {
      if (item.inElement || item.field === '') continue;
      if (!mapped.has(item.field)) yield* fieldFinding(item, subject);
      if (item.modifiers.includes('fieldref')) yield* referenceFindings(item, mapped, subject);
    }
  },
};

/** Names that are not read as they are. */
function mappedNames({ plan }: LintSubject): ReadonlySet<string> {
  const fields = reachedPredicates(plan).flatMap(({ field, matcher }) =>
    matcher.kind === 'FieldValue' ? [field, matcher.field] : [field],
  );
  return new Set(fields.flatMap(({ name, mapped }) => (mapped.length > 0 ? [name] : [])));
}

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
function* referenceFindings(
  item: DetectionItem,
  mapped: ReadonlySet<string>,
  subject: LintSubject,
): Generator<LintFinding> {
  for (const scalar of item.scalars) {
    const path = pathOf(scalar.text, subject);
    if (eventField(path) !== undefined || mapped.has(scalar.text)) continue;
    const similar = similarEventField(path);
    yield {
      message: `Audit events have no field ${JSON.stringify(scalar.text)}.`,
      place: subject.placeOf(scalar),
      path: item.path,
      remedy: similar && `Did you mean "${similar.name}"?`,
    };
  }
}

/** The names of a field, without the array selectors of sigma-version 3. */
function pathOf(name: string, { document }: LintSubject): readonly string[] {
  if (document.sigmaVersion < 3) return splitFieldName(name);
  const steps = parseFieldName(name) ?? [];
  return steps.flatMap(({ segments }) => segments.filter((segment) => typeof segment === 'string'));
}
