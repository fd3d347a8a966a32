import type { CompiledRulePage, Technique } from '../../../catalog/index.ts';
import { attackLink, type Cell, mark, muted, type Section, type Text } from '../../pages/page.ts';

type Tactic = CompiledRulePage['attack']['tactics'][number]['tactic'];

/** Tactics and techniques, by the rule's tags. */
export function attackSection({ attack }: Pick<CompiledRulePage, 'attack'>): Section {
  const { tactics, techniquesWithoutTactic, others, unknown } = attack;
  const rows: (readonly Cell[])[] = tactics.map(({ tactic, techniques }) => [
    [tacticText(tactic)],
    techniquesCell(techniques),
  ]);
  if (techniquesWithoutTactic.length > 0)
    rows.push([[[muted('no tactic is tagged')]], techniquesCell(techniquesWithoutTactic)]);
  const nothing = rows.length + others.length + unknown.length === 0;
  return {
    id: 'attack',
    title: 'MITRE ATT&CK coverage',
    blocks: [
      ...(rows.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: 'Tactics and techniques',
              columns: [{ title: 'Tactic' }, { title: 'Techniques' }],
              rows,
            },
          ]),
      ...(others.length === 0 ? [] : [{ kind: 'paragraph' as const, text: [`Also tagged: ${others.join(', ')}.`] }]),
      ...(unknown.length === 0
        ? []
        : [
            {
              kind: 'note' as const,
              tone: 'warning' as const,
              text: [`No release of ATT&CK known here has ${unknown.join(', ')}.`],
            },
          ]),
      ...(nothing ? [{ kind: 'paragraph' as const, text: [muted('The rule has no tags of ATT&CK.')] }] : []),
    ],
  };
}

function tacticText({ id, name, retired }: Tactic): Text {
  if (retired === undefined) return [attackLink(id, name), ' ', muted(id)];
  return [
    name,
    ' ',
    muted(id),
    ' ',
    mark('warning', `retired in ATT&CK ${retired.in}; now ${retired.successors.join(' and ')}`),
  ];
}

function techniquesCell(techniques: readonly Technique[]): Cell {
  return techniques.length === 0 ? [[muted('no specific technique')]] : techniques.map(techniqueText);
}

function techniqueText({ id, name, retired }: Technique): Text {
  if (retired === undefined) return [attackLink(id, `${id} ${name}`)];
  const { status, successor } = retired;
  const now = successor === undefined ? [] : ['; now ', successor];
  return [`${id} ${name} `, mark('warning', [status, ...now].join(''))];
}
