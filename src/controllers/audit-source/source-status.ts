import { displayText } from '../../alerts/index.ts';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import { formatPosition } from '../../audit/index.ts';
import { type Condition, setCondition } from '../../kube/index.ts';
import type { NodeReport, SourceReport } from '../replica/node-report.ts';
import { completeCondition, completeSince } from './complete-condition.ts';
import { observedIn, policyOf } from './known-logs.ts';
import { differencesStatus, observedStatus } from './observed-status.ts';
import { NO_PROGRESS } from './partition-state.ts';
import { comparison, POLICY_CONDITIONS, policyConditions } from './policy-conditions.ts';
import { readyCondition, receivingCondition } from './reading-conditions.ts';

export type AuditSourceStatus = NonNullable<AuditSource['status']>;
export type Partition = NonNullable<AuditSourceStatus['partitions']>[number];

export interface NodeState {
  readonly report: NodeReport;
  /** The replica that reads the node's logs now; undefined where none does. */
  readonly holder: string | undefined;
}

const MAX_PARTITIONS = 64;

/** What an AuditSource's status should say. Pure: `now` is RFC 3339, and only conditions that change take it. */
export function sourceStatus(source: AuditSource, nodes: Iterable<NodeState>, now: string): AuditSourceStatus {
  const all = [...nodes];
  const partitions = all
    .flatMap((node) => partition(source.metadata.name, node) ?? [])
    .sort((a, b) => Number(b.replica !== undefined) - Number(a.replica !== undefined) || (a.node < b.node ? -1 : 1))
    .slice(0, MAX_PARTITIONS);
  const observedGeneration = source.metadata.generation ?? 0;
  const policy = policyOf(source);
  const observed = observedIn(
    source,
    all.map(({ report }) => report),
    Date.parse(now),
  );
  const compared = comparison(policy, observed);
  const differences = differencesStatus(compared?.differences ?? []);
  const wanted = [
    readyCondition(partitions, source.spec.webhook !== undefined),
    receivingCondition(partitions, now),
    completeCondition(partitions, completeSince(source, now)),
    ...policyConditions(policy, compared),
  ];
  const conditions = wanted.reduce<readonly Condition[]>(
    (before, condition) => setCondition(before, { ...condition, observedGeneration }, now),
    (source.status?.conditions ?? []).filter(
      ({ type }) => !POLICY_CONDITIONS.has(type) || wanted.some((condition) => condition.type === type),
    ),
  );
  const lastEvent = partitions
    .flatMap((each) => each.lastEvent ?? [])
    .sort()
    .at(-1);
  return {
    observedGeneration,
    conditions: [...conditions],
    events: sum(partitions, ({ events }) => events),
    ...(lastEvent !== undefined && { lastEvent }),
    ...(observed !== undefined && { observed: observedStatus(observed) }),
    ...(differences.length > 0 && { policyDifferences: [...differences] }),
    partitions,
  };
}

/** The status without what changes with every event, but for the first: two statuses that agree in this need not be written at once. */
export function withoutProgress(status: AuditSourceStatus | undefined): unknown {
  const { events: _events, lastEvent: _lastEvent, observed: _observed, partitions = [], ...rest } = status ?? {};
  const steady = partitions.map((each) => {
    const {
      position: _position,
      lagBytes: _lag,
      lagSeconds: _age,
      eventsPerMinute: _rate,
      lastEvent: _last,
      duplicates: _duplicates,
      rejected = {},
      ...kept
    } = each;
    return { ...kept, rejected: Object.keys(rejected), events: undefined, begun: (each.events ?? 0) > 0 };
  });
  return { ...rest, partitions: steady };
}

function partition(source: string, { report, holder }: NodeState): Partition | undefined {
  const on: SourceReport | undefined = report.sources[source];
  if (on === undefined) return undefined;
  const { progress } = on.partition?.extra ?? { progress: NO_PROGRESS };
  return {
    node: report.node,
    ...(holder !== undefined && { replica: holder }),
    state: on.state,
    ...(on.message !== undefined && { message: displayText(on.message, 1024) }),
    ...(on.partition !== undefined && { position: formatPosition(on.partition.checkpoint.position) }),
    lagBytes: on.lagBytes,
    ...(on.lagSeconds !== undefined && { lagSeconds: on.lagSeconds }),
    ...(on.eventsPerMinute !== undefined && { eventsPerMinute: on.eventsPerMinute }),
    events: progress.events,
    ...(progress.lastEvent !== undefined && { lastEvent: progress.lastEvent }),
    ...(Object.keys(progress.unreadable).length > 0 && { unreadable: progress.unreadable }),
    ...(progress.oversize > 0 && { oversize: progress.oversize }),
    ...(progress.gaps > 0 && { gaps: progress.gaps }),
    ...(progress.lastGap !== undefined && { lastGap: displayText(progress.lastGap, 1024) }),
    ...intakeStatus(on.intake),
    ...(progress.lastGapAt !== undefined && { lastGapAt: progress.lastGapAt }),
    ...(progress.lastUnreadableAt !== undefined && { lastUnreadableAt: progress.lastUnreadableAt }),
  };
}

function intakeStatus(intake: SourceReport['intake']): Partial<Partition> {
  if (intake === undefined) return {};
  const rejected = Object.fromEntries(Object.entries(intake.rejected).filter(([, count]) => count > 0));
  return {
    duplicates: intake.duplicates,
    ...(Object.keys(rejected).length > 0 && { rejected }),
    ...(intake.refusing !== undefined && { refusing: intake.refusing }),
  };
}

function sum(partitions: readonly Partition[], of: (partition: Partition) => number | undefined): number {
  return partitions.reduce((total, each) => total + (of(each) ?? 0), 0);
}
