import type { ObservedLevels } from '../../audit/index.ts';
import type { CompiledRule } from '../../sigma/index.ts';
import { RequestSpace } from '../events/request-space.ts';
import type { AuditPolicy } from '../policy/policy.ts';
import { decisionsOf, type LoggedKind, loggedKind } from './logged-kinds.ts';
import { type Observability, observability, some } from './observability.ts';
import { type SeenOperation, seenOperation } from './seen-levels.ts';
import { type WatchedKind, watchedKinds } from './watched-kinds.ts';

/** What is known of how a log is written. */
export interface KnownLog {
  /** As it was given; undefined where none was. */
  readonly policy: AuditPolicy | undefined;
  /** What was seen in the log itself; undefined where nothing was. */
  readonly observed: ObservedLevels | undefined;
}

/** Reasons for which a rule cannot fire whatever is logged, or which the levels that were seen do not touch. */
const FINAL: ReadonlySet<Observability['reason']> = new Set([
  'OtherProduct',
  'NoSuchVerb',
  'UnknownFields',
  'BodyNeverLogged',
  'NeverTrue',
  'StageOmitted',
]);

/**
 * Whether a rule can fire on a log: what the policy says, if one is given, and what was seen. An operation that was seen
 * at a level at which the rule can match proves that it can fire. Seen too low proves nothing, because the level may
 * depend on who asks: so that is never False.
 */
export function observabilityOn(
  rule: CompiledRule,
  { policy, observed }: KnownLog,
  space: RequestSpace = new RequestSpace(rule),
): Observability {
  const said = observability(rule, policy, space);
  if (observed === undefined || FINAL.has(said.reason)) return said;
  const seen = watchedKinds(space).flatMap((watched) => {
    const operation = seenOperation(observed, watched.asked);
    return operation.levels.length === 0 ? [] : [{ watched, operation, matches: matchesOf(space, watched, operation) }];
  });
  if (seen.length === 0) return said;
  const enough = seen.filter(({ matches }) => matches !== 'Never');
  const low = seen.filter(({ matches }) => matches === 'Never');
  const lowText = `too low for the rule: ${some(labels(low))}`;
  const since = `since ${observed.since}`;
  if (said.status === 'Unknown' && enough.length > 0) return { ...said, ...proven(said, lowText, low.length, since) };
  if (said.status === 'Unknown') {
    const message = `Everything that was seen ${since} of what the rule watches was logged at a level ${lowText}. This was observed; an audit policy (spec.policy of the AuditSource) would tell for certain.`;
    return { ...said, reason: 'ObservedLevelTooLow', message };
  }
  if (said.status === 'False' && enough.length > 0) {
    const message = `The policy that is given says that the rule cannot fire, but ${since} requests were logged as it needs them: ${some(labels(enough))}. That policy is not the one that the API server uses. It says: ${said.message}`;
    return { ...said, status: 'True', reason: 'PolicyDiffers', message };
  }
  if (said.status === 'True' && enough.length === 0 && low.every(({ watched }) => isPromised(space, watched, policy))) {
    const message = `The policy that is given would log all that the rule watches as it needs it, but what was seen ${since} was logged at a level ${lowText}. That policy is not the one that the API server uses, or something strips bodies on the way.`;
    return { ...said, status: 'Unknown', reason: 'PolicyDiffers', message };
  }
  return said;
}

function proven(
  said: Observability,
  lowText: string,
  low: number,
  since: string,
): Pick<Observability, 'status' | 'reason' | 'message'> {
  const seen = `What the rule watches was logged as it needs it, as far as it was seen ${since}.`;
  const limits = said.reason === 'PolicyUnknown' ? [] : [said.message];
  if (low > 0) {
    const message = [`Some of what was seen ${since} was logged at a level ${lowText}.`, ...limits].join(' ');
    return { status: 'True', reason: 'PartlyObservable', message };
  }
  if (limits.length > 0) return { status: 'True', reason: said.reason, message: said.message };
  return { status: 'True', reason: 'Observed', message: seen };
}

/** Whether the rule can match an operation as it was seen. */
function matchesOf(space: RequestSpace, watched: WatchedKind, seen: SeenOperation): LoggedKind['matches'] {
  const levels = seen.bodiesMissing ? (['Metadata'] as const) : seen.levels;
  const decisions = levels.map((level) => ({ level, omitStages: [] }));
  return loggedKind(space, watched, (_, authenticated) => (authenticated ? decisions : [])).matches;
}

/** Whether the rule could match every such request under the policy. */
function isPromised(space: RequestSpace, watched: WatchedKind, policy: AuditPolicy | undefined): boolean {
  return loggedKind(space, watched, decisionsOf(policy)).matches === 'Always';
}

function labels(
  seen: readonly { readonly watched: WatchedKind; readonly operation: SeenOperation }[],
): readonly string[] {
  return [
    ...new Set(
      seen.map(({ watched: { label }, operation: { levels, bodiesMissing } }) => {
        const bodies = bodiesMissing ? ' without bodies' : '';
        return `${label} (${levels.join(', ')}${bodies})`;
      }),
    ),
  ];
}
