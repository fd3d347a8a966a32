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
import { RunningRules } from './running-rules.ts';

export interface LocalEngineOptions {
  readonly expired: AskExpired;
  readonly clock?: Pick<Clock, 'setTimer'>;
}

/** Reads and matches in the thread in which it was made. */
export class LocalEngine implements DetectionEngine {
  readonly #options: LocalEngineOptions;
  readonly #rules = new RunningRules();
  readonly #open = new Set<PartitionReader>();

  constructor(options: LocalEngineOptions) {
    this.#options = options;
  }

  async setRules(change: RulesChange): Promise<readonly UncompiledText[]> {
    return this.#rules.change(change);
  }

  open(spec: PartitionSpec): PartitionReader {
    const { expired, clock = realClock } = this.#options;
    const reader = new PartitionScan(spec, { rules: () => this.#rules.inForce(), expired, clock });
    this.#open.add(reader);
    return reader;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map(async (reader) => await reader.close()));
    this.#open.clear();
  }
}
