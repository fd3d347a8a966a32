import type { Readable } from 'node:stream';
import { EventReader } from './event-reader.ts';
import type { Log } from './log-files.ts';
import { type LogInput, readInput } from './log-input.ts';

/** The parts of a log, oldest first: by the time of the first event in each. Parts without an event come first. */
export async function inOrder(log: Log, stdin: Readable): Promise<readonly LogInput[]> {
  if (log.parts.length < 2) return log.parts;
  const timed = await Promise.all(log.parts.map(async (part) => ({ part, time: await firstTime(part, stdin) })));
  return timed
    .toSorted((a, b) => a.time.localeCompare(b.time) || a.part.name.localeCompare(b.part.name))
    .map(({ part }) => part);
}

/** RFC 3339; empty where there is none, or where the file cannot be read, which is reported when it is its turn. */
async function firstTime(part: LogInput, stdin: Readable): Promise<string> {
  const reader = new EventReader();
  try {
    for await (const piece of readInput(part, stdin)) {
      for (const { event } of reader.push(piece)) return event.stageTimestamp ?? '';
    }
    for (const { event } of reader.end()) return event.stageTimestamp ?? '';
  } catch {
    return '';
  }
  return '';
}
