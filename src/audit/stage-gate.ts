import type { AuditEvent } from './event.ts';
import { isLongRunning } from './long-running.ts';
import { ReceiptTimes } from './receipt-times.ts';
import { requestIdentity } from './request-identity.ts';
import { isLedgerSnapshot, type LedgerSnapshot, RequestLedger } from './request-ledger.ts';
import { parseTimestamp } from './timestamp.ts';

/** What the gate has to know of a rule. */
export interface StageRule {
  /** Unique among the rules of the partition. */
  readonly name: string;
  /** Whether its condition tests the field `stage`. */
  readonly testsStage: boolean;
}

/** What can be read of an event before it is parsed; `undefined` where it cannot. */
export interface UnparsedEvent {
  readonly stage: string | undefined;
  /** When the request was received: µs since the full minute. */
  readonly receivedInMinute: number | undefined;
}

/** What a {@link StageGate} stores with a checkpoint. Plain JSON. */
export interface StageGateSnapshot {
  /** Absent until a first event was observed. */
  readonly ledger?: LedgerSnapshot;
  /** The audit policy logs ResponseStarted, at least for some long-running requests. */
  readonly startsLogged: boolean;
  /** Where stages may be reordered: requests that were counted at their end. */
  readonly ended?: LedgerSnapshot;
}

export interface StageGateOptions {
  /** The end of a request may come before its start: what a webhook refused is delivered again behind what came meanwhile. */
  readonly reordered?: boolean;
  /** How many pairs of running request and rule are remembered. */
  readonly capacity?: number;
  /** What `snapshot` gave for this partition; anything else counts as lost. */
  readonly restore?: unknown;
}

const DEFAULT_CAPACITY = 16_384;
const ENDS = Object.freeze(['ResponseComplete', 'Panic']);
const STARTS = Object.freeze(['ResponseStarted']);
const STARTS_AND_ENDS = Object.freeze([...STARTS, ...ENDS]);
const STAGES = Object.freeze(['RequestReceived', ...STARTS_AND_ENDS]);
const NO_STAGES = Object.freeze([]);
/** Pairs of rule and request that was counted at its end, of which the start may still come. */
const ENDED_CAPACITY = 4096;
/** Requests that are expected to be counted are forgotten beyond so many: these were never observed. */
const MAX_EXPECTED = 16_384;

/**
 * One request is logged once per stage; a rule counts it once, at the first logged stage after RequestReceived at which
 * it matches. RequestReceived is only for rules that test `stage`.
 *
 * For each event of a partition, in order: `observe` it, evaluate the rules that the gate `admits`, and `count` those
 * that match. A request that is counted before its end is remembered until the end. Where that memory cannot reach back
 * to the start of a long-running request (state was lost, or reading began in the middle), its end is not counted if
 * starts are logged here at all: the start was counted, or was before the place where reading began. Where stages may be
 * reordered, a request that is counted at its end is remembered for a while: its start may still come.
 *
 * Where lines are read ahead of this and not all are parsed: `expect` each that a rule may match, and parse each of the others that the gate `awaits`.
 */
export class StageGate {
  readonly #capacity: number;
  #ledger: RequestLedger | undefined;
  #startsLogged = false;
  #rememberedReceived = false;
  #ended: string | undefined;
  /** Counted at their end. */
  readonly #countedAtEnd: RequestLedger | undefined;
  /** Of requests that may be counted before their end once their lines are observed. */
  #expected = new ReceiptTimes();

  constructor(options: StageGateOptions = {}) {
    this.#capacity = options.capacity ?? DEFAULT_CAPACITY;
    const { restore } = options;
    const isKnown = isStageGateSnapshot(restore);
    if (options.reordered === true) {
      this.#countedAtEnd = new RequestLedger(ENDED_CAPACITY, (isKnown ? restore.ended : undefined) ?? { horizon: 0 });
    }
    if (!isKnown) return;
    this.#startsLogged = restore.startsLogged;
    if (restore.ledger !== undefined) this.#ledger = new RequestLedger(this.#capacity, restore.ledger);
    this.#rememberedReceived = this.#ledger !== undefined && this.#ledger.size > 0;
  }

  /** Pairs of running request and rule that were forgotten for lack of room. */
  get evicted(): number {
    return this.#ledger?.evicted ?? 0;
  }

  /** Says that this event will be observed, and that a rule may match it. */
  expect({ stage, receivedInMinute }: UnparsedEvent): void {
    if (stage === undefined || isEnd({ stage }) || receivedInMinute === undefined) return;
    if (this.#expected.size >= MAX_EXPECTED) this.#expected = new ReceiptTimes();
    this.#expected.add(receivedInMinute);
  }

  /**
   * Whether an event has to be observed even though no rule matches it: the first one, whose time says how far memory reaches back; one that may show that
   * starts are logged; and the end of a request that was counted, or that an expected line may count.
   */
  awaits(event: UnparsedEvent): boolean {
    const ledger = this.#ledger;
    if (ledger === undefined) return true;
    const counted = ledger.size > 0;
    if (!counted && this.#expected.isEmpty && this.#startsLogged) return false;
    const { stage } = event;
    if (stage === 'ResponseStarted') return !this.#startsLogged;
    if (stage === undefined || !isEnd({ stage })) return stage === undefined;
    if (!counted && this.#expected.isEmpty) return false;
    const received = event.receivedInMinute;
    return received === undefined || ledger.mayKnow(received) || this.#expected.mayHave(received);
  }

  /** The stages of the events that it may await now: of an event at any other one, `awaits` is false. */
  get awaitedStages(): readonly string[] {
    const ledger = this.#ledger;
    if (ledger === undefined) return STAGES;
    if (ledger.size > 0 || !this.#expected.isEmpty) return this.#startsLogged ? ENDS : STARTS_AND_ENDS;
    return this.#startsLogged ? NO_STAGES : STARTS;
  }

  /** To be called once for every event, before the rules see it. */
  observe(event: AuditEvent): void {
    const ledger = (this.#ledger ??= this.#newLedger(event));
    this.#forgetEnded();
    if (!this.#expected.isEmpty && !isEnd(event))
      this.#expected.delete(parseTimestamp(event.requestReceivedTimestamp) ?? 0);
    if (event.stage === 'ResponseStarted' && !isFailedAuthentication(event) && isLongRunning(event))
      this.#startsLogged = true;
    if (isEnd(event) && ledger.size > 0 && (this.#rememberedReceived || isLongRunning(event))) {
      this.#ended = requestIdentity(event);
    }
  }

  /** Whether the rule may look at this stage of the request. */
  admits(event: AuditEvent, rule: StageRule): boolean {
    return rule.testsStage || event.stage !== 'RequestReceived';
  }

  /** Whether a match of the rule on this event counts. Asking counts it: ask once per event and rule. */
  count(event: AuditEvent, rule: StageRule): boolean {
    const ledger = this.#ledger;
    if (ledger === undefined) throw new Error('StageGate: count() before observe()');
    if (!isEnd(event)) return this.#countBeforeEnd(ledger, event, rule);
    if (this.#ended !== undefined && ledger.counted(this.#ended, rule.name)) return false;
    const isLong = isLongRunning(event);
    if (!isLong && !rule.testsStage) return true;
    const received = parseTimestamp(event.requestReceivedTimestamp) ?? 0;
    if (isLong && this.#startsLogged && !rule.testsStage && !ledger.covers(received)) return false;
    this.#countedAtEnd?.remember(requestIdentity(event), received, rule.name);
    return true;
  }

  /**
   * To be stored together with the position of the last event that was counted. @param limit how many running requests
   * it holds at most, where it has to be small; of those left out, the end may not be counted.
   */
  snapshot(limit?: number): StageGateSnapshot {
    this.#forgetEnded();
    return {
      startsLogged: this.#startsLogged,
      ...(this.#ledger !== undefined && { ledger: this.#ledger.snapshot(limit) }),
      ...(this.#countedAtEnd !== undefined && { ended: this.#countedAtEnd.snapshot(limit) }),
    };
  }

  /** Its memory begins with this event. */
  #newLedger(first: AuditEvent): RequestLedger {
    return new RequestLedger(this.#capacity, { horizon: (parseTimestamp(first.stageTimestamp) ?? 0) - 1 });
  }

  #countBeforeEnd(ledger: RequestLedger, event: AuditEvent, rule: StageRule): boolean {
    if (isFailedAuthentication(event)) return true;
    const identity = requestIdentity(event);
    if (ledger.counted(identity, rule.name) || this.#countedAtEnd?.counted(identity, rule.name) === true) return false;
    ledger.remember(identity, parseTimestamp(event.requestReceivedTimestamp) ?? 0, rule.name);
    if (!isLongRunning(event)) this.#rememberedReceived = true;
    return true;
  }

  #forgetEnded(): void {
    if (this.#ended !== undefined) this.#ledger?.forget(this.#ended);
    this.#ended = undefined;
  }
}

function isEnd({ stage }: { readonly stage: string }): boolean {
  return stage === 'ResponseComplete' || stage === 'Panic';
}

/** Logged at ResponseStarted only, whatever the verb: no later stage follows. A 401 from behind a proxy has a user. */
function isFailedAuthentication(event: AuditEvent): boolean {
  return event.stage === 'ResponseStarted' && event.responseStatus?.code === 401 && !event.user?.username;
}

function isStageGateSnapshot(value: unknown): value is StageGateSnapshot {
  if (typeof value !== 'object' || value === null || !('startsLogged' in value)) return false;
  if (typeof value.startsLogged !== 'boolean') return false;
  const ledgers = ['ledger' in value ? value.ledger : undefined, 'ended' in value ? value.ended : undefined];
  return ledgers.every((ledger) => ledger === undefined || isLedgerSnapshot(ledger));
}
