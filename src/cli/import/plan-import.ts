import type { Candidate } from './candidates.ts';
import type { ExistingRule } from './existing.ts';
import { manifestNames } from './manifest-names.ts';

/** What is to be done about one rule. */
export interface ImportStep {
  readonly action: 'create' | 'update' | 'keep';
  readonly candidate: Candidate;
  /** Of the DetectionRule. */
  readonly name: string;
  /** The manifest that there is; undefined where it is created. */
  readonly existing: ExistingRule | undefined;
}

export interface ImportPlan {
  readonly steps: readonly ImportStep[];
  /** DetectionRules of the output folder whose rule is not among those that are imported. */
  readonly notInSource: readonly ExistingRule[];
}

/** Finds for each rule its manifest: the one with its id, else the one with its name. */
export function planImport(candidates: readonly Candidate[], existing: readonly ExistingRule[]): ImportPlan {
  const names = manifestNames(candidates);
  const byId = new Map(existing.flatMap((rule) => (rule.id === undefined ? [] : [[rule.id, rule] as const])));
  const byName = new Map(existing.map((rule) => [rule.name, rule]));
  const used = new Set<ExistingRule>();
  const steps = candidates.map((candidate): ImportStep => {
    const name = names.get(candidate) ?? '';
    const id = candidate.document.id?.toLowerCase();
    const named = byName.get(name);
    // A manifest of that name with another id is another rule's.
    const found =
      (id === undefined ? undefined : byId.get(id)) ?? (named?.id === undefined || named.id === id ? named : undefined);
    if (found === undefined || used.has(found)) return { action: 'create', candidate, name, existing: undefined };
    used.add(found);
    const action = found.sigma === candidate.sigma ? 'keep' : 'update';
    return { action, candidate, name: found.name, existing: found };
  });
  return { steps, notInSource: existing.filter((rule) => !used.has(rule)) };
}
