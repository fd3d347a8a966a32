import { type ActiveRule, type AlertChoices, activeRule, type RuleChoices } from '../alerts/index.ts';
import type { CompileOptions } from '../sigma/index.ts';
import { compileText, type RuleText } from './rule-text.ts';

/** A rule that is to run: the text, and the choices that stand beside it in the DetectionRule. Plain data. */
export interface RunnableRule {
  readonly text: RuleText;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly choices: RuleChoices;
  /** The tactics and techniques of ATT&CK that it detects, in words. */
  readonly attack: readonly string[];
  /** Of the Alerts of rules that do not say. */
  readonly defaults: AlertChoices;
}

/** Throws where the text is refused, which means that it was not accepted by this release. */
export function activateRule(
  { text, hash, choices, attack, defaults }: RunnableRule,
  options: Pick<CompileOptions, 'shared'> = {},
): ActiveRule {
  return activeRule(text.name, hash, compileText(text, options), choices, attack, defaults);
}
