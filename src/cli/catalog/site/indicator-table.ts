import type { IndicatorListing } from '../../../catalog/index.ts';
import { type Cell, code, muted, ruleLink, strong, type TableBlock } from '../../pages/page.ts';
import type { TitleOf } from '../listings/titles.ts';
import { comparisonText } from '../rule-page/detection.ts';

const LONGEST_VALUE = 200;
const MOST_VALUES = 100;

/** What rules look for in a field, most common first. The pages of the rules have long values and lists whole. */
export function indicatorTable(indicators: readonly IndicatorListing[], titleOf: TitleOf): TableBlock {
  const streams = new Set(indicators.map(({ stream }) => stream));
  const withStream = streams.size > 1;
  return {
    kind: 'table',
    caption: 'Comparisons and values',
    columns: [
      { title: 'Comparison' },
      { title: 'Values' },
      ...(withStream ? [{ title: 'Log source' }] : []),
      { title: 'Rules', align: 'right' as const },
      { title: 'Which', shown: 4 },
    ],
    rows: indicators.map((indicator) => [
      [[...comparisonText(indicator), ...(indicator.excluded ? [' ', strong('exclusion')] : [])]],
      valueLines(indicator.values),
      ...(withStream ? [[[streamText(indicator.stream)]]] : []),
      [[String(indicator.rules.length)]],
      indicator.rules.map((key) => [ruleLink(key, titleOf(key))]),
    ]),
  };
}

function valueLines(values: IndicatorListing['values']): Cell {
  const lines = values.slice(0, MOST_VALUES).map((value) => {
    if (value === null) return [muted('null (absent)')];
    if (value === '') return [muted('empty text')];
    return [code(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1)}…` : value)];
  });
  return values.length <= MOST_VALUES ? lines : [...lines, [muted(`and ${values.length - MOST_VALUES} more`)]];
}

/** A stream is `kubernetes/audit`, or category, product and service as JSON. */
function streamText(stream: string): string {
  if (!stream.startsWith('[')) return stream;
  const parts: unknown = JSON.parse(stream);
  if (!Array.isArray(parts)) return stream;
  const [category, product, service]: readonly unknown[] = parts;
  return [product, category, service].filter((part) => part !== '').join(' / ') || 'any';
}
