import type { AuditEvent } from '../../audit/index.ts';
import { AUDIT_LEVELS, type AuditLevel, type AuditPolicy, levelFor, policyRequestOf } from '../../catalog/index.ts';
import { CommandFailure } from '../failure.ts';
import { logEvents } from '../logs/log-events.ts';
import { findLogs } from '../logs/log-files.ts';
import { failureText } from '../output/problems.ts';
import type { Terminal } from '../output/terminal.ts';

interface Amount {
  readonly events: number;
  readonly bytes: number;
}

/** What a policy would have logged of what is in a log. Bytes are those of the events as JSON. */
export interface PolicyVolume extends Amount {
  /** By rule of the policy. */
  readonly rules: readonly Amount[];
  /** All that is in the log. */
  readonly all: Amount;
  /** Events that the log has at a lower level than the policy's: their bodies are missing from the bytes. */
  readonly lowerBound: number;
  /** From the first event to the last; undefined where that is too short to say anything about a day. */
  readonly days: number | undefined;
}

const DAY = 24 * 60 * 60 * 1000;
/** A shorter log says nothing about a day. */
const SHORTEST_DAYS = 1 / 24;

/** Reads logs and counts what a policy would have logged. Throws a CommandFailure where there is nothing to count. */
export async function estimateVolume(
  policy: AuditPolicy,
  paths: readonly string[],
  { stdin, err }: Terminal,
): Promise<PolicyVolume> {
  const counting = new Counting(policy);
  const failures: CommandFailure[] = [];
  for (const log of findLogs(paths)) {
    const reading = logEvents(log, {
      stdin,
      onSkipped: () => {},
      onFile: () => {},
      onBytes: () => {},
      onBroken: () => {},
      onFailure: (failure) => failures.push(failure),
    });
    for await (const { events } of reading) for (const { event } of events) counting.add(event);
  }
  const volume = counting.volume();
  if (volume.all.events === 0) throw failures[0] ?? new CommandFailure('NoEvents', paths.join(', '));
  for (const failure of failures) err.write(failureText(failure, err.style));
  return volume;
}

class Counting {
  readonly #policy: AuditPolicy;
  readonly #rules: { events: number; bytes: number }[];
  readonly #all = { events: 0, bytes: 0 };
  #lowerBound = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(policy: AuditPolicy) {
    this.#policy = policy;
    this.#rules = policy.rules.map(() => ({ events: 0, bytes: 0 }));
  }

  add(event: AuditEvent): void {
    this.#all.events++;
    this.#all.bytes += bytesAt(event, 'RequestResponse');
    const time = Date.parse(event.stageTimestamp ?? '');
    if (!Number.isNaN(time)) {
      this.#first = Math.min(this.#first, time);
      this.#last = Math.max(this.#last, time);
    }
    const { level, omitStages, rule } = levelFor(this.#policy, policyRequestOf(event));
    if (level === 'None' || omitStages.some((stage) => stage === event.stage)) return;
    const amount = this.#rules[rule ?? -1];
    if (amount === undefined) return;
    amount.events++;
    amount.bytes += bytesAt(event, level);
    if (rank(event.level) < rank(level)) this.#lowerBound++;
  }

  volume(): PolicyVolume {
    const days = (this.#last - this.#first) / DAY;
    return {
      events: this.#rules.reduce((sum, { events }) => sum + events, 0),
      bytes: this.#rules.reduce((sum, { bytes }) => sum + bytes, 0),
      rules: this.#rules,
      all: this.#all,
      lowerBound: this.#lowerBound,
      days: days >= SHORTEST_DAYS && Number.isFinite(days) ? days : undefined,
    };
  }
}

/** The size of an event without the bodies that a level leaves out. */
function bytesAt(event: AuditEvent, level: AuditLevel): number {
  const { requestObject, responseObject, ...rest } = event;
  const bodies = {
    ...(rank(level) >= rank('Request') ? { requestObject } : {}),
    ...(rank(level) >= rank('RequestResponse') ? { responseObject } : {}),
  };
  return Buffer.byteLength(JSON.stringify({ ...rest, ...bodies })) + 1;
}

function rank(level: string | undefined): number {
  return AUDIT_LEVELS.findIndex((name) => name === level);
}
