import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiRequest, ApiRequests } from '../../../dev/control-plane/index.ts';
import { CRONJOBS_PATH, cronJob } from './batch-objects.ts';

const WORKERS = 3;
const OBJECTS = 12;
/** Milliseconds between two requests of a worker: enough of them to be in the middle of something at any moment. */
const PAUSE = 10;

/**
 * alice creates, changes and deletes CronJobs, again and again, whether the API server answers or not. What she did is not
 * remembered here: the audit log says it.
 */
export class Load {
  readonly #api: ApiRequests;
  readonly #workers: Promise<void>[];
  #running = true;
  #answered = 0;

  constructor(api: ApiRequests) {
    this.#api = api;
    this.#workers = Array.from({ length: WORKERS }, () => this.#work());
  }

  /** Requests that were answered, whatever the answer was. */
  get answered(): number {
    return this.#answered;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    while (this.#running) {
      try {
        await this.#api.send(randomRequest());
        this.#answered += 1;
        await sleep(PAUSE);
      } catch {
        await sleep(10 * PAUSE);
      }
    }
  }
}

function randomRequest(): ApiRequest {
  const name = `load-${Math.floor(Math.random() * OBJECTS)}`;
  const path = `${CRONJOBS_PATH}/${name}`;
  const dice = Math.random();
  if (dice < 0.3) return { method: 'POST', path: CRONJOBS_PATH, as: 'alice', body: cronJob(name) };
  if (dice < 0.45) return { method: 'DELETE', path, as: 'alice' };
  const body = { metadata: { annotations: { dice: String(dice) } } };
  return { method: 'PATCH', path: dice < 0.5 ? `${path}?dryRun=All` : path, as: 'alice', body };
}
