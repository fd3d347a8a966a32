import type { MessagePort } from 'node:worker_threads';
import type { DeletedAlert } from '../alerts/index.ts';
import type { PartitionReader } from './detection-engine.ts';
import { errorData } from './engine-error.ts';
import { LocalEngine } from './local-engine.ts';
import type { Answer, FromEngine, Request, ToEngine } from './protocol.ts';
import type { Listening, ListenSpec } from './receiving.ts';

/** Milliseconds between looks whether the status of a partition has changed. */
const STATUS_EVERY = 500;

/** An engine in this thread, for whoever is at the other end of the port. Requests may overlap; their answers say to what. */
export class EngineHost {
  readonly #port: MessagePort;
  readonly #engine = new LocalEngine({ expired: async (deleted) => await this.#ask(deleted) });
  readonly #readers = new Map<number, PartitionReader>();
  #beginning: Promise<Listening> | undefined;
  #listening: Listening | undefined;
  /** What was told last: by reader its status, and the totals of what was rejected. */
  readonly #told = new Map<number | 'rejected', string>();
  readonly #questions = new Map<number, (expired: readonly boolean[]) => void>();
  #look: NodeJS.Timeout | undefined;
  /** What was asked and is not answered yet. */
  readonly #answering = new Set<Promise<void>>();
  #asked = 0;
  /** Nothing more will be asked: once all is answered, the thread has nothing left to do. */
  #ending = false;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** Begins to answer; the thread lives as long as it does. */
  listen(): void {
    this.#port.on('message', (message: ToEngine) => this.#take(message));
    this.#look = setInterval(() => {
      for (const [reader] of this.#readers) this.#tellStatus(reader);
      this.#tellRejected();
    }, STATUS_EVERY);
  }

  #take(message: ToEngine): void {
    if (message.kind === 'expired') {
      this.#questions.get(message.id)?.(message.expired);
      this.#questions.delete(message.id);
      return;
    }
    const { id, request } = message;
    const answering = this.#answer(request).then(
      (answer) => {
        if ('reader' in request) this.#tellStatus(request.reader);
        this.#send({ kind: 'answer', id, answer });
      },
      (error: unknown) => this.#send({ kind: 'failed', id, error: errorData(error) }),
    );
    this.#answering.add(answering);
    void answering.then(() => {
      this.#answering.delete(answering);
      if (this.#ending && this.#answering.size === 0) this.#port.close();
    });
  }

  async #answer(request: Request): Promise<Answer> {
    switch (request.call) {
      case 'setRules':
        return { uncompiled: await this.#engine.setRules(request.change) };
      case 'listen':
        return { port: await this.#listen(request.spec) };
      case 'silence':
        await this.#listening?.close();
        return {};
      case 'takeNoMore':
        await this.#engine.takeNoMore(request.source);
        return {};
      case 'open':
        // A thread that replaces another one is told both at once.
        await this.#beginning?.catch(() => undefined);
        this.#readers.set(request.reader, this.#engine.open(request.spec));
        return {};
      case 'next':
        return { batch: await this.#reader(request.reader).next() };
      case 'state':
        return { state: await this.#reader(request.reader).state(request.limits) };
      case 'release':
        this.#reader(request.reader).release(request.checkpoint);
        return {};
      case 'setPrimaries':
        this.#reader(request.reader).setPrimaries(request.primaries);
        return {};
      case 'stop':
        this.#reader(request.reader).stop();
        return {};
      case 'close':
        await this.#close(request.reader);
        return {};
      case 'ping':
        return {};
      case 'end':
        this.#ending = true;
        clearInterval(this.#look);
        await this.#engine.close();
        return {};
      default:
        return request satisfies never;
    }
  }

  async #listen(spec: ListenSpec): Promise<number> {
    this.#beginning = this.#engine.listen(spec, (requests) => this.#send({ kind: 'rejected', requests }));
    this.#listening = await this.#beginning;
    return this.#listening.port;
  }

  #reader(number: number): PartitionReader {
    const reader = this.#readers.get(number);
    if (reader === undefined) throw new Error('the partition is not open');
    return reader;
  }

  async #close(number: number): Promise<void> {
    const reader = this.#readers.get(number);
    this.#readers.delete(number);
    this.#told.delete(number);
    await reader?.close();
  }

  #tellStatus(number: number): void {
    const status = this.#readers.get(number)?.status();
    if (status === undefined) return;
    if (this.#isNews(number, status)) this.#send({ kind: 'status', reader: number, status });
  }

  #tellRejected(): void {
    const totals = this.#listening?.rejected();
    if (totals !== undefined && this.#isNews('rejected', totals)) this.#send({ kind: 'rejectedTotals', totals });
  }

  #isNews(about: number | 'rejected', value: object): boolean {
    const text = JSON.stringify(value);
    if (this.#told.get(about) === text) return false;
    this.#told.set(about, text);
    return true;
  }

  async #ask(deleted: readonly DeletedAlert[]): Promise<readonly boolean[]> {
    const id = this.#asked++;
    return await new Promise((resolve) => {
      this.#questions.set(id, resolve);
      this.#send({ kind: 'question', id, deleted });
    });
  }

  #send(message: FromEngine): void {
    this.#port.postMessage(message, []);
  }
}
