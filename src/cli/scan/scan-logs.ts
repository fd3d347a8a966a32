import type { Readable } from 'node:stream';
import { disposition } from '../../alerts/index.ts';
import { StageGate } from '../../audit/index.ts';
import { CommandFailure } from '../failure.ts';
import { type BrokenPlace, EventReader, type FoundEvent } from '../logs/event-reader.ts';
import type { Log } from '../logs/log-files.ts';
import { type LogInput, readInput } from '../logs/log-input.ts';
import { inOrder } from '../logs/part-order.ts';
import type { Matcher } from './matcher.ts';
import type { ScanMatch } from './report.ts';
import { ScanTally } from './tally.ts';

export interface ScanLogsOptions {
  readonly stdin: Readable;
  readonly matcher: Matcher;
  /** Every event at which a rule holds counts: not once a request, whatever the outcome, dry runs too. */
  readonly everyEvent: boolean;
  /** Called with the matches of one piece of a file; it resolves when they are taken up. */
  readonly onMatches: (matches: readonly ScanMatch[]) => Promise<void>;
  readonly onProgress: (progress: { readonly bytes: number; readonly events: number; readonly file: string }) => void;
}

/** What was read, beside the matches. */
export interface ScannedLogs {
  readonly tally: ScanTally;
  readonly files: number;
  readonly events: number;
  readonly broken: { readonly count: number; readonly first: readonly (BrokenPlace & { readonly file: string })[] };
  /** Files that could not be read, or not to their end, or that hold no event at all. */
  readonly failures: readonly CommandFailure[];
}

const SHOWN_BROKEN = 5;

/** Runs rules over logs, one after the other, each from its oldest part on. Files that cannot be read do not keep it from the others. */
export async function scanLogs(logs: readonly Log[], options: ScanLogsOptions): Promise<ScannedLogs> {
  const scanning = new Scanning(options);
  for (const log of logs) {
    // Requests are told apart within one log: what a rule counts once spans its parts.
    const gate = new StageGate();
    for (const part of await inOrder(log, options.stdin)) await scanning.read(part, gate);
  }
  return scanning.finish();
}

class Scanning {
  readonly #options: ScanLogsOptions;
  readonly #tally = new ScanTally();
  readonly #failures: CommandFailure[] = [];
  readonly #firstBroken: (BrokenPlace & { file: string })[] = [];
  #broken = 0;
  #files = 0;
  #events = 0;
  #bytes = 0;

  constructor(options: ScanLogsOptions) {
    this.#options = options;
  }

  async read(part: LogInput, gate: StageGate): Promise<void> {
    const file = part.name;
    this.#files++;
    let pieces = 0;
    const [eventsBefore, brokenBefore] = [this.#events, this.#broken];
    const reader = new EventReader({ onBroken: (place) => this.#addBroken(file, place) });
    try {
      for await (const piece of readInput(part, this.#options.stdin, (bytes) => (this.#bytes += bytes))) {
        pieces++;
        await this.#process(reader.push(piece), file, gate);
      }
      await this.#process(reader.end(), file, gate);
    } catch (error) {
      // What broke off in the middle of a file was read up to there.
      if (!(error instanceof CommandFailure)) throw error;
      this.#failures.push(error);
      return;
    }
    if (pieces > 0 && this.#events === eventsBefore && this.#broken > brokenBefore)
      this.#failures.push(new CommandFailure('NoEvents', file));
  }

  finish(): ScannedLogs {
    return {
      tally: this.#tally,
      files: this.#files,
      events: this.#events,
      broken: { count: this.#broken, first: this.#firstBroken },
      failures: this.#failures,
    };
  }

  async #process(events: Iterable<FoundEvent>, file: string, gate: StageGate): Promise<void> {
    const matches: ScanMatch[] = [];
    for (const found of events) {
      this.#events++;
      this.#match(found, file, gate, matches);
    }
    this.#options.onProgress({ bytes: this.#bytes, events: this.#events, file });
    if (matches.length > 0) await this.#options.onMatches(matches);
  }

  #match({ event, bodiesUnknown, line, item }: FoundEvent, file: string, gate: StageGate, matches: ScanMatch[]): void {
    gate.observe(event);
    for (const { rule, undetermined } of this.#options.matcher(event, bodiesUnknown)) {
      if (!this.#options.everyEvent) {
        if (!gate.count(event, rule)) continue;
        const become = disposition(rule, event);
        if (become !== 'raise') {
          this.#tally.add(rule, become);
          continue;
        }
      }
      this.#tally.add(rule, 'matches');
      if (undetermined) this.#tally.add(rule, 'undetermined');
      matches.push({ rule, file, line, item, event, undetermined });
    }
  }

  #addBroken(file: string, place: BrokenPlace): void {
    this.#broken++;
    if (this.#firstBroken.length < SHOWN_BROKEN) this.#firstBroken.push({ ...place, file });
  }
}
