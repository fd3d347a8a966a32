import type { RuleListing } from '../../../catalog/index.ts';

/** `windows / process_creation`: product, then category and service. */
export function logsourceText({ product, category, service }: RuleListing['logsource']): string {
  const parts = [product, category, service].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? 'any' : parts.join(' / ');
}
