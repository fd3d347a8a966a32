import { displayText, type FilterSummary } from '../../alerts/index.ts';
import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import { type Condition, setCondition } from '../../kube/index.ts';
import { formatDiagnostic } from '../../sigma/index.ts';
import type { Verdict } from '../verdict.ts';
import {
  MAX_MESSAGE,
  type Replicas,
  readyCondition,
  refusedCondition,
  stalledCondition,
} from '../version-conditions.ts';
import type { AppliedRules } from './applied-rules.ts';
import { expiryConditions } from './expiry.ts';
import { expiryOf, type ResolvedFilter } from './resolve-filter.ts';

export type DetectionFilterStatus = NonNullable<DetectionFilter['status']>;

/** What is known of a filter besides its text. */
export interface FilterObservations {
  readonly replicas: Replicas;
  /** Undefined where no version was accepted. */
  readonly rules: AppliedRules | undefined;
  /** Undefined where it left out nothing. */
  readonly summary: FilterSummary | undefined;
}

/** What a DetectionFilter's status should say. Pure: `now` is in milliseconds since the epoch. */
export function filterStatus(
  object: DetectionFilter,
  resolved: ResolvedFilter,
  { replicas, rules, summary }: FilterObservations,
  now: number,
): DetectionFilterStatus {
  const { accepted, generation } = resolved;
  const expiresAt = expiryOf(object);
  const wanted = [
    acceptedCondition(resolved),
    readyCondition('filter', resolved, replicas),
    stalledCondition(resolved),
    effectiveCondition(rules, summary, expiresAt !== undefined && now >= expiresAt),
    ...expiryConditions(expiresAt, now),
  ];
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  const conditions = wanted.reduce<readonly Condition[]>(
    (all, condition) => setCondition(all, { ...condition, observedGeneration: generation }, time),
    object.status?.conditions ?? [],
  );
  return {
    observedGeneration: generation,
    conditions: [...conditions],
    ...(accepted !== undefined && {
      accepted: { generation: accepted.generation, hash: accepted.hash, sigma: accepted.sigma },
      filter: about(accepted.filter.document),
    }),
    replicas: { ...replicas },
    ...(rules !== undefined && { rules: applied(rules) }),
    suppressed: summary?.suppressed ?? 0,
    ...(summary !== undefined && hidden(summary)),
  };
}

/** The status without what changes with every request, but for the first: two statuses that agree in this need not be written at once. */
export function withoutCounts(status: DetectionFilterStatus | undefined): unknown {
  const { suppressed, lastSuppressed: _, byRule: __, hidden: ___, unlisted: ____, ...rest } = status ?? {};
  return { ...rest, begun: (suppressed ?? 0) > 0 };
}

function acceptedCondition(resolved: ResolvedFilter): Verdict {
  const { errors, accepted } = resolved;
  const [first] = errors;
  if (first === undefined) {
    const remarks = accepted?.findings ?? [];
    const message = ['The filter was compiled.', ...remarks.map(formatDiagnostic)].join('\n\n').slice(0, MAX_MESSAGE);
    return { type: 'Accepted', status: 'True', reason: 'Compiled', message };
  }
  const fallback =
    accepted === undefined
      ? 'No version of this filter runs: it leaves out nothing.'
      : `Generation ${accepted.generation}, the last one that was accepted, goes on.`;
  return refusedCondition(resolved, first.code, fallback);
}

/** Without numbers that change all the time. */
function effectiveCondition(
  rules: AppliedRules | undefined,
  summary: FilterSummary | undefined,
  expired: boolean,
): Verdict {
  const verdict = (status: Verdict['status'], reason: string, message: string) =>
    ({ type: 'Effective', status, reason, message }) as const;
  if (rules === undefined) return verdict('False', 'Refused', 'No version was accepted yet.');
  if (expired) return verdict('False', 'Expired', 'The filter has expired.');
  const unknown = rules.unknown.map((name) => displayText(name, 256)).join(', ');
  const missing =
    unknown === '' ? '' : ` No rule that runs goes by these ids and names, or not one of its logsource: ${unknown}.`;
  if (rules.count === 0) return verdict('False', 'NoRules', `The filter applies to no rule.${missing}`);
  if (summary === undefined) {
    return verdict('False', 'NeverMatched', `The filter has left out nothing so far.${missing}`);
  }
  return verdict('True', 'Suppressing', `The filter leaves out requests: see status.hidden.${missing}`);
}

function about({
  title,
  id,
  author,
}: {
  readonly title: string;
  readonly id?: string | undefined;
  readonly author?: string | undefined;
}): NonNullable<DetectionFilterStatus['filter']> {
  return {
    title: displayText(title, 256),
    ...(id !== undefined && { id: displayText(id, 64) }),
    ...(author !== undefined && { author: displayText(author, 1024) }),
  };
}

function applied({ count, names, unknown }: AppliedRules): NonNullable<DetectionFilterStatus['rules']> {
  return {
    count,
    names: names.map((name) => displayText(name, 512)),
    ...(unknown.length > 0 && { unknown: unknown.map((name) => displayText(name, 256)) }),
  };
}

function hidden(summary: FilterSummary): Partial<DetectionFilterStatus> {
  const listed = summary.hidden.reduce((sum, { count }) => sum + count, 0);
  return {
    lastSuppressed: summary.lastSuppressed,
    byRule: { ...summary.byRule },
    hidden: summary.hidden.map(({ last, ...row }) => ({ ...row, ...(last !== undefined && { last: { ...last } }) })),
    ...(summary.suppressed > listed && { unlisted: summary.suppressed - listed }),
  };
}
