import { displayText } from '../../alerts/index.ts';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import { formatPosition } from '../../audit/index.ts';
import { type Condition, setCondition } from '../../kube/index.ts';
import { formatDiagnostic } from '../../sigma/index.ts';
import type { NodeReport, SourceReport } from '../replica/node-report.ts';
import { policyOf } from './known-policies.ts';
import { NO_PROGRESS } from './partition-state.ts';

export type AuditSourceStatus = NonNullable<AuditSource['status']>;
type Partition = NonNullable<AuditSourceStatus['partitions']>[number];
type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export interface NodeState {
  readonly report: NodeReport;
  /** The replica that reads the node's logs now; undefined where none does. */
  readonly holder: string | undefined;
}

const MAX_PARTITIONS = 64;

/** What an AuditSource's status should say. Pure: `now` is RFC 3339, and only conditions that change take it. */
export function sourceStatus(source: AuditSource, nodes: Iterable<NodeState>, now: string): AuditSourceStatus {
  const partitions = [...nodes]
    .flatMap((node) => partition(source.metadata.name, node) ?? [])
    .sort((a, b) => Number(b.replica !== undefined) - Number(a.replica !== undefined) || (a.node < b.node ? -1 : 1))
    .slice(0, MAX_PARTITIONS);
  const observedGeneration = source.metadata.generation ?? 0;
  const conditions = [readyCondition(partitions), completeCondition(partitions), ...policyCondition(source)].reduce<
    readonly Condition[]
  >(
    (all, condition) => setCondition(all, { ...condition, observedGeneration }, now),
    (source.status?.conditions ?? []).filter(({ type }) => type !== POLICY_READ || source.spec.policy !== undefined),
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
    partitions,
  };
}

/** The status without what changes with every event, but for the first: two statuses that agree in this need not be written at once. */
export function withoutProgress(status: AuditSourceStatus | undefined): unknown {
  const { events: _events, lastEvent: _lastEvent, partitions = [], ...rest } = status ?? {};
  const steady = partitions.map(({ position: _position, lagBytes: _lag, events, lastEvent: _last, ...each }) => ({
    ...each,
    begun: (events ?? 0) > 0,
  }));
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
    events: progress.events,
    ...(progress.lastEvent !== undefined && { lastEvent: progress.lastEvent }),
    ...(Object.keys(progress.unreadable).length > 0 && { unreadable: progress.unreadable }),
    ...(progress.oversize > 0 && { oversize: progress.oversize }),
    ...(progress.gaps > 0 && { gaps: progress.gaps }),
    ...(progress.lastGap !== undefined && { lastGap: displayText(progress.lastGap, 1024) }),
  };
}

function readyCondition(partitions: readonly Partition[]): Verdict {
  const ready = (status: Verdict['status'], reason: string, message: string) => ({
    type: 'Ready',
    status,
    reason,
    message,
  });
  const read = partitions.filter(({ replica }) => replica !== undefined);
  if (read.length === 0) return ready('False', 'NoReplica', 'No replica of the operator follows this source.');
  const failed = read.filter(({ state }) => state === 'Failed');
  if (failed.length > 0) {
    const causes = failed.map(({ node, message }) => `${node}: ${message ?? 'unknown cause'}`);
    return ready('False', 'Failed', displayText(causes.join('; '), 4096));
  }
  const waiting = read.filter(({ state }) => state === 'Waiting').map(({ node }) => node);
  if (waiting.length === read.length) {
    return ready(
      'False',
      'WaitingForFile',
      `The file does not exist yet, or has no event yet, on ${waiting.join(', ')}.`,
    );
  }
  const also = waiting.length === 0 ? '' : ` Waiting for the file on ${waiting.join(', ')}.`;
  return ready('True', 'Following', `Followed on ${read.length - waiting.length} of ${read.length} nodes.${also}`);
}

const POLICY_READ = 'PolicyRead';

function policyCondition(source: AuditSource): readonly Verdict[] {
  const parsed = policyOf(source);
  if (parsed === undefined) return [];
  if (parsed.ok)
    return [{ type: POLICY_READ, status: 'True', reason: 'Parsed', message: 'The audit policy was read.' }];
  const message = displayText(parsed.errors.map(formatDiagnostic).join('; '), 4096);
  return [{ type: POLICY_READ, status: 'False', reason: parsed.errors[0]?.code ?? 'Invalid', message }];
}

function completeCondition(partitions: readonly Partition[]): Verdict {
  const complete = (status: Verdict['status'], reason: string, message: string) => ({
    type: 'Complete',
    status,
    reason,
    message,
  });
  const gaps = sum(partitions, (each) => each.gaps);
  const unreadable: Record<string, number> = {};
  for (const each of partitions) {
    for (const [cause, count] of Object.entries(each.unreadable ?? {}))
      unreadable[cause] = (unreadable[cause] ?? 0) + count;
  }
  const lines = Object.entries(unreadable).map(([cause, count]) => `${cause}: ${count}`);
  const missed = lines.length === 0 ? '' : `Lines that could not be read (${lines.join(', ')}).`;
  if (gaps > 0) {
    const last = partitions.find(({ lastGap }) => lastGap !== undefined);
    const where = last?.lastGap === undefined ? '' : ` The last: ${last.node}: ${last.lastGap}.`;
    return complete(
      'False',
      'Gap',
      `Parts of the log were removed before they were read: ${gaps}.${where} ${missed}`.trim(),
    );
  }
  if (missed !== '') return complete('False', 'UnreadableLines', missed);
  return complete('True', 'Complete', 'Everything that was logged was read.');
}

function sum(partitions: readonly Partition[], of: (partition: Partition) => number | undefined): number {
  return partitions.reduce((total, each) => total + (of(each) ?? 0), 0);
}
