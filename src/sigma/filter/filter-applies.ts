import { isDeepStrictEqual } from 'node:util';
import type { CompiledRule } from '../compile.ts';
import type { Logsource } from '../document/rule-document.ts';
import { appliesToKubernetesAudit, normalizeLogsourceName } from '../logsource.ts';
import type { CompiledFilter } from './filter.ts';

/**
 * Whether a filter applies to a rule: it names the rule (by id, or by `name`, or by one of `aliases`, further names that the rule goes by), and its logsource
 * contains the rule's: every attribute that the filter sets has the same value in the rule. The two spellings of kubernetes/audit, with and without
 * `category: application`, are one logsource.
 */
export function filterApplies(
  { rules, document }: CompiledFilter,
  rule: Pick<CompiledRule, 'document'>,
  aliases: readonly string[] = [],
): boolean {
  const { id, name, logsource } = rule.document;
  const named =
    rules === 'any' ||
    rules.some((text) => text === name || aliases.includes(text) || text.toLowerCase() === id?.toLowerCase());
  return named && contains(document.logsource, logsource);
}

function contains(outer: Logsource, inner: Logsource): boolean {
  const custom = Object.entries(outer.custom).every(([key, value]) => isDeepStrictEqual(inner.custom[key], value));
  if (!custom) return false;
  if (appliesToKubernetesAudit(outer) && appliesToKubernetesAudit(inner)) {
    return outer.service === undefined || inner.service !== undefined;
  }
  return (['category', 'product', 'service'] as const).every((attribute) => {
    const wanted = normalizeLogsourceName(outer[attribute]);
    return wanted === undefined || wanted === normalizeLogsourceName(inner[attribute]);
  });
}
