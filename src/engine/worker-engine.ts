import type { ResourceLimits } from 'node:worker_threads';
import { type Clock, realClock } from '../audit/index.ts';
import type {
  AskExpired,
  DetectionEngine,
  PartitionReader,
  PartitionSpec,
  RulesChange,
  UncompiledText,
} from './detection-engine.ts';
import { EngineError } from './engine-error.ts';
import type { Answer, Request } from './protocol.ts';
import type { Listening, ListenSpec, RejectedRequests } from './receiving.ts';
import { RemoteReader } from './remote-reader.ts';
import type { RunnableFilter } from './runnable-filter.ts';
import type { RunnableRule } from './runnable-rule.ts';
import { WorkerSession } from './worker-session.ts';

export interface WorkerEngineOptions {
  readonly expired: AskExpired;
  /** The thread has ended although nobody had asked for it. It is started again when it is needed. */
  readonly onFailure?: (error: EngineError) => void;
  /** What the thread may take; beyond, it ends. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Milliseconds without an answer after which the thread counts as stuck, and is ended. */
  readonly stuckAfter?: number;
  /** Of the thread: the file that it runs. */
  readonly entry?: URL;
  readonly clock?: Pick<Clock, 'setTimer'>;
}

/** Milliseconds until rules are sent again, after a thread has ended that was to take them. */
const AGAIN_AFTER = 1000;

/**
 * Reads and matches in a thread of its own, one for all partitions. Where that thread ends, everything that was asked of it
 * is rejected; the next one that opens a partition starts another, with the same rules.
 */
export class WorkerEngine implements DetectionEngine {
  readonly #options: WorkerEngineOptions;
  /** What a new thread is told. */
  readonly #rules = new Map<string, RunnableRule>();
  #filters: readonly RunnableFilter[] = [];
  readonly #readers = new Map<number, RemoteReader>();
  /** Where a new thread is to take deliveries. */
  #listen: ListenSpec | undefined;
  #onRejected: (requests: RejectedRequests) => void = () => {};
  #session: WorkerSession | undefined;
  #opened = 0;
  readonly #closed = new AbortController();

  constructor(options: WorkerEngineOptions) {
    this.#options = options;
  }

  async setRules(change: RulesChange): Promise<readonly UncompiledText[]> {
    for (const name of change.remove) this.#rules.delete(name);
    for (const rule of change.set) this.#rules.set(rule.text.name, rule);
    this.#filters = change.filters ?? this.#filters;
    for (;;) {
      try {
        // A new thread is told all rules, these among them.
        const { uncompiled = [] } = await (this.#session?.ask({ call: 'setRules', change }) ?? this.#start().rulesSet);
        return uncompiled;
      } catch (error) {
        if (this.#closed.signal.aborted) throw error;
        await this.#pause();
      }
    }
  }

  async listen(spec: ListenSpec, onRejected: (requests: RejectedRequests) => void): Promise<Listening> {
    const session = this.#session ?? this.#start().session;
    this.#onRejected = onRejected;
    const { port = spec.port } = await session.ask({ call: 'listen', spec });
    this.#listen = { ...spec, port };
    return {
      port,
      rejected: () => this.#session?.rejected() ?? {},
      close: async () => {
        this.#listen = undefined;
        // Where it cannot be asked, it takes nothing any more.
        await this.#session?.ask({ call: 'silence' }).catch(() => undefined);
      },
    };
  }

  async takeNoMore(source: string): Promise<void> {
    await this.#session?.ask({ call: 'takeNoMore', source });
  }

  open(spec: PartitionSpec): PartitionReader {
    const session = this.#session ?? this.#start().session;
    const number = this.#opened++;
    const ask = async (request: Request): Promise<Answer> => await session.ask(request);
    const reader = new RemoteReader(number, spec, ask, () => this.#readers.delete(number));
    this.#readers.set(number, reader);
    return reader;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const session = this.#session;
    this.#session = undefined;
    await session?.end();
  }

  #start(): { readonly session: WorkerSession; readonly rulesSet: Promise<Answer> } {
    if (this.#closed.signal.aborted) throw new EngineError({ code: 'EngineClosed', message: 'the engine was closed' });
    const { expired, onFailure, resourceLimits, stuckAfter, entry } = this.#options;
    const session = new WorkerSession({
      expired,
      resourceLimits,
      stuckAfter,
      entry,
      onStatus: (reader, status) => this.#readers.get(reader)?.setStatus(status),
      onRejected: (requests) => this.#onRejected(requests),
      onFailure: (error) => {
        this.#session = undefined;
        onFailure?.(error);
      },
    });
    this.#session = session;
    const change = { set: [...this.#rules.values()], remove: [], filters: this.#filters };
    const rulesSet = session.ask({ call: 'setRules', change });
    // Where it fails, the thread has ended, which is told.
    rulesSet.catch(() => {});
    if (this.#listen !== undefined) {
      session.ask({ call: 'listen', spec: this.#listen }).catch((error: unknown) => session.giveUp(error));
    }
    return { session, rulesSet };
  }

  async #pause(): Promise<void> {
    const { clock = realClock } = this.#options;
    const { signal } = this.#closed;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(AGAIN_AFTER, resolve);
      const enough = (): void => {
        timer.cancel();
        resolve();
      };
      if (signal.aborted) enough();
      else signal.addEventListener('abort', enough, { once: true });
    });
  }
}
