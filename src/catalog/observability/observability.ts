import type { CompiledRule } from '../../sigma/index.ts';
import { BOTH } from '../events/abstract-plan.ts';
import { impossibleVerbs } from '../events/impossible-verbs.ts';
import { possible } from '../events/possible.ts';
import { BODY_SOURCES, RequestSpace } from '../events/request-space.ts';
import { EVERY_KIND } from '../events/requests.ts';
import type { AuditPolicy } from '../policy/policy.ts';
import { type BlindSpot, blindSpots } from './blind-spots.ts';
import { decisionsOf, type LoggedKind, loggedKind } from './logged-kinds.ts';
import { joinOperations, type LoggedOperation } from './logged-operations.ts';
import { watchedKinds } from './watched-kinds.ts';

/** Whether a rule can fire on what is logged. */
export interface Observability {
  /** Unknown where no policy is given and nothing else keeps the rule from firing. */
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: ObservabilityReason;
  /** One sentence or more for people. */
  readonly message: string;
  /** Tests that are blind. Without a policy, those that are blind whatever is logged. */
  readonly blindSpots: readonly BlindSpot[];
  /** Watched operations of which no event can match, or only some can, under the policy. Empty without one. */
  readonly operations: readonly OperationGap[];
}

/**
 * Why. False: `OtherProduct` (the rule is not about Kubernetes audit events), `NoSuchVerb`, `UnknownFields`, `BodyNeverLogged`, `NeverTrue` (the condition
 * contradicts itself), `NeverLogged`, `LevelTooLow` (bodies that it needs are not logged), `StageOmitted`. True: `PartlyObservable` (some branch or operation
 * cannot match), `ExclusionIneffective` (a test under `not` is blind: it matches too much), `Observable`, `Observed` (no policy is given, but what the rule
 * watches was seen in the log as it needs it). Unknown: `PolicyUnknown`; `ObservedLevelTooLow` (all that was seen in the log is below what it needs). With
 * either status `PolicyDiffers`: what was seen in the log contradicts the policy that is given.
 */
type ObservabilityReason =
  | 'OtherProduct'
  | 'NoSuchVerb'
  | 'UnknownFields'
  | 'BodyNeverLogged'
  | 'NeverTrue'
  | 'NeverLogged'
  | 'LevelTooLow'
  | 'StageOmitted'
  | 'PartlyObservable'
  | 'ExclusionIneffective'
  | 'Observable'
  | 'Observed'
  | 'PolicyUnknown'
  | 'ObservedLevelTooLow'
  | 'PolicyDiffers';

/** `Sometimes`: it depends on who sends the request, or on names that the rule does not test. `OnlyFailures`: of answered requests none. */
interface OperationGap extends LoggedOperation {
  readonly matches: Exclude<LoggedOperation['matches'], 'Always'>;
}

/** Says whether a rule can fire under an audit policy; without one, whether it could if everything were logged. */
export function observability(
  rule: CompiledRule,
  policy?: AuditPolicy,
  space: RequestSpace = new RequestSpace(rule),
): Observability {
  if (!rule.appliesToKubernetesAudit)
    return verdict('False', 'OtherProduct', 'The log source of the rule is not that of Kubernetes audit events.');
  const watched = watchedKinds(space);
  if (watched.length === 0) return neverObservable(space);
  const decide = decisionsOf(policy);
  const logged = watched.map((kind) => loggedKind(space, kind, decide));
  const gaps = policy === undefined ? [] : gapsOf(logged);
  if (logged.every(({ matches }) => matches === 'Never')) return { ...unloggedVerdict(logged), operations: gaps };
  const spots = blindSpots(space, logged);
  const { status, reason, message } = judge(policy, gaps, spots);
  return { status, reason, message, blindSpots: spots, operations: gaps };
}

function judge(
  policy: AuditPolicy | undefined,
  gaps: readonly OperationGap[],
  spots: readonly BlindSpot[],
): Observability {
  const labels = (matches: OperationGap['matches']): readonly string[] =>
    gaps.filter((gap) => gap.matches === matches).map(({ operation }) => operation);
  const never = labels('Never');
  const failures = labels('OnlyFailures');
  const dead = spots.filter(({ kind }) => kind === 'DeadBranch');
  const lost = spots.filter(({ kind }) => kind !== 'DeadBranch');
  const sentences = [
    ...(never.length > 0 ? [`Not logged as the rule needs it: ${some(never)}.`] : []),
    ...(failures.length > 0 ? [`Logged only where authentication fails: ${some(failures)}.`] : []),
    ...(dead.length > 0 ? [`Cannot hold: ${some(dead.map(spotText))}.`] : []),
    ...(lost.length > 0 ? [`Without effect: ${some(lost.map(spotText))}.`] : []),
  ];
  const status = policy === undefined ? 'Unknown' : 'True';
  if (never.length + failures.length + dead.length > 0) return verdict(status, 'PartlyObservable', sentences.join(' '));
  if (lost.length > 0) return verdict(status, 'ExclusionIneffective', sentences.join(' '));
  if (policy === undefined)
    return verdict(
      status,
      'PolicyUnknown',
      'No audit policy is known; the rule can fire if what it watches is logged.',
    );
  return verdict(status, 'Observable', 'Everything that the rule watches can be logged as it needs it.');
}

/** Why no request can satisfy the condition, whatever is logged: the first thing that would make it possible if it were different. */
function neverObservable(space: RequestSpace): Observability {
  const { root, leaves } = space.plan;
  const couldHold = (free: (source: (typeof leaves)[number]['source']) => boolean): boolean =>
    EVERY_KIND.some((kind) =>
      space.situationsOf(kind).some((situation) => {
        const event = { kind, situation, level: 'RequestResponse' } as const;
        return possible(root, event, (leaf) => (free(leaf.source) ? BOTH : undefined)).true;
      }),
    );
  const verbs = impossibleVerbs(space.plan).map(({ verb }) => verb);
  if (verbs.length > 0 && couldHold((source) => source === 'verb'))
    return verdict('False', 'NoSuchVerb', `No request has the verb ${verbs.join(' or ')}.`);
  const unknown = leaves.flatMap(({ source, node }) => (source === 'nowhere' ? [node.item.key] : []));
  if (unknown.length > 0 && couldHold((source) => source === 'nowhere' || source === 'verb'))
    return verdict('False', 'UnknownFields', `No audit event has the field that is tested by ${some(unknown)}.`);
  const bodies = leaves.flatMap(({ source, node }) => (BODY_SOURCES.has(source) ? [node.item.key] : []));
  if (bodies.length > 0 && couldHold((source) => BODY_SOURCES.has(source) || source === 'verb'))
    return verdict(
      'False',
      'BodyNeverLogged',
      `The requests that the rule watches have no body that ${some(bodies)} could test.`,
    );
  return verdict(
    'False',
    'NeverTrue',
    'The condition contradicts itself, or demands a value that its field never has: no request satisfies it.',
  );
}

function unloggedVerdict(logged: readonly LoggedKind[]): Observability {
  const levels = new Set(logged.flatMap((kind) => kind.levels));
  const operations = some([...new Set(logged.map(({ watched }) => watched.label))]);
  if (levels.size === 0 || (levels.size === 1 && levels.has('None')))
    return verdict('False', 'NeverLogged', `The audit policy logs nothing of what the rule watches: ${operations}.`);
  if (logged.every(({ events }) => events.length === 0))
    return verdict(
      'False',
      'StageOmitted',
      `The audit policy omits the stages at which the rule could see ${operations}.`,
    );
  return verdict(
    'False',
    'LevelTooLow',
    `The audit policy does not log the bodies that the rule needs of ${operations}.`,
  );
}

/** The watched operations of which not every request can match. */
function gapsOf(logged: readonly LoggedKind[]): readonly OperationGap[] {
  return joinOperations(logged).flatMap(({ operation, matches, levels }) =>
    matches === 'Always' ? [] : [{ operation, matches, levels }],
  );
}

function verdict(status: Observability['status'], reason: ObservabilityReason, message: string): Observability {
  return { status, reason, message, blindSpots: [], operations: [] };
}

function spotText({ selection, item, line }: BlindSpot): string {
  return `${item === '' ? 'keywords' : item} in ${selection} (line ${line})`;
}

const MAX_SHOWN = 5;

export function some(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_SHOWN).join(', ');
  return texts.length > MAX_SHOWN ? `${shown} and ${texts.length - MAX_SHOWN} more` : shown;
}
