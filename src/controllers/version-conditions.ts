import { type Diagnostic, formatDiagnostic } from '../sigma/index.ts';
import type { Verdict } from './verdict.ts';

/** On how many replicas of the operator a version runs. */
export interface Replicas {
  readonly running: number;
  readonly total: number;
}

/** What became of the newest version of a Sigma text. */
interface Resolved {
  readonly generation: number;
  /** Why it was refused; empty where it was accepted. */
  readonly errors: readonly Diagnostic[];
  /** The newest version that was accepted; none if none ever was. */
  readonly accepted: unknown;
}

/** Of a condition's message, in UTF-16 code units. */
export const MAX_MESSAGE = 32_768;

/** The Accepted condition of a version that was refused. `fallback` says what runs instead. */
export function refusedCondition(
  { generation, errors }: Pick<Resolved, 'generation' | 'errors'>,
  reason: string,
  fallback: string,
): Verdict {
  const message = `Generation ${generation} was refused. ${fallback}\n${errors.map(formatDiagnostic).join('\n\n')}`;
  return { type: 'Accepted', status: 'False', reason, message: message.slice(0, MAX_MESSAGE) };
}

/** Whether the newest version runs on every replica. */
export function readyCondition(
  what: 'rule' | 'filter',
  { errors, accepted }: Pick<Resolved, 'errors' | 'accepted'>,
  { running, total }: Replicas,
): Verdict {
  const on = `${running} of ${total} replicas`;
  if (errors.length > 0) {
    const message = accepted === undefined ? 'Nothing runs.' : `An earlier version runs on ${on}.`;
    return { type: 'Ready', status: 'False', reason: 'Refused', message };
  }
  const message = `The ${what} runs on ${on}.`;
  return total > 0 && running >= total
    ? { type: 'Ready', status: 'True', reason: 'Running', message }
    : { type: 'Ready', status: 'False', reason: 'RollingOut', message };
}

/** kstatus: whoever waits for Ready need not wait for a version that was refused. */
export function stalledCondition({ errors }: Pick<Resolved, 'errors'>): Verdict {
  return errors.length === 0
    ? { type: 'Stalled', status: 'False', reason: 'Progressing', message: 'The newest version was accepted.' }
    : {
        type: 'Stalled',
        status: 'True',
        reason: 'Refused',
        message: 'The newest version was refused: see the Accepted condition.',
      };
}
