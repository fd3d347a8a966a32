import { type Batch, type DecodedLine, StageGate } from '../audit/index.ts';
import { correlationReach } from '../sigma/index.ts';
import type { CorrelationSnapshots } from './correlations.ts';
import { Detector } from './detector.ts';
import type { LogScreen } from './log-screen.ts';
import type { OwnIdentity } from './own-requests.ts';
import type { RulesInForce } from './rules-in-force.ts';

/** How far back, in milliseconds, a log has to be read again for what correlations remember; 0 where there is none. */
export function reachOf(rules: RulesInForce): number {
  return Math.max(
    0,
    ...rules.correlations.map(({ root }) => (root.kind === 'correlation' ? correlationReach(root.correlation) : 0)),
  );
}

/**
 * What correlations remember, worked out again from the log that was read before. Only that is kept of it: what is found,
 * and what fires, was told when the log was read for the first time.
 */
export class CorrelationHistory {
  readonly #rules: RulesInForce;
  readonly #screen: LogScreen;
  readonly #detector: Detector;

  constructor(
    rules: RulesInForce,
    options: { readonly cluster: string; readonly own: Omit<OwnIdentity, 'hasExpired'> },
  ) {
    const { cluster, own } = options;
    const stages = new StageGate();
    this.#rules = rules;
    this.#screen = rules.screen(stages);
    // Whether an Alert that the operator deleted had expired cannot be told any more; it was judged at the time.
    this.#detector = new Detector({ cluster, own: { ...own, hasExpired: () => true }, stages });
  }

  /** What to do with the lines. */
  readonly decode = (line: Buffer): DecodedLine => this.#screen.decode(line);

  take({ records, end, lastEventTime }: Pick<Batch, 'records' | 'end' | 'lastEventTime'>): void {
    this.#detector.detect(records, this.#rules, { position: end, time: lastEventTime });
  }

  remembered(): CorrelationSnapshots {
    return this.#detector.correlations();
  }
}
