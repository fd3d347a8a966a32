import type { CorrelationPage } from '../../../catalog/index.ts';
import { type Block, code, fact, facts, joined, muted, ruleLink, type Section, type Text } from '../../pages/page.ts';
import { watchedBlocks } from './events.ts';

type View = CorrelationPage['correlations'][number];
type Compare = Extract<View['condition'], { kind: 'Compare' }>;
type Term = Extract<View['condition'], { kind: 'Presence' }>['terms'][number];

/** When it fires. Of a chain, the correlations that it counts come after it. */
export function correlationSection({ correlations, rules }: CorrelationPage): Section {
  const [own, ...others] = correlations.toReversed();
  const keys = new Map(rules.map(({ title, key }) => [title, key]));
  return {
    id: 'correlation',
    title: 'Correlation',
    blocks: [
      ...(own === undefined ? [] : viewBlocks(own, keys)),
      ...others.flatMap((view): readonly Block[] => [
        { kind: 'heading', text: [view.title] },
        ...viewBlocks(view, keys),
      ]),
    ],
  };
}

/** What each of the rules watches that it counts. */
export function correlatedEventsSection({ rules }: CorrelationPage): Section {
  return {
    id: 'events',
    title: 'Event coverage',
    blocks: rules.flatMap((rule): readonly Block[] => [
      { kind: 'heading', text: [rule.key === undefined ? rule.title : ruleLink(rule.key, rule.title)] },
      ...watchedBlocks(rule),
    ]),
  };
}

function viewBlocks(view: View, keys: ReadonlyMap<string, string | undefined>): readonly Block[] {
  const aliases = view.rules.flatMap(({ title, aliases: own }) =>
    Object.entries(own).map(([alias, field]): Text => [code(alias), ' is ', code(field), ' of ', title]),
  );
  return [
    facts(
      fact('Type', code(view.type)),
      fact('Fires when', ...conditionText(view)),
      fact('Within', durationText(view.timespan)),
      fact('For each', ...(view.groupBy.length === 0 ? [muted('all together')] : joined(view.groupBy.map(code)))),
      { label: 'Aliases', values: aliases },
      {
        label: 'Rules',
        values: view.rules.map(({ title }) => {
          const key = keys.get(title);
          return [key === undefined ? title : ruleLink(key, title)];
        }),
      },
    ),
  ];
}

function conditionText({ type, condition, rules }: View): Text {
  if (condition.kind === 'Compare') return [`${subjectText(type, condition)} `, comparisonsText(condition)];
  const titles = rules.map(({ title }) => title);
  const order = type === 'temporal_ordered' ? ', in this order' : '';
  return [condition.terms.map((term) => termText(term, titles)).join(' or ') + order];
}

const SUBJECTS: Readonly<Record<View['type'], string>> = {
  event_count: 'the number of matches',
  value_count: 'the number of different values of',
  temporal: 'the number of rules that match',
  temporal_ordered: 'the number of rules that match',
  value_sum: 'the sum of',
  value_avg: 'the average of',
  value_percentile: 'the percentile of',
  value_median: 'the median of',
};

function subjectText(type: View['type'], { fields, percentile }: Compare): string {
  const subject = percentile === undefined ? SUBJECTS[type] : `percentile ${percentile} of`;
  return fields.length === 0 ? subject : `${subject} ${fields.join(', ')}`;
}

const OPERATORS: Readonly<Record<Compare['comparisons'][number]['operator'], string>> = {
  gt: 'above',
  gte: 'at least',
  lt: 'below',
  lte: 'at most',
  eq: 'exactly',
  neq: 'other than',
};

function comparisonsText({ comparisons }: Compare): string {
  return `is ${comparisons.map(({ operator, bound }) => `${OPERATORS[operator]} ${bound}`).join(' and ')}`;
}

function termText({ present, absent }: Term, titles: readonly string[]): string {
  const names = (indexes: readonly number[], mark: string): readonly string[] =>
    indexes.map((index) => `${mark}"${titles[index] ?? index}"`);
  return `${[...names(present, ''), ...names(absent, 'no ')].join(' and ')} matched`;
}

const UNITS: readonly (readonly [milliseconds: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** `5 min`, in the largest unit that gives a whole number. */
function durationText(milliseconds: number): string {
  const [size, name] = UNITS.find(([unit]) => milliseconds % unit === 0) ?? [1, 'ms'];
  return `${milliseconds / size} ${name}`;
}
