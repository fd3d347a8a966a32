import { setTimeout as sleep } from 'node:timers/promises';
import { describeExit, type SupervisedProcess } from '../supervisor/index.ts';

/** Milliseconds before it is started again. */
const PAUSE = 1000;

/** A process that is started again whenever it ends by itself, as a kubelet does with a container. */
export class KeptRunning {
  readonly #start: () => Promise<SupervisedProcess>;
  readonly #say: (text: string) => void;
  #process: SupervisedProcess;

  static async start(start: () => Promise<SupervisedProcess>, say: (text: string) => void): Promise<KeptRunning> {
    return new KeptRunning(await start(), start, say);
  }

  private constructor(first: SupervisedProcess, start: () => Promise<SupervisedProcess>, say: (text: string) => void) {
    this.#process = first;
    this.#start = start;
    this.#say = say;
  }

  /** Of the one that runs now. */
  logTail(): string {
    return this.#process.logTail();
  }

  /** Resolves when the one that runs now has ended. */
  get ended(): Promise<unknown> {
    return this.#process.exited;
  }

  /** Starts it again from now on, until the signal aborts; resolves then, or when it cannot be started. */
  async keep(signal: AbortSignal): Promise<void> {
    for (;;) {
      const exit = await this.#process.exited;
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#say(`${this.#process.name} ended (${describeExit(exit)}); it is started again, as a kubelet would do`);
      try {
        this.#process = await this.#start();
      } catch (error) {
        this.#say(`it cannot be started again: ${error instanceof Error ? error.message : String(error)}`);
        return;
      }
    }
  }
}
