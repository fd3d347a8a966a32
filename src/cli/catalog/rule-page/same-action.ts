import type { CompiledRulePage } from '../../../catalog/index.ts';
import { type Block, type Cell, code, joined, muted, ruleLink, type Section } from '../../pages/page.ts';
import { resourceName } from './resource-name.ts';

type SameAction = NonNullable<CompiledRulePage['sameAction']>;
type Operations = SameAction['rules'][number]['shared'];

const MOST_OPERATIONS = 8;

/** Other rules of the catalog that watch some of the same operations. */
export function sameActionSection({ sameAction, events }: CompiledRulePage): Section {
  return {
    id: 'same-action',
    title: 'Rules detecting the same action',
    blocks:
      sameAction === undefined
        ? [{ kind: 'paragraph', text: [muted('Actions are known of rules for Kubernetes audit events.')] }]
        : [...overlapping(sameAction, events?.constrains.resource === true), ...unconstrained(sameAction)],
  };
}

function overlapping({ rules }: SameAction, constrained: boolean): readonly Block[] {
  if (rules.length === 0) {
    const why = constrained
      ? 'No other rule that constrains a resource watches any of these operations.'
      : 'The rule constrains no resource: it has no action of its own.';
    return [{ kind: 'paragraph', text: [muted(why)] }];
  }
  return [
    {
      kind: 'table',
      caption: 'Rules that share an operation with this one',
      columns: [
        { title: 'Rule' },
        { title: 'Overlap', align: 'right' },
        { title: 'Shared' },
        { title: 'It also watches' },
        { title: 'It does not watch' },
      ],
      rows: rules.map(({ key, title, overlap, shared, adds, lacks }) => [
        [[ruleLink(key, title)]],
        [[`${Math.round(overlap * 100)} %`]],
        operationsCell(shared),
        operationsCell(adds),
        operationsCell(lacks),
      ]),
    },
  ];
}

function unconstrained({ unconstrained: rules }: SameAction): readonly Block[] {
  if (rules.length === 0) return [];
  return [
    { kind: 'heading', text: ['Rules that constrain no resource'] },
    { kind: 'paragraph', text: ['They may see the same requests, and any others.'] },
    { kind: 'list', items: rules.map(({ key, title }) => [ruleLink(key, title)]) },
  ];
}

/** One line for each resource: its verbs. */
function operationsCell(operations: Operations): Cell {
  if (operations.length === 0) return [[muted('nothing')]];
  const byResource = Map.groupBy(operations, ({ apiGroup, resource, subresource }) =>
    resourceName(apiGroup, resource, subresource),
  );
  const lines = [...byResource].map(([resource, group]) => [
    ...joined(group.map(({ verb }) => verb)),
    ' ',
    code(resource),
  ]);
  if (lines.length <= MOST_OPERATIONS) return lines;
  return [...lines.slice(0, MOST_OPERATIONS), [muted(`and ${lines.length - MOST_OPERATIONS} more resources`)]];
}
