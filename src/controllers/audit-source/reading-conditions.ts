import { displayText } from '../../alerts/index.ts';
import type { Verdict } from '../verdict.ts';
import type { Partition } from './source-status.ts';

/** Milliseconds. kube-apiserver always logs something: whoever works with it renews Leases. */
const SILENT_AFTER = 10 * 60_000;

const REFUSED: Readonly<Record<NonNullable<Partition['refusing']>, string>> = Object.freeze({
  full: 'Deliveries are refused (429): the journal is full of what was not evaluated yet. If Alerts can be written, and this is no backup that waits, raise spec.webhook.journal.maxBytes.',
  failed: 'Deliveries are refused (503): the journal cannot be written. See the volume of the receiver and its log.',
  closed: 'Deliveries are refused (503): the receiver ends, or takes in another spec.',
});

/** Whether the log is read everywhere where a replica is, and what is delivered is taken. */
export function readyCondition(partitions: readonly Partition[], isWebhook: boolean): Verdict {
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
  if (isWebhook) {
    const [of] = read;
    const refused = of?.refusing === undefined ? undefined : REFUSED[of.refusing];
    if (refused !== undefined) return ready('False', 'Refusing', refused);
    const also = of?.message === undefined ? '' : ` ${of.message}.`;
    if (of?.state === 'Waiting')
      return ready('False', 'WaitingForDelivery', displayText(`Nothing was delivered yet.${also}`, 4096));
    return ready('True', 'Receiving', displayText(`Deliveries are taken.${also}`, 4096));
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
