import { StateFile, type PartitionState as StoredState } from '../../audit/index.ts';
import { describeError, type Logger } from '../../kube/index.ts';
import type { PartitionState } from './partition-state.ts';

/** The states of this node's partitions in its state file. */
export class LocalStates {
  readonly #file: StateFile;
  readonly #logger: Logger;
  #states: Record<string, StoredState> = {};

  constructor(path: string, logger: Logger) {
    this.#file = new StateFile(path);
    this.#logger = logger;
  }

  /** Reads the file: another process on the node may have written it since. What cannot be read counts as lost. */
  async load(): Promise<void> {
    this.#states = {};
    try {
      const loaded = await this.#file.load();
      if (loaded.kind === 'loaded') this.#states = { ...loaded.partitions };
      if (loaded.kind === 'loaded' && loaded.damaged.length > 0) {
        this.#logger.error('the state of some logs is damaged and counts as lost', { partitions: loaded.damaged });
      }
      if (loaded.kind === 'unusable') {
        this.#logger.error('the state file cannot be used and was moved aside', { ...loaded });
      }
    } catch (error) {
      this.#logger.error('the state file cannot be read', { error: describeError(error) });
    }
  }

  /** What is stored for the partition. */
  get(partition: string): StoredState | undefined {
    return this.#states[partition];
  }

  /** Resolves once the state is safe. */
  async save(partition: string, state: PartitionState): Promise<void> {
    this.#states[partition] = state;
    await this.#file.save(this.#states);
  }
}
