import { createHash } from 'node:crypto';
import type { RuleText, RunnableRule } from '../../../src/engine/index.ts';

/** A rule of this name over one selection; by default it matches creates. */
export function runnableRule(name: string, selection = 'verb: create', more: Partial<RuleText> = {}): RunnableRule {
  const sigma = `title: ${name}
logsource: {product: kubernetes, service: audit}
detection:
  selection:
    ${selection}
  condition: selection
`;
  return runnable({ name, sigma, placeholders: new Map(), references: new Map(), ...more });
}

function runnable(text: RuleText): RunnableRule {
  const hash = createHash('sha256').update(text.sigma).digest('hex');
  return { text, hash, choices: {}, attack: [], defaults: {} };
}
