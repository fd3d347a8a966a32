import { displayText } from '../../alerts/index.ts';
import type { Partition, Verdict } from './source-status.ts';

/** Milliseconds. kube-apiserver always logs something: whoever works with it renews Leases. */
const SILENT_AFTER = 10 * 60_000;

/** Whether the log is read everywhere where a replica is. */
export function readyCondition(partitions: readonly Partition[]): Verdict {
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

/**
 * Whether API servers that used to log still do. One that is silent may have lost its audit backend, which is what somebody
 * who wants to hide would do.
 */
export function receivingCondition(partitions: readonly Partition[], now: string): Verdict {
  const receiving = (status: Verdict['status'], reason: string, message: string) => ({
    type: 'Receiving',
    status,
    reason,
    message,
  });
  const read = partitions.filter(({ replica, state }) => replica !== undefined && state !== 'Failed');
  if (read.length === 0) return receiving('Unknown', 'NotRead', 'The log is not read at present.');
  const heard = read.filter(({ lastEvent }) => lastEvent !== undefined);
  if (heard.length === 0) return receiving('Unknown', 'NothingYet', 'No event was read yet.');
  const silent = heard.filter((each) => isSilent(each, Date.parse(now)));
  if (silent.length === 0) return receiving('True', 'Receiving', 'Events come in.');
  const last = silent.map(({ node, lastEvent }) => `${node} since ${lastEvent ?? ''}`).join(', ');
  const message = `All was read, and nothing was logged: ${last}. An API server always logs something: see whether it runs, and whether its audit options and policy were changed.`;
  return receiving('False', 'Silent', displayText(message, 4096));
}

/** Nothing more is there to be read or counted, and the newest event is old. */
function isSilent({ lastEvent, lagBytes, lagSeconds, message }: Partition, now: number): boolean {
  if (lastEvent === undefined || message !== undefined) return false;
  return (lagBytes ?? 0) === 0 && (lagSeconds ?? 0) === 0 && now - Date.parse(lastEvent) > SILENT_AFTER;
}
