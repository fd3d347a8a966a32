import { createHash } from 'node:crypto';
import { type AlertChoices, type CompiledRoot, documentOf } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import type { RuleText, RunnableRule } from '../../engine/index.ts';
import type { Diagnostic } from '../../sigma/index.ts';
import { attackLines } from './attack-lines.ts';

/** Compiles the text of the DetectionRule of this name. */
export type Compile = (sigma: string, name: string) => Compiled;

/** What came of a text. `references` are the ids and names of other rules that it refers to, whether they were found or not. */
export type Compiled = { readonly references: readonly string[] } & (
  | {
      readonly ok: true;
      readonly root: CompiledRoot;
      readonly text: RuleText;
      readonly findings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] }
);

/** A version of a rule that was accepted: which one it is, and what it compiled to. */
export interface AcceptedVersion {
  readonly generation: number;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly text: RuleText;
  readonly root: CompiledRoot;
  readonly findings: readonly Diagnostic[];
}

/** What a replica makes of a DetectionRule. */
export interface ResolvedRule {
  readonly name: string;
  /** The generation that was looked at. */
  readonly generation: number;
  /** Why the newest text was refused; empty where it was accepted. */
  readonly errors: readonly Diagnostic[];
  /** The newest accepted version: the newest text, or an earlier one while the newest is refused; none if none ever was. */
  readonly accepted: AcceptedVersion | undefined;
  /** Ids and names of other rules that the newest text refers to: when one of them changes, it is to be compiled again. */
  readonly references: readonly string[];
  /** What runs: the accepted version under the newest choices; absent if there is none, or mode is Off. */
  readonly active: RunnableRule | undefined;
}

/**
 * Compiles the newest text of a rule and decides what runs. A refused text changes nothing: the last accepted version goes
 * on, from memory, or after a restart from the rule's status (semantics 9). A text that was accepted before is not compiled
 * again, unless `again` asks for it because what it refers to has changed. `defaults` hold where the rule does not say.
 */
export function resolveRule(
  rule: DetectionRule,
  previous: ResolvedRule | undefined,
  compile: Compile,
  again: 'if new' | 'always' = 'if new',
  defaults: AlertChoices = {},
): ResolvedRule {
  const { name, generation = 0 } = rule.metadata;
  const hash = sigmaHash(rule.spec.sigma);
  const known = again === 'if new' && previous?.accepted?.hash === hash ? previous.accepted : undefined;
  if (known !== undefined) return resolved(rule, [], { ...known, generation }, previous?.references ?? [], defaults);
  const result = compile(rule.spec.sigma, name);
  if (!result.ok)
    return resolved(rule, result.errors, lastAccepted(rule, previous, compile), result.references, defaults);
  const { root, text, findings, references } = result;
  return resolved(rule, [], { generation, hash, text, root, findings }, references, defaults);
}

function resolved(
  rule: DetectionRule,
  errors: readonly Diagnostic[],
  accepted: AcceptedVersion | undefined,
  references: readonly string[],
  defaults: AlertChoices,
): ResolvedRule {
  const { name, generation = 0 } = rule.metadata;
  const runs = accepted !== undefined && rule.spec.mode !== 'Off' && isOfKubernetes(accepted.root);
  return {
    name,
    generation,
    errors,
    accepted,
    references,
    active: runs ? runnable(rule, accepted, defaults) : undefined,
  };
}

function runnable(
  { spec: { severity, outcome, dryRun, alert } }: DetectionRule,
  { hash, text, root }: AcceptedVersion,
  defaults: AlertChoices,
): RunnableRule {
  const attack = attackLines(documentOf(root).tags);
  return { text, hash, choices: { severity, outcome, dryRun, alert }, attack, defaults };
}

/** A rule for another product is accepted, and costs nothing. */
function isOfKubernetes(root: CompiledRoot): boolean {
  const rules = root.kind === 'rule' ? [root.rule] : root.correlation.sources.map(({ rule }) => rule);
  return rules.some(({ appliesToKubernetesAudit }) => appliesToKubernetesAudit);
}

function lastAccepted(
  rule: DetectionRule,
  previous: ResolvedRule | undefined,
  compile: Compile,
): AcceptedVersion | undefined {
  const inMemory = previous?.accepted;
  const recorded = rule.status?.accepted;
  if (recorded === undefined || (inMemory !== undefined && inMemory.generation >= recorded.generation)) return inMemory;
  if (inMemory?.hash === recorded.hash) return { ...inMemory, generation: recorded.generation };
  const result = compile(recorded.sigma, rule.metadata.name);
  // An operator that no longer accepts what an earlier one did: nothing is left to run.
  if (!result.ok) return inMemory;
  const { root, text, findings } = result;
  return { generation: recorded.generation, hash: sigmaHash(recorded.sigma), text, root, findings };
}

function sigmaHash(sigma: string): string {
  return createHash('sha256').update(sigma).digest('hex');
}
