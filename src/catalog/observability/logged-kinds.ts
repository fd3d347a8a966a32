import { possible } from '../events/possible.ts';
import type { RequestSpace } from '../events/request-space.ts';
import type { Situation } from '../events/requests.ts';
import type { PolicyDecision } from '../policy/level-for.ts';
import { AUDIT_LEVELS, type AuditLevel, type AuditPolicy } from '../policy/policy.ts';
import { type PolicyQuestion, possibleDecisions } from '../policy/possible-decisions.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** What can be logged of a watched kind of request. */
export interface LoggedKind {
  readonly watched: WatchedKind;
  /** The levels at which it may be logged, over all who may send it, in ascending order. */
  readonly levels: readonly AuditLevel[];
  /** Each event of it that may be in the log. */
  readonly events: readonly { readonly situation: Situation; readonly level: AuditLevel }[];
  /** Whether the rule can match whoever sends the request, or only for some senders or names, or only where authentication fails, or never. */
  readonly matches: 'Always' | 'Sometimes' | 'OnlyFailures' | 'Never';
}

/** What may be decided about requests, with or without successful authentication. */
export type Decisions = (
  asked: PolicyQuestion,
  authenticated: boolean,
) => readonly Pick<PolicyDecision, 'level' | 'omitStages'>[];

/** What a policy may decide; without one, to log everything. */
export function decisionsOf(policy: AuditPolicy | undefined): Decisions {
  if (policy === undefined) return () => [EVERYTHING];
  return (asked, authenticated) => possibleDecisions(policy, asked, authenticated);
}

/** What is let through of a kind of request. */
export function loggedKind(space: RequestSpace, watched: WatchedKind, decide: Decisions): LoggedKind {
  const { kind, asked } = watched;
  const regular = space.situationsOf(kind).filter(({ authenticated }) => authenticated);
  const failing = space.situationsOf(kind).filter(({ authenticated }) => !authenticated);
  const outcomes: Outcome[] = [];
  for (const [situations, authenticated] of [
    [regular, true],
    [failing, false],
  ] as const) {
    for (const { level, omitStages } of decide(asked, authenticated)) {
      const logged = level === 'None' ? [] : situations.filter(({ stage }) => !omitStages.includes(stage));
      outcomes.push({ level, situations: logged, regular: authenticated });
    }
  }
  const holds = ({ level, situations }: Outcome): boolean =>
    situations.some((situation) => possible(space.plan.root, { kind, situation, level }).true);
  const answered = outcomes.filter(({ regular }) => regular).map(holds);
  const failed = outcomes.filter(({ regular }) => !regular).map(holds);
  return {
    watched,
    levels: AUDIT_LEVELS.filter((level) => outcomes.some((outcome) => outcome.regular && outcome.level === level)),
    events: outcomes.flatMap(({ level, situations }) => situations.map((situation) => ({ situation, level }))),
    matches: matchesOf(answered, failed),
  };
}

/** Given for each decision of the policy whether the rule can match what it logs. */
function matchesOf(answered: readonly boolean[], failed: readonly boolean[]): LoggedKind['matches'] {
  if (answered.every(Boolean)) return 'Always';
  if (answered.includes(true)) return 'Sometimes';
  return failed.includes(true) ? 'OnlyFailures' : 'Never';
}

interface Outcome {
  readonly level: AuditLevel;
  readonly situations: readonly Situation[];
  /** Authentication succeeded. */
  readonly regular: boolean;
}

const EVERYTHING = Object.freeze({
  level: 'RequestResponse',
  omitStages: [] as readonly Situation['stage'][],
} as const);
