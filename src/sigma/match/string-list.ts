import { testString } from '../evaluate/match-value.ts';
import type { StringTest } from '../values/item-value.ts';

/** Up to so many needles are tried one by one. */
const FEW = 4;
/** Needles, and UTF-16 units of them, in one regular expression. */
const MAX_ALTERNATIVES = 256;
const MAX_ALTERNATION_UNITS = 8192;

/** Whether a subject equals, begins with, ends with or contains any of the needles; case is the caller's. */
export function stringListTest(test: StringTest, needles: readonly string[]): (subject: string) => boolean {
  const [only = ''] = needles;
  if (needles.length === 1) return (subject) => testString(test, subject, only);
  if (test === 'equals') {
    const set = new Set(needles);
    return (subject) => set.has(subject);
  }
  if (needles.length <= FEW) return (subject) => needles.some((needle) => testString(test, subject, needle));
  if (test === 'endswith') return endsWithAny(needles);
  const [anchor, expressions] = [test === 'startswith' ? '^' : '', [] as RegExp[]];
  for (const group of groups(needles)) expressions.push(new RegExp(`${anchor}(?:${group.map(escape).join('|')})`));
  const [first] = expressions;
  if (first !== undefined && expressions.length === 1) return (subject) => first.test(subject);
  return (subject) => expressions.some((expression) => expression.test(subject));
}

function endsWithAny(needles: readonly string[]): (subject: string) => boolean {
  const byLength = [...Map.groupBy(needles, ({ length }) => length)].map(([length, group]) => ({
    length,
    endings: new Set(group),
  }));
  return (subject) =>
    byLength.some(
      ({ length, endings }) => subject.length >= length && endings.has(subject.slice(subject.length - length)),
    );
}

/** Needles in groups that make regular expressions of a bounded size; one that is too long stands alone. */
function groups(needles: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let group: string[] = [];
  let units = 0;
  for (const needle of needles) {
    if (group.length > 0 && (group.length >= MAX_ALTERNATIVES || units + needle.length > MAX_ALTERNATION_UNITS)) {
      all.push(group);
      group = [];
      units = 0;
    }
    group.push(needle);
    units += needle.length;
  }
  return [...all, group];
}

/** A literal as the source of a regular expression. */
function escape(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
