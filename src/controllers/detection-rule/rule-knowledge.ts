import type { CompiledRoot } from '../../alerts/index.ts';
import { type AuditPolicy, type Observability, observability, ruleSummary } from '../../catalog/index.ts';
import type { CompiledRule } from '../../sigma/index.ts';

/** What is known of a rule beside its text. */
export interface RuleKnowledge {
  readonly observable: Pick<Observability, 'status' | 'message'> & { readonly reason: string };
  /** The requests that it can match, in short. */
  readonly watches: readonly string[];
  /** The audit level from which on they are logged with what the rule tests; undefined where it can match nothing. */
  readonly level: string | undefined;
}

/** The audit policies of the sources; undefined for a source whose policy is not known. */
export type Policies = readonly (AuditPolicy | undefined)[];

const MAX_WATCHES = 16;

/** Works out what is known of rules, once for each version of a rule and set of policies. */
export class KnowledgeBase {
  #policies: Policies = [];
  #known = new WeakMap<CompiledRoot, RuleKnowledge>();

  /** To be called with the same array as long as nothing changes. */
  setPolicies(policies: Policies): void {
    if (policies === this.#policies) return;
    this.#policies = policies;
    this.#known = new WeakMap();
  }

  of(root: CompiledRoot): RuleKnowledge {
    const known = this.#known.get(root) ?? knowledge(root, this.#policies);
    this.#known.set(root, known);
    return known;
  }
}

function knowledge(root: CompiledRoot, policies: Policies): RuleKnowledge {
  const rules = root.kind === 'rule' ? [root.rule] : root.correlation.sources.map(({ rule }) => rule);
  const summaries = rules.filter((rule) => rule.appliesToKubernetesAudit).map((rule) => ruleSummary(rule));
  const levels = summaries.flatMap(({ level, wholeLevel }) => wholeLevel ?? level ?? []);
  return {
    observable: ofAll(rules.map((rule) => onAny(rule, policies))),
    watches: [...new Set(summaries.flatMap(({ watches }) => watches))].slice(0, MAX_WATCHES),
    level: LEVELS.findLast((level) => levels.some((each) => each === level)),
  };
}

const LEVELS = ['Metadata', 'Request', 'RequestResponse'] as const;

/** A rule can fire if it can on the log of one source. */
function onAny(rule: CompiledRule, policies: Policies): Observability {
  const [first, ...more] = (policies.length === 0 ? [undefined] : policies).map((policy) =>
    observability(rule, policy),
  );
  if (first === undefined) return observability(rule);
  return more.reduce((best, each) => (RANK[each.status] > RANK[best.status] ? each : best), first);
}

/** A correlation needs all of its rules. */
function ofAll([first, ...more]: readonly Observability[]): RuleKnowledge['observable'] {
  if (first === undefined)
    return { status: 'Unknown', reason: 'NoRules', message: 'The correlation refers to no rule.' };
  const { status, reason, message } = more.reduce(
    (worst, each) => (RANK[each.status] < RANK[worst.status] ? each : worst),
    first,
  );
  return { status, reason, message };
}

const RANK: Readonly<Record<Observability['status'], number>> = Object.freeze({ False: 0, Unknown: 1, True: 2 });
