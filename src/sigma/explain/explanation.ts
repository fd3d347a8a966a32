import type { Verdict } from '../evaluate/evaluate.ts';
import type { Truth } from '../evaluate/truth.ts';

/** Why a rule matches an event or does not: the plan with what each node gave. Plain data. */
export interface Explanation {
  readonly verdict: Verdict;
  readonly title: string;
  readonly root: ExplanationNode;
}

export interface ExplanationNode {
  readonly kind: 'all' | 'any' | 'not' | 'selection' | 'field' | 'keyword' | 'elements' | 'element' | 'constant';
  readonly truth: Truth;
  /** What is demanded, in words. */
  readonly text: string;
  /** From 1, of the rule's source. */
  readonly line: number;
  /** For fields: the paths that were read, where a mapping says others than the name. */
  readonly mappedTo?: readonly string[];
  /** For fields and keywords: the values that were seen (escaped, shortened, at most a few), or that they are withheld. */
  readonly found?: string;
  readonly children: readonly ExplanationNode[];
}
