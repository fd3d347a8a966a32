import type { ActionListing } from '../../../catalog/index.ts';
import { countOf } from '../../output/quantities.ts';
import { code, muted, type Page, ruleLink, type TableBlock } from '../../pages/page.ts';
import { resourceName } from '../rule-page/resource-name.ts';
import type { TitleOf } from './titles.ts';

/** The operations that rules watch, by API group. */
export function actionsPage(actions: readonly ActionListing[], titleOf: TitleOf): Page {
  const groups = Map.groupBy(actions, ({ operation }) => operation.apiGroup);
  const rules = new Set(actions.flatMap((action) => action.rules));
  return {
    title: 'Actions',
    subtitle: [
      `${countOf(actions.length, 'operation')}, watched by ${countOf(rules.size, 'rule')} that ${rules.size === 1 ? 'names' : 'name'} a resource`,
    ],
    sections:
      actions.length === 0
        ? [{ id: 'none', title: 'None', blocks: [{ kind: 'paragraph', text: [muted('No rule names a resource.')] }] }]
        : [...groups].map(([group, list], i) => ({
            id: `group-${i + 1}`,
            title: GROUPS.get(group) ?? group,
            blocks: [actionsTable(list, group, titleOf)],
          })),
  };
}

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['', 'core'],
  ['*', 'any API group'],
]);

/** One row for the verbs of a resource that the same rules watch. */
function actionsTable(actions: readonly ActionListing[], group: string, titleOf: TitleOf): TableBlock {
  const rows = Map.groupBy(actions, ({ operation: { apiGroup, resource, subresource }, rules }) =>
    JSON.stringify([apiGroup, resource, subresource, rules]),
  );
  return {
    kind: 'table',
    caption: `Operations of ${GROUPS.get(group) ?? group}`,
    columns: [{ title: 'Resource' }, { title: 'Verbs' }, { title: 'Rules', shown: 5 }],
    rows: [...rows.values()].flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { apiGroup, resource, subresource } = first.operation;
      return [
        [
          [[code(resourceName(apiGroup, resource, subresource))]],
          [[same.map(({ operation }) => operation.verb).join(', ')]],
          first.rules.map((key) => [ruleLink(key, titleOf(key))]),
        ],
      ];
    }),
  };
}
