import { existsSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { CommandFailure } from '../failure.ts';
import { EventReader, type FoundEvent } from './event-reader.ts';
import { readInput } from './log-input.ts';

/** An event that was asked for, and where it was found. */
export interface EventAt extends FoundEvent {
  readonly file: string;
  /** No line was given, and its file has more events. */
  readonly more: boolean;
}

/** The event at `place`: the first one of a file, or of standard input (`-`), or the one at `FILE:LINE`. Throws a CommandFailure. */
export async function findEvent(place: string, stdin: Readable): Promise<EventAt> {
  const { file, line } = parsePlace(place);
  const reader = new EventReader();
  const path = file === '-' ? undefined : file;
  const size = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
  let found: FoundEvent | undefined;
  const look = (events: Iterable<FoundEvent>): boolean => {
    for (const event of events) {
      if (found !== undefined) return true;
      if (line === undefined || event.line === line) found = event;
      else if (event.line > line) return true;
      if (found !== undefined && line !== undefined) return true;
    }
    return false;
  };
  let more = false;
  for await (const piece of readInput({ name: file, path, size }, stdin)) {
    more = look(reader.push(piece));
    if (more) break;
  }
  more ||= look(reader.end());
  if (found === undefined)
    throw new CommandFailure(
      'NoEvents',
      place,
      line === undefined ? undefined : 'There is no audit event at that line.',
    );
  return { ...found, file, more: more && line === undefined };
}

function parsePlace(place: string): { readonly file: string; readonly line: number | undefined } {
  const parts = /^(.+):(\d{1,12})$/.exec(place);
  if (place === '-' || parts === null || existsSync(place)) return { file: place, line: undefined };
  return { file: parts[1] ?? '', line: Number(parts[2]) };
}
