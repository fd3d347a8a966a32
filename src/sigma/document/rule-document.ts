/** The metadata of a Sigma document, as its author wrote it (specification, "Rule" and its attributes). Plain data. */
export interface RuleDocument {
  readonly title: string;
  readonly id?: string;
  readonly name?: string;
  readonly related: readonly RelatedRule[];
  readonly taxonomy?: string;
  readonly status?: RuleStatus;
  readonly description?: string;
  readonly license?: string;
  readonly author?: string;
  readonly references: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  readonly modified?: string;
  readonly logsource: Logsource;
  readonly fields: readonly string[];
  readonly falsepositives: readonly string[];
  readonly scope: readonly string[];
  readonly level?: RuleLevel;
  readonly tags: readonly string[];
  /** The major version of the specification that the rule targets (`sigma-version`); 2 when absent. */
  readonly sigmaVersion: number;
  /** Attributes that the specification does not name. */
  readonly custom: Readonly<Record<string, unknown>>;
}

export interface RelatedRule {
  readonly id: string;
  readonly type: string;
}

export interface Logsource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  /** Text for people, never evaluated. */
  readonly definition?: string;
  readonly custom: Readonly<Record<string, unknown>>;
}

export const RULE_LEVELS = Object.freeze(['informational', 'low', 'medium', 'high', 'critical'] as const);
export type RuleLevel = (typeof RULE_LEVELS)[number];

export const RULE_STATUSES = Object.freeze(['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const);
export type RuleStatus = (typeof RULE_STATUSES)[number];
