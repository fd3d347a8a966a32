import type { IndicatorListing } from '../../../catalog/index.ts';
import { type Cell, muted, type Page, ruleLink, strong } from '../../pages/page.ts';
import { comparisonText, fieldPart, valuesCell } from '../rule-page/detection.ts';
import type { TitleOf } from './titles.ts';

const MOST_RULES = 5;
const MOST_VALUES = 20;

/** What rules look for, on one field or on all. */
export function indicatorsPage(indicators: readonly IndicatorListing[], titleOf: TitleOf, field?: string): Page {
  const rules = new Set(indicators.flatMap((indicator) => indicator.rules));
  return {
    title: field === undefined ? 'Indicators' : `Indicators on ${field}`,
    subtitle: [`${indicators.length} combinations of field, comparison and values in ${rules.size} rules`],
    sections: [
      {
        id: 'indicators',
        title: 'Indicators',
        blocks:
          indicators.length === 0
            ? [{ kind: 'paragraph', text: [muted('No rule looks at that field.')] }]
            : [
                {
                  kind: 'table',
                  caption: 'Indicators',
                  columns: [
                    { title: 'Field' },
                    { title: 'Comparison' },
                    { title: 'Values' },
                    { title: 'Rules', align: 'right' },
                    { title: 'Which' },
                  ],
                  rows: indicators.map((indicator) => [
                    [[fieldPart(indicator)]],
                    [[...comparisonText(indicator), ...(indicator.excluded ? [' ', strong('exclusion')] : [])]],
                    shortened(valuesCell(indicator), MOST_VALUES),
                    [[String(indicator.rules.length)]],
                    shortened(
                      indicator.rules.slice(0, MOST_RULES + 1).map((key) => [ruleLink(key, titleOf(key))]),
                      MOST_RULES,
                      indicator.rules.length,
                    ),
                  ]),
                },
              ],
      },
    ],
  };
}

function shortened(cell: Cell, most: number, all = cell.length): Cell {
  return all <= most ? cell : [...cell.slice(0, most), [muted(`and ${all - most} more`)]];
}
