import type { RuleDocument } from '../../sigma/index.ts';
import type { RuleChoices } from './entry.ts';

/** What a rule says of itself, what the catalog makes of its relations, and what severity its alerts have. */
export interface RuleMetadata extends Omit<RuleDocument, 'related'> {
  /** The choice of the DetectionRule, else the level, else medium. */
  readonly severity: string;
  /** Rules that this one names as related. */
  readonly related: readonly RelatedRule[];
  /** Rules of the catalog that name this one as related. */
  readonly relatedFrom: readonly RelatedRule[];
}

export interface RelatedRule {
  readonly id: string;
  /** `derived`, `obsolete`, `merged`, `renamed`, `similar`, … */
  readonly type: string;
  /** Set where the catalog has the rule. */
  readonly key?: string;
  readonly title?: string;
}

/** The metadata of a document; what concerns other rules comes from the catalog. */
export function ruleMetadata(
  document: RuleDocument,
  choices: RuleChoices | undefined,
  relations: Pick<RuleMetadata, 'related' | 'relatedFrom'>,
): RuleMetadata {
  return { ...document, severity: choices?.severity ?? document.level ?? 'medium', ...relations };
}
