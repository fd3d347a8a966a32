import type { RuleListing } from '../../../catalog/index.ts';
import { code, mark, muted, type Page, ruleLink, severity, type Text } from '../../pages/page.ts';

const MOST_RESOURCES = 6;

/** A list of rules; `all` is how many there are without filters. */
export function rulesPage(rules: readonly RuleListing[], all: number): Page {
  return {
    title: 'Rules',
    subtitle: [rules.length === all ? `${all} rules` : `${rules.length} of ${all} rules`],
    sections: [
      {
        id: 'rules',
        title: 'Rules',
        blocks:
          rules.length === 0
            ? [{ kind: 'paragraph', text: [muted('No rule passes the filters.')] }]
            : [
                {
                  kind: 'table',
                  caption: 'Rules',
                  columns: ['Level', 'Title', 'Status', 'Tactics', 'Resources', 'Name or file'].map((title) => ({
                    title,
                  })),
                  rows: rules.map((rule) => [
                    [[rule.isBroken ? mark('bad', 'refused') : severity(rule.level ?? 'none')]],
                    [[ruleLink(rule.key, rule.title)]],
                    [[rule.status ?? '']],
                    rule.tactics.map((tactic) => [tactic]),
                    [resourcesText(rule)],
                    [[code(rule.name ?? rule.file ?? rule.key)]],
                  ]),
                },
              ],
      },
    ],
  };
}

function resourcesText({ resources, isKubernetes }: RuleListing): Text {
  if (!isKubernetes) return [];
  if (resources.length === 0) return [muted('any')];
  const more = resources.length - MOST_RESOURCES;
  return [resources.slice(0, MOST_RESOURCES).join(', '), ...(more > 0 ? [muted(` and ${more} more`)] : [])];
}
