/** The metadata of a Sigma document, as its author wrote it (specification, "Rule" and its attributes). Plain data. */
export interface RuleDocument {
  readonly title: string;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly related: readonly RelatedRule[];
  readonly taxonomy?: string | undefined;
  readonly status?: RuleStatus | undefined;
  readonly description?: string | undefined;
  readonly license?: string | undefined;
  readonly author?: string | undefined;
  readonly references: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly date?: string | undefined;
  readonly modified?: string | undefined;
  readonly logsource: Logsource;
  readonly fields: readonly string[];
  readonly falsepositives: readonly string[];
  readonly scope: readonly string[];
  readonly level?: RuleLevel | undefined;
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
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly service?: string | undefined;
  /** Text for people, never evaluated. */
  readonly definition?: string | undefined;
  readonly custom: Readonly<Record<string, unknown>>;
}

export const RULE_LEVELS = Object.freeze(['informational', 'low', 'medium', 'high', 'critical'] as const);
export type RuleLevel = (typeof RULE_LEVELS)[number];

export const RULE_STATUSES = Object.freeze(['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const);
export type RuleStatus = (typeof RULE_STATUSES)[number];
