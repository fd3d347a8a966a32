import { type Clock, realClock } from '../audit/index.ts';
import type {
  AskExpired,
  DetectionEngine,
  PartitionReader,
  PartitionSpec,
  RulesChange,
  UncompiledText,
} from './detection-engine.ts';
import { PartitionScan } from './partition-scan.ts';
import { type Listening, type ListenSpec, Receiving, type RejectedRequests } from './receiving.ts';
import { RunningRules } from './running-rules.ts';

export interface LocalEngineOptions {
  readonly expired: AskExpired;
  readonly clock?: Clock;
}

/** Reads and matches in the thread in which it was made. */
export class LocalEngine implements DetectionEngine {
  readonly #options: LocalEngineOptions;
  readonly #rules = new RunningRules();
  readonly #open = new Set<PartitionReader>();
  #receiving: Receiving | undefined;

  constructor(options: LocalEngineOptions) {
    this.#options = options;
  }

  async setRules(change: RulesChange): Promise<readonly UncompiledText[]> {
    return this.#rules.change(change);
  }

  async listen(spec: ListenSpec, onRejected: (requests: RejectedRequests) => void): Promise<Listening> {
    this.#receiving = await Receiving.begin(spec, onRejected, this.#options.clock ?? realClock);
    return this.#receiving;
  }

  async takeNoMore(source: string): Promise<void> {
    await this.#receiving?.intakes.close(source);
  }

  open(spec: PartitionSpec): PartitionReader {
    const { expired, clock = realClock } = this.#options;
    const reader: PartitionReader = new PartitionScan(spec, {
      rules: () => this.#rules.inForce(),
      intakes: () => this.#receiving?.intakes,
      expired,
      clock,
      onClose: () => this.#open.delete(reader),
    });
    this.#open.add(reader);
    return reader;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map(async (reader) => await reader.close()));
    await this.#receiving?.close();
  }
}
