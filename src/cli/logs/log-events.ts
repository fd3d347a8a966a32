import type { Readable } from 'node:stream';
import type { LogScreen } from '../../alerts/index.ts';
import { StageGate } from '../../audit/index.ts';
import { CommandFailure } from '../failure.ts';
import { type BrokenPlace, EventReader, type FoundEvent } from './event-reader.ts';
import type { Log } from './log-files.ts';
import { readInput } from './log-input.ts';
import { inOrder } from './part-order.ts';

/** Events of one log that stand together. */
export interface LogEvents {
  readonly file: string;
  readonly events: readonly FoundEvent[];
  /** Of the log: what a rule counts once spans its parts. */
  readonly gate: StageGate;
}

export interface LogReading {
  readonly stdin: Readable;
  /** Tells which lines of a log have to be parsed; of the others, `onSkipped` hears how many there were. */
  readonly screen?: ((gate: StageGate) => LogScreen) | undefined;
  readonly onSkipped: (lines: number) => void;
  readonly onFile: () => void;
  readonly onBytes: (bytes: number) => void;
  readonly onBroken: (file: string, place: BrokenPlace) => void;
  readonly onFailure: (failure: CommandFailure) => void;
}

/** The events of a log, from its oldest part on, piece by piece. What cannot be read is told, and does not keep it from the rest. */
export async function* logEvents(log: Log, reading: LogReading): AsyncGenerator<LogEvents> {
  const gate = new StageGate();
  for (const part of await inOrder(log, reading.stdin)) {
    const file = part.name;
    reading.onFile();
    let [bytes, events, broken, skipped] = [0, 0, 0, 0];
    const screen = reading.screen?.(gate);
    const reader = new EventReader({
      ...(screen !== undefined && { screen }),
      onBroken: (place) => {
        broken++;
        reading.onBroken(file, place);
      },
    });
    try {
      for await (const piece of readInput(part, reading.stdin, reading.onBytes)) {
        bytes += piece.length;
        const found = [...reader.push(piece)];
        events += found.length;
        reading.onSkipped(reader.skipped - skipped);
        skipped = reader.skipped;
        yield { file, events: found, gate };
      }
      const found = [...reader.end()];
      events += found.length;
      reading.onSkipped(reader.skipped - skipped);
      skipped = reader.skipped;
      yield { file, events: found, gate };
    } catch (error) {
      // What broke off in the middle of a file was read up to there.
      if (!(error instanceof CommandFailure)) throw error;
      reading.onFailure(error);
      continue;
    }
    if (bytes > 0 && events + skipped === 0 && broken > 0) reading.onFailure(new CommandFailure('NoEvents', file));
  }
}

/** The events of several logs, in the order of their times as far as each log is ordered itself. */
export async function* inTimeOrder(logs: readonly AsyncGenerator<LogEvents>[]): AsyncGenerator<LogEvents> {
  const heads = (await Promise.all(logs.map((log) => nextHead(log)))).filter((head) => head !== undefined);
  while (heads.length > 0) {
    heads.sort((a, b) => compare(timeAt(a), timeAt(b)));
    const [first, second] = heads;
    if (first === undefined) return;
    const { events } = first.batch;
    const later =
      second === undefined ? -1 : events.findIndex((event, at) => at > first.at && timeOf(event) > timeAt(second));
    const end = later < 0 ? events.length : later;
    yield { ...first.batch, events: events.slice(first.at, end) };
    first.at = end;
    if (end < events.length) continue;
    const next = await nextHead(first.log);
    if (next === undefined) heads.shift();
    else heads[0] = next;
  }
}

interface Head {
  readonly log: AsyncGenerator<LogEvents>;
  readonly batch: LogEvents;
  at: number;
}

async function nextHead(log: AsyncGenerator<LogEvents>): Promise<Head | undefined> {
  for (let next = await log.next(); next.done !== true; next = await log.next()) {
    if (next.value.events.length > 0) return { log, batch: next.value, at: 0 };
  }
  return undefined;
}

function timeAt({ batch, at }: Head): string {
  return timeOf(batch.events[at]);
}

/** RFC 3339 in UTC, as the API server writes it: the order of the texts is that of the times. */
function timeOf(found: FoundEvent | undefined): string {
  return found?.event.stageTimestamp ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
