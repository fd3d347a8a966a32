import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiRequest, ApiRequests } from '../control-plane/index.ts';
import { waitUntil } from '../demo/wait-until.ts';
import { NAMESPACE } from './manifests.ts';
import type { Random } from './random.ts';

const WORKERS = 5;
/** Milliseconds between two requests of a worker, at most. */
const PAUSE = 50;
const RETRY_AFTER = 200;
const CRON_JOBS = 12;
const CONFIG_MAPS = 8;
const CRON_JOBS_PATH = `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`;
const JOBS_PATH = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
const CONFIG_MAPS_PATH = `/api/v1/namespaces/${NAMESPACE}/configmaps`;

export interface LoadOptions {
  readonly api: ApiRequests;
  readonly random: Random;
  /** Of the ServiceAccounts. */
  readonly tokens: { readonly robot: string; readonly intruder: string };
}

/**
 * People and ServiceAccounts at work, all the time, whether the API server answers or not. What they did is not remembered
 * here: the audit log says it.
 */
export class Load {
  readonly #options: LoadOptions;
  readonly #workers: Promise<void>[];
  #running = true;
  #paused: PromiseWithResolvers<void> | undefined;
  #underWay = 0;
  #answered = 0;
  #unanswered = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#workers = Array.from({ length: WORKERS }, () => this.#work(options.random.fork()));
  }

  /** Requests that were answered, whatever the answer was. */
  get answered(): number {
    return this.#answered;
  }

  get unanswered(): number {
    return this.#unanswered;
  }

  /** Resolves when nothing is under way any more, until `resume`. */
  async pause(): Promise<void> {
    this.#paused ??= Promise.withResolvers();
    await waitUntil('the requests under way', async () => (this.#underWay === 0 ? true : undefined));
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.resume();
    await Promise.all(this.#workers);
  }

  async #work(random: Random): Promise<void> {
    while (this.#running) {
      if (this.#paused !== undefined) await this.#paused.promise;
      this.#underWay += 1;
      const isAnswered = await this.#options.api.send(this.#request(random)).then(
        () => true,
        () => false,
      );
      this.#underWay -= 1;
      if (isAnswered) this.#answered += 1;
      else this.#unanswered += 1;
      await sleep(isAnswered ? random.between(0, PAUSE) : RETRY_AFTER);
    }
  }

  #request(random: Random): ApiRequest {
    const act = random.pick(ACTS);
    return act(random, this.#options.tokens);
  }
}

type Act = (random: Random, tokens: LoadOptions['tokens']) => ApiRequest;

const someone = (random: Random): string => random.pick(['alice', 'alice', 'alice', 'bob']);
const cronJobName = (random: Random): string => `load-${random.below(CRON_JOBS)}`;
const configMapPath = (random: Random): string => `${CONFIG_MAPS_PATH}/load-${random.below(CONFIG_MAPS)}`;
const annotation = (random: Random): object => ({ metadata: { annotations: { dice: String(random.next()) } } });

/** Each as likely as the others. Many fail, because the object is there already, or is not. */
const ACTS: readonly Act[] = [
  (random) => ({ method: 'POST', path: CRON_JOBS_PATH, as: someone(random), body: cronJob(cronJobName(random)) }),
  (random) => ({ method: 'POST', path: CRON_JOBS_PATH, as: someone(random), body: cronJob(cronJobName(random)) }),
  (random) => ({ method: 'DELETE', path: `${CRON_JOBS_PATH}/${cronJobName(random)}`, as: someone(random) }),
  (random) => ({
    method: 'PATCH',
    path: `${CRON_JOBS_PATH}/${cronJobName(random)}${random.chance(0.2) ? '?dryRun=All' : ''}`,
    as: someone(random),
    body: annotation(random),
  }),
  (random, { robot }) => ({
    method: 'PATCH',
    path: `${CRON_JOBS_PATH}/${cronJobName(random)}`,
    token: robot,
    body: annotation(random),
  }),
  // As bob, whom alice may be.
  (random) => ({
    method: 'PATCH',
    path: `${CRON_JOBS_PATH}/${cronJobName(random)}`,
    as: 'alice',
    headers: { 'impersonate-user': 'bob', 'impersonate-group': 'torturers' },
    body: annotation(random),
  }),
  // Objects whose names nobody chose: each is a group of its own.
  (random) => ({
    method: 'POST',
    path: JOBS_PATH,
    as: random.pick(['alice', 'bob']),
    body: { ...job(), metadata: { generateName: 'made-' } },
  }),
  // Denied.
  (random) => ({ method: 'POST', path: CRON_JOBS_PATH, as: 'carol', body: cronJob(cronJobName(random)) }),
  (_, { intruder }) => ({
    method: 'POST',
    path: JOBS_PATH,
    token: intruder,
    body: { ...job(), metadata: { generateName: 'miner-' } },
  }),
  (random) => ({ path: configMapPath(random), as: 'carol' }),
  // A 401 has no user.
  (random) => ({ path: configMapPath(random), token: `wrong-${random.below(100)}` }),
  (random) => ({ method: 'DELETE', path: configMapPath(random), token: 'wrong' }),
  (random) => ({ path: configMapPath(random), as: someone(random) }),
  (random) => ({ method: 'PATCH', path: configMapPath(random), as: someone(random), body: { data: { dice: '1' } } }),
  (random, { robot }) => ({ method: 'PATCH', path: configMapPath(random), token: robot, body: annotation(random) }),
  (random) => ({
    method: 'POST',
    path: CONFIG_MAPS_PATH,
    as: someone(random),
    body: { metadata: { name: `load-${random.below(CONFIG_MAPS)}` } },
  }),
  (random) => ({ method: 'DELETE', path: configMapPath(random), as: someone(random) }),
  // Logged when it starts, and again when it ends.
  (random) => ({
    path: `${CONFIG_MAPS_PATH}?watch=true&timeoutSeconds=${1 + random.below(2)}`,
    as: someone(random),
  }),
];

/** A CronJob that never runs. */
function cronJob(name: string): object {
  const spec = { schedule: '0 0 29 2 *', suspend: true, jobTemplate: { spec: { template: POD } } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec };
}

/** A Job that makes no Pod while it is suspended. */
function job(): object {
  return { apiVersion: 'batch/v1', kind: 'Job', spec: { suspend: true, template: POD } };
}

const POD = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none.invalid/none' }] } };
