import type { RuleListing } from '../../../catalog/index.ts';

/** What stands below the title of a rule in lists: status, tactics, the first resources. */
export function ruleDetails({ status, tactics, resources }: RuleListing): string {
  return [status, tactics.join(', '), resources.slice(0, 4).join(', ')]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}
