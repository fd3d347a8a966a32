import type { AttackMatrix } from '../../../catalog/index.ts';
import { tacticTable } from '../../coverage/coverage-page.ts';
import { coverageSummary } from '../../coverage/coverage-summary.ts';
import { attackLink, type Cell, muted, type Page, ruleLink, type Section } from '../../pages/page.ts';
import type { TitleOf } from './titles.ts';

type TacticColumn = AttackMatrix['tactics'][number];

/** The ATT&CK matrix of rules: tactic by tactic, with the techniques that have rules, and, if asked for, those that have none. */
export function attackPage(matrix: AttackMatrix, titleOf: TitleOf, gaps: boolean): Page {
  const summary = coverageSummary(matrix);
  return {
    title: 'MITRE ATT&CK coverage',
    subtitle: [`${summary.techniques.covered} techniques with rules; ATT&CK ${summary.attack}`],
    sections: [
      { id: 'tactics', title: 'Tactics', blocks: [tacticTable(summary)] },
      ...matrix.tactics.flatMap((column) => tacticSection(column, titleOf, gaps)),
      ...(matrix.unknown.length === 0 ? [] : [unknownSection(matrix, titleOf)]),
    ],
  };
}

/** The techniques of a tactic that have rules. */
function covered({ techniques }: TacticColumn): TacticColumn['techniques'] {
  return techniques.filter(({ rules }) => rules.length > 0);
}

function tacticSection(column: TacticColumn, titleOf: TitleOf, gaps: boolean): readonly Section[] {
  const { tactic, techniques, withoutTechnique } = column;
  const rows: (readonly Cell[])[] = [
    ...(withoutTechnique.length === 0
      ? []
      : [
          [[[muted('no specific technique')]], [[String(withoutTechnique.length)]], linksTo(withoutTechnique, titleOf)],
        ]),
    ...covered(column).map(({ technique, rules }) => [
      [[attackLink(technique.id, `${technique.id} ${technique.name}`)]],
      [[String(rules.length)]],
      linksTo(rules, titleOf),
    ]),
  ];
  const missing = techniques.filter(({ rules }) => rules.length === 0);
  if (rows.length === 0 && !gaps) return [];
  return [
    {
      id: tactic.shortName,
      title: tactic.name,
      blocks: [
        ...(rows.length === 0
          ? []
          : [
              {
                kind: 'table' as const,
                caption: `Techniques of ${tactic.name}`,
                columns: [{ title: 'Technique' }, { title: 'Rules', align: 'right' as const }, { title: 'Which' }],
                rows,
              },
            ]),
        ...(gaps && missing.length > 0
          ? [
              { kind: 'heading' as const, text: ['Without rules'] },
              {
                kind: 'list' as const,
                items: missing.map(({ technique }) => [`${technique.id} ${technique.name}`]),
              },
            ]
          : []),
      ],
    },
  ];
}

const MOST_RULES = 10;

function linksTo(keys: readonly string[], titleOf: TitleOf): Cell {
  const shown = keys.slice(0, MOST_RULES).map((key) => [ruleLink(key, titleOf(key))]);
  return keys.length <= MOST_RULES ? shown : [...shown, [muted(`and ${keys.length - MOST_RULES} more`)]];
}

function unknownSection({ unknown }: AttackMatrix, titleOf: TitleOf): Section {
  return {
    id: 'unknown',
    title: 'Unknown tags',
    blocks: [
      {
        kind: 'table',
        caption: 'Tags that no release of ATT&CK known here has',
        columns: [{ title: 'Tag' }, { title: 'Rules' }],
        rows: unknown.map(({ tag, rules }) => [[[tag]], linksTo(rules, titleOf)]),
      },
    ],
  };
}
