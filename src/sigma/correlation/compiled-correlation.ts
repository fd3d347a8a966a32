import type { CompiledRule } from '../compile.ts';
import type { RuleDocument } from '../document/rule-document.ts';
import type { FieldReference } from '../plan/field.ts';
import type { CorrelationCondition, CorrelationType } from './correlation.ts';

/**
 * A correlation with all that it refers to, ready to be fed. Frozen plain data. Rules and correlations in it go by keys: for a rule of another
 * DetectionRule its name there, for one of the same source `name/` and its own `name`, `id` or number.
 */
export interface CompiledCorrelation {
  readonly key: string;
  readonly document: RuleDocument;
  /** The correlations of the chain; each stands after those that it refers to, the last one is the root. */
  readonly nodes: readonly CorrelationNode[];
  /** The detection rules whose matches feed it. */
  readonly sources: readonly CorrelationSource[];
  /** Keys of the rules and correlations that it takes from elsewhere: when one of them changes, compile this again. */
  readonly takenFrom: readonly string[];
  /** Changes whenever a stored state would no longer fit. */
  readonly fingerprint: string;
}

export interface CorrelationNode {
  readonly key: string;
  readonly document: RuleDocument;
  readonly type: CorrelationType;
  readonly groupBy: readonly string[];
  /** In milliseconds. */
  readonly timespan: number;
  readonly condition: CorrelationCondition;
  /** The rules that it refers to, in their order; terms of the condition are indexes into them. */
  readonly steps: readonly CorrelationStep[];
  /** Fields beside groupBy that correlations over this one read; they are those of the latest match. */
  readonly carried: readonly string[];
  /** Its firings are results. Otherwise they only feed the correlations that refer to it. */
  readonly output: boolean;
}

export interface CorrelationStep {
  /** Key of a source or of an earlier node. */
  readonly rule: string;
  readonly title: string;
  /** Alias → field of the events that match this rule. */
  readonly aliases: Readonly<Record<string, string>>;
}

export interface CorrelationSource {
  readonly key: string;
  readonly rule: CompiledRule;
  /**
   * Where the rule stands: `inside` the source of the correlation, to be evaluated for it and to raise no alerts of its own unless `output`; or `elsewhere`,
   * where it has a life of its own.
   */
  readonly origin: 'inside' | 'elsewhere';
  /** `generate` was asked for: matches are results of their own too. Always false `elsewhere`, whose alerts are its own affair. */
  readonly output: boolean;
  /** What feeding the correlation needs of an event that matches. */
  readonly fields: readonly FieldReference[];
}

/** The field by which a step's events know `name`. */
export function fieldOfStep(step: CorrelationStep, name: string): string {
  return Object.hasOwn(step.aliases, name) ? (step.aliases[name] ?? name) : name;
}
