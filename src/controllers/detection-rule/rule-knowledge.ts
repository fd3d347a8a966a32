import { isDeepStrictEqual } from 'node:util';
import type { CompiledRoot } from '../../alerts/index.ts';
import { type KnownLog, type Observability, observabilityOn, ruleSummary } from '../../catalog/index.ts';
import type { CompiledRule } from '../../sigma/index.ts';

/** What is known of a rule beside its text. */
export interface RuleKnowledge {
  readonly observable: Pick<Observability, 'status' | 'message'> & { readonly reason: string };
  /** The requests that it can match, in short. */
  readonly watches: readonly string[];
  /** The audit level from which on they are logged with what the rule tests; undefined where it can match nothing. */
  readonly level: string | undefined;
}

const MAX_WATCHES = 16;

/** Works out what is known of rules, once for each version of a rule and what is known of the logs. */
export class KnowledgeBase {
  #logs: readonly KnownLog[] = [];
  #known = new WeakMap<CompiledRoot, RuleKnowledge>();

  /** @returns whether that is news: then all rules are to be looked at again. */
  setLogs(logs: readonly KnownLog[]): boolean {
    if (isDeepStrictEqual(logs.map(essence), this.#logs.map(essence))) return false;
    this.#logs = logs;
    this.#known = new WeakMap();
    return true;
  }

  of(root: CompiledRoot): RuleKnowledge {
    const known = this.#known.get(root) ?? knowledge(root, this.#logs);
    this.#known.set(root, known);
    return known;
  }
}

/** What matters for rules: not since when. */
function essence({ policy, observed }: KnownLog): unknown {
  return { policy, resources: observed?.resources };
}

function knowledge(root: CompiledRoot, logs: readonly KnownLog[]): RuleKnowledge {
  const rules = root.kind === 'rule' ? [root.rule] : root.correlation.sources.map(({ rule }) => rule);
  const summaries = rules.filter((rule) => rule.appliesToKubernetesAudit).map((rule) => ruleSummary(rule));
  const levels = summaries.flatMap(({ level, wholeLevel }) => wholeLevel ?? level ?? []);
  return {
    observable: ofAll(rules.map((rule) => onAny(rule, logs))),
    watches: [...new Set(summaries.flatMap(({ watches }) => watches))].slice(0, MAX_WATCHES),
    level: LEVELS.findLast((level) => levels.some((each) => each === level)),
  };
}

const LEVELS = ['Metadata', 'Request', 'RequestResponse'] as const;

const UNKNOWN_LOG: KnownLog = Object.freeze({ policy: undefined, observed: undefined });

/** A rule can fire if it can on the log of one source. */
function onAny(rule: CompiledRule, logs: readonly KnownLog[]): Observability {
  const [first, ...more] = logs.map((log) => observabilityOn(rule, log));
  if (first === undefined) return observabilityOn(rule, UNKNOWN_LOG);
  return more.reduce((best, each) => (rank(each) > rank(best) ? each : best), first);
}

/** A correlation needs all of its rules. */
function ofAll([first, ...more]: readonly Observability[]): RuleKnowledge['observable'] {
  if (first === undefined)
    return { status: 'Unknown', reason: 'NoRules', message: 'The correlation refers to no rule.' };
  const { status, reason, message } = more.reduce((worst, each) => (rank(each) < rank(worst) ? each : worst), first);
  return { status, reason, message };
}

/** The better the news, the higher; of what is unknown, nothing is better than doubt. */
function rank({ status, reason }: Observability): number {
  if (status !== 'Unknown') return status === 'True' ? 3 : 0;
  return reason === 'PolicyDiffers' || reason === 'ObservedLevelTooLow' ? 1 : 2;
}
