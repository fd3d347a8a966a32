import { createHash } from 'node:crypto';
import { type ActiveRule, activeRule } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import type { CompiledRule, CompileResult, Diagnostic } from '../../sigma/index.ts';
import { attackLines } from './attack-lines.ts';

export type Compile = (source: string) => CompileResult;

/** A version of a rule that was accepted: which one it is, and what it compiled to. */
export interface AcceptedVersion {
  readonly generation: number;
  /** SHA-256 of the Sigma text, in hexadecimal. */
  readonly hash: string;
  readonly sigma: string;
  readonly compiled: CompiledRule;
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
  /** What runs: the accepted version under the newest choices; absent if there is none, or mode is Off. */
  readonly active: ActiveRule | undefined;
}

/**
 * Compiles the newest text of a rule and decides what runs. A refused text changes nothing: the last accepted version goes
 * on, from memory, or after a restart from the rule's status (semantics 9). A text that was accepted before is not compiled
 * again, unless `again` asks for it because what it refers to has changed.
 */
export function resolveRule(
  rule: DetectionRule,
  previous: ResolvedRule | undefined,
  compile: Compile,
  again: 'if new' | 'always' = 'if new',
): ResolvedRule {
  const { name, generation = 0 } = rule.metadata;
  const hash = sigmaHash(rule.spec.sigma);
  const known = again === 'if new' && previous?.accepted?.hash === hash ? previous.accepted : undefined;
  if (known !== undefined) return resolved(rule, [], { ...known, generation });
  const result = compile(rule.spec.sigma);
  if (result.ok) {
    const { rule: compiled, findings } = result;
    return resolved(rule, [], { generation, hash, sigma: rule.spec.sigma, compiled, findings });
  }
  return { ...resolved(rule, result.errors, lastAccepted(rule, previous, compile)), name, generation };
}

function resolved(
  rule: DetectionRule,
  errors: readonly Diagnostic[],
  accepted: AcceptedVersion | undefined,
): ResolvedRule {
  const { name, generation = 0 } = rule.metadata;
  const runs = accepted !== undefined && rule.spec.mode !== 'Off';
  return {
    name,
    generation,
    errors,
    accepted,
    active: runs ? activate(rule, accepted) : undefined,
  };
}

function activate({ metadata, spec }: DetectionRule, { hash, compiled }: AcceptedVersion): ActiveRule {
  return activeRule(metadata.name, hash, compiled, spec, attackLines(compiled.document.tags));
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
  const result = compile(recorded.sigma);
  // An operator that no longer accepts what an earlier one did: nothing is left to run.
  if (!result.ok) return inMemory;
  const { generation, sigma } = recorded;
  return { generation, hash: sigmaHash(sigma), sigma, compiled: result.rule, findings: result.findings };
}

function sigmaHash(sigma: string): string {
  return createHash('sha256').update(sigma).digest('hex');
}
