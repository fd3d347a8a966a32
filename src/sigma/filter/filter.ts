import type { RuleDocument } from '../document/rule-document.ts';
import type { Plan } from '../plan/nodes.ts';

/**
 * What a filter does to the rules it applies to. The resulting rule is the rule *and* the filter's condition; nothing is negated implicitly (the
 * specification's own example reads as if it were, but neither its grammar nor any converter negates). So a filter `Removes` what it selects when its
 * condition holds for an event that none of its selections matches; otherwise it is `KeepOnly`: everything that it does not select is silenced.
 */
export type FilterEffect = 'Removes' | 'KeepOnly';

/** A filter document, ready to be applied. Frozen plain data. */
export interface CompiledFilter {
  readonly document: RuleDocument;
  /** Ids or names of rules, as written, or every rule of the logsource. */
  readonly rules: 'any' | readonly string[];
  readonly plan: Plan;
  readonly effect: FilterEffect;
  /** The event paths that the condition tests, after mapping. */
  readonly testedFields: readonly string[];
}
