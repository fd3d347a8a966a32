import type { CompiledRule } from '../../sigma/index.ts';
import { RequestSpace } from '../events/request-space.ts';
import { AUDIT_LEVELS, type AuditLevel, type AuditPolicy } from '../policy/policy.ts';
import { decisionsOf, type LoggedKind, loggedKind } from './logged-kinds.ts';
import { watchedKinds } from './watched-kinds.ts';

/** What an audit policy logs of an operation that a rule watches. */
export interface LoggedOperation {
  /** `create batch/cronjobs/status`. */
  readonly operation: string;
  /**
   * Whether the rule can match what is logged. `Sometimes`: it depends on who sends the request, or on names that the rule does not test. `OnlyFailures`: of
   * answered requests none.
   */
  readonly matches: LoggedKind['matches'];
  /** The levels at which it may be logged, in ascending order. */
  readonly levels: readonly AuditLevel[];
}

/** What a policy logs of everything that a rule watches, operation by operation. */
export function loggedOperations(
  rule: CompiledRule,
  policy: AuditPolicy,
  space: RequestSpace = new RequestSpace(rule),
): readonly LoggedOperation[] {
  const decide = decisionsOf(policy);
  return joinOperations(watchedKinds(space).map((kind) => loggedKind(space, kind, decide)));
}

/** Each watched operation once, whatever else its kinds are told apart by. */
export function joinOperations(logged: readonly LoggedKind[]): readonly LoggedOperation[] {
  const byLabel = Map.groupBy(logged, ({ watched }) => watched.label);
  return [...byLabel].map(([operation, kinds]) => ({
    operation,
    matches: joinMatches(kinds),
    levels: AUDIT_LEVELS.filter((level) => kinds.some(({ levels }) => levels.includes(level))),
  }));
}

function joinMatches(kinds: readonly LoggedKind[]): LoggedKind['matches'] {
  if (kinds.every(({ matches }) => matches === 'Always')) return 'Always';
  const found = new Set(kinds.map(({ matches }) => matches));
  if (found.has('Always') || found.has('Sometimes')) return 'Sometimes';
  return found.has('OnlyFailures') ? 'OnlyFailures' : 'Never';
}
