import type { Readable } from 'node:stream';
import { disposition, type WatchedRule } from '../../alerts/index.ts';
import type { CommandFailure } from '../failure.ts';
import type { BrokenPlace, FoundEvent } from '../logs/event-reader.ts';
import { inTimeOrder, type LogEvents, type LogReading, logEvents } from '../logs/log-events.ts';
import type { Log } from '../logs/log-files.ts';
import { type CorrelationFiring, type FeedingMatch, ScanCorrelations } from './correlations.ts';
import type { ReportedRule, ScanFiring, ScanMatch } from './report.ts';
import type { ScanRules } from './scan-rules.ts';
import { ScanTally } from './tally.ts';

export interface ScanLogsOptions {
  readonly stdin: Readable;
  readonly rules: ScanRules;
  /** Every event at which a rule holds is found: each stage of a request, whatever the outcome, dry runs too. */
  readonly everyEvent: boolean;
  /** Parse every line, also those that no rule can match: then each broken one is seen. */
  readonly parseAll: boolean;
  /** Called with what was found in one piece of a file; it resolves when that is taken up. */
  readonly onFound: (found: readonly (ScanMatch | ScanFiring)[]) => Promise<void>;
  readonly onProgress: (progress: { readonly bytes: number; readonly events: number; readonly file: string }) => void;
}

/** What was read, beside what was found. */
export interface ScannedLogs {
  readonly tally: ScanTally;
  readonly files: number;
  readonly events: number;
  readonly broken: { readonly count: number; readonly first: readonly (BrokenPlace & { readonly file: string })[] };
  /** Files that could not be read, or not to their end, or that hold no event at all. */
  readonly failures: readonly CommandFailure[];
}

const SHOWN_BROKEN = 5;

/** Runs rules over logs: one after the other, or where correlations run, all in the order of time. */
export async function scanLogs(logs: readonly Log[], options: ScanLogsOptions): Promise<ScannedLogs> {
  const scanning = new Scanning(options);
  const reading = logs.map((log) => logEvents(log, scanning));
  if (scanning.correlates) await scanning.takeAll(inTimeOrder(reading));
  else for (const log of reading) await scanning.takeAll(log);
  return scanning.finish();
}

class Scanning implements LogReading {
  readonly stdin: Readable;
  readonly screen: LogReading['screen'];
  readonly #options: ScanLogsOptions;
  readonly #tally = new ScanTally();
  readonly #correlations: ScanCorrelations;
  readonly #reported = new Map<string, ReportedRule>();
  readonly #failures: CommandFailure[] = [];
  readonly #firstBroken: (BrokenPlace & { file: string })[] = [];
  #broken = 0;
  #files = 0;
  #events = 0;
  #bytes = 0;

  constructor(options: ScanLogsOptions) {
    this.stdin = options.stdin;
    const { inForce } = options.rules;
    this.screen = options.parseAll ? undefined : (gate) => inForce.screen(gate);
    this.#options = options;
    this.#correlations = new ScanCorrelations(options.rules.inForce.correlations);
  }

  get correlates(): boolean {
    return !this.#correlations.isEmpty;
  }

  readonly onFile = (): void => {
    this.#files++;
  };

  readonly onBytes = (bytes: number): void => {
    this.#bytes += bytes;
  };

  readonly onSkipped = (lines: number): void => {
    this.#events += lines;
  };

  readonly onBroken = (file: string, place: BrokenPlace): void => {
    this.#broken++;
    if (this.#firstBroken.length < SHOWN_BROKEN) this.#firstBroken.push({ ...place, file });
  };

  readonly onFailure = (failure: CommandFailure): void => {
    this.#failures.push(failure);
  };

  async takeAll(batches: AsyncIterable<LogEvents>): Promise<void> {
    for await (const batch of batches) {
      const found = batch.events.flatMap((event) => this.#take(event, batch));
      this.#events += batch.events.length;
      this.#options.onProgress({ bytes: this.#bytes, events: this.#events, file: batch.file });
      if (found.length > 0) await this.#options.onFound(found);
    }
  }

  async finish(): Promise<ScannedLogs> {
    const last = this.#correlations.finish().map((firing) => this.#fired(firing));
    if (last.length > 0) await this.#options.onFound(last);
    return {
      tally: this.#tally,
      files: this.#files,
      events: this.#events,
      broken: { count: this.#broken, first: this.#firstBroken },
      failures: this.#failures,
    };
  }

  #take({ event, bodiesUnknown, line, item }: FoundEvent, { file, gate }: LogEvents): (ScanMatch | ScanFiring)[] {
    const { inForce } = this.#options.rules;
    const place = { file, line, item };
    const found: (ScanMatch | ScanFiring)[] = [];
    const feeding: FeedingMatch[] = [];
    gate.observe(event);
    for (const { watched, verdict: unfiltered } of inForce.match(event, bodiesUnknown)) {
      const counts = gate.admits(event, watched) && gate.count(event, watched);
      const become = counts ? disposition(watched, event) : undefined;
      const { verdict } = inForce.filters.judge(watched, unfiltered, event, bodiesUnknown);
      if (verdict === 'no-match') {
        if (become === 'raise') this.#leftOut(watched, 'filter');
        else if (become !== undefined) this.#leftOut(watched, become);
        continue;
      }
      const undetermined = verdict === 'undetermined';
      if (become === 'raise') feeding.push({ feeds: inForce.feedsOf(watched), undetermined });
      const rule = this.#ruleOf(watched);
      if (rule === undefined) continue;
      if (this.#options.everyEvent || become === 'raise') {
        this.#tally.add(rule, 'matches');
        if (undetermined) this.#tally.add(rule, 'undetermined');
        found.push({ kind: 'match', rule, place, event, undetermined });
      } else if (become !== undefined) {
        this.#tally.add(rule, become);
      }
    }
    for (const firing of this.#correlations.feed(event, place, bodiesUnknown, feeding)) found.push(this.#fired(firing));
    return found;
  }

  #leftOut(watched: WatchedRule, cause: 'outcome' | 'dryRun' | 'filter'): void {
    const rule = this.#ruleOf(watched);
    if (rule !== undefined) this.#tally.add(rule, cause);
  }

  /** Undefined for a rule that only feeds a correlation. */
  #ruleOf({ id, raises }: WatchedRule): ReportedRule | undefined {
    if (raises === undefined) return undefined;
    const { name, severity, document } = raises;
    return this.#reportedOnce(id, () => ({ id, name, severity, document, file: this.#fileOf(name) }));
  }

  #fired({ correlation, firing }: CorrelationFiring): ScanFiring {
    const { name, severity, root } = correlation;
    const nodes = root.kind === 'correlation' ? root.correlation.nodes : [];
    const document = nodes.find(({ key }) => key === firing.correlation)?.document ?? correlation.document;
    const id = `${name}/${firing.correlation}`;
    const rule = this.#reportedOnce(id, () => ({ id, name, severity, document, file: this.#fileOf(name) }));
    this.#tally.add(rule, 'matches');
    if (firing.undetermined) this.#tally.add(rule, 'undetermined');
    return { kind: 'firing', rule, firing };
  }

  #reportedOnce(id: string, make: () => ReportedRule): ReportedRule {
    let rule = this.#reported.get(id);
    if (rule === undefined) this.#reported.set(id, (rule = make()));
    return rule;
  }

  #fileOf(name: string): string {
    return this.#options.rules.files.get(name) ?? '';
  }
}
