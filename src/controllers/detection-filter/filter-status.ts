import { displayText, type FilterSummary } from '../../alerts/index.ts';
import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import { type Condition, setCondition } from '../../kube/index.ts';
import { formatDiagnostic } from '../../sigma/index.ts';
import type { Replicas } from '../detection-rule/rule-status.ts';
import type { AppliedRules } from './applied-rules.ts';
import { expiryConditions } from './expiry.ts';
import { expiryOf, type ResolvedFilter } from './resolve-filter.ts';

export type DetectionFilterStatus = NonNullable<DetectionFilter['status']>;
type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** What is known of a filter besides its text. */
export interface FilterObservations {
  readonly replicas: Replicas;
  /** Undefined where no version was accepted. */
  readonly rules: AppliedRules | undefined;
  /** Undefined where it left out nothing. */
  readonly summary: FilterSummary | undefined;
}

const MAX_MESSAGE = 32_768;

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
    readyCondition(resolved, replicas),
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

function acceptedCondition({ errors, accepted, generation }: ResolvedFilter): Verdict {
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
  const message = `Generation ${generation} was refused. ${fallback}\n${errors.map(formatDiagnostic).join('\n\n')}`;
  return { type: 'Accepted', status: 'False', reason: first.code, message: message.slice(0, MAX_MESSAGE) };
}

function readyCondition({ errors, accepted }: ResolvedFilter, { running, total }: Replicas): Verdict {
  const on = `${running} of ${total} replicas`;
  if (errors.length > 0) {
    const message = accepted === undefined ? 'Nothing runs.' : `An earlier version runs on ${on}.`;
    return { type: 'Ready', status: 'False', reason: 'Refused', message };
  }
  const message = `The filter runs on ${on}.`;
  return total > 0 && running >= total
    ? { type: 'Ready', status: 'True', reason: 'Running', message }
    : { type: 'Ready', status: 'False', reason: 'RollingOut', message };
}

function stalledCondition({ errors }: ResolvedFilter): Verdict {
  return errors.length === 0
    ? { type: 'Stalled', status: 'False', reason: 'Progressing', message: 'The newest version was accepted.' }
    : {
        type: 'Stalled',
        status: 'True',
        reason: 'Refused',
        message: 'The newest version was refused: see the Accepted condition.',
      };
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
