import { attackLink, mark, muted, type Page, type TableBlock } from '../pages/page.ts';
import type { CoverageSummary } from './coverage-summary.ts';

/** How much of ATT&CK is covered, for people. */
export function coveragePage(summary: CoverageSummary): Page {
  const { techniques, attack } = summary;
  return {
    title: 'MITRE ATT&CK coverage',
    subtitle: [`${techniques.covered} of ${techniques.all} techniques and sub-techniques of ATT&CK ${attack}`],
    sections: [{ id: 'tactics', title: 'Tactics', blocks: [tacticTable(summary)] }],
  };
}

export function tacticTable({ tactics }: CoverageSummary): TableBlock {
  return {
    kind: 'table',
    caption: 'Tactics',
    columns: [
      { title: 'Tactic' },
      { title: 'Rules', align: 'right' },
      { title: 'Techniques with rules', align: 'right' },
      { title: 'Of', align: 'right' },
    ],
    rows: tactics.map(({ id, name, rules, techniques }) => [
      [[attackLink(id, name), ' ', muted(id)]],
      [[rules === 0 ? mark('warning', 'none') : String(rules)]],
      [[String(techniques.covered)]],
      [[String(techniques.all)]],
    ]),
  };
}
