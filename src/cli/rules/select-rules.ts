import { CommandFailure } from '../failure.ts';
import type { RuleSelection } from './rule-options.ts';
import { type RuleTexts, readRuleTexts } from './rule-texts.ts';
import { shippedRules } from './shipped-rules.ts';

/** Reads the texts of the selected rules, and of those at `more` paths. Loads what talks to a cluster only when it is asked to. Throws a CommandFailure. */
export async function selectRuleTexts(
  selection: RuleSelection,
  more: readonly string[] = [],
): Promise<readonly RuleTexts[]> {
  if (selection.cluster) {
    const { readClusterRules } = await import('./cluster-rules.ts');
    return [...readRuleTexts(more), await readClusterRules(selection)];
  }
  return [...readRuleTexts([...more, ...pathsOf(selection, more)])];
}

function pathsOf({ rules }: RuleSelection, more: readonly string[]): readonly string[] {
  if (rules.length > 0 || more.length > 0) return rules;
  const shipped = shippedRules();
  if (shipped === undefined) throw new CommandFailure('NoRules', '', 'No rules were given.');
  return [shipped];
}
