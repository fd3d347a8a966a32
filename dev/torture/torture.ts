import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertCount, alertCount, listAlerts } from './alert-counts.ts';
import { DISTURBANCES, type DisturbanceName } from './disturbances.ts';
import { reportedGaps } from './forced-gap.ts';
import { Load } from './load.ts';
import { OperatorView } from './operator-view.ts';
import { Random } from './random.ts';
import { type Recount, recount } from './recount.ts';
import type { Stage } from './stage.ts';
import { newTally, type Tally } from './tally.ts';
import { triage } from './triage.ts';
import { type Verdict, verdict } from './verdict.ts';
import { startWorld, type World } from './world.ts';

export interface TortureOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly replicas: number;
  /** What is done, in a random order, each equally often. Default: everything. */
  readonly disturbances?: readonly DisturbanceName[] | undefined;
  /** Where logs, state and Alerts go if anything is wrong. */
  readonly keep?: string | undefined;
  readonly say: (text: string) => void;
}

export interface TortureResult {
  readonly options: TortureOptions;
  readonly verdict: Verdict;
  readonly recount: Recount;
  readonly tally: Tally;
  readonly requests: { readonly answered: number; readonly unanswered: number };
  readonly alerts: { readonly total: number; readonly overflows: number };
  readonly seconds: number;
  /** What is wrong besides the counts. */
  readonly faults: readonly string[];
}

const ALL = Object.keys(DISTURBANCES) as readonly DisturbanceName[];
/** Milliseconds between two disturbances, at most. */
const PAUSE = 4000;
/** Seconds in which the counts have to become right after everything is settled. */
const PATIENCE = 90;

/** Breaks things for so many minutes, lets everything settle, and compares the Alerts with the log. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const world = await startWorld(options.replicas, options.say);
  try {
    return await tortured(world, options);
  } catch (error) {
    if (options.keep !== undefined) world.keep(options.keep);
    throw error;
  } finally {
    await world.stop();
  }
}

async function tortured(world: World, options: TortureOptions): Promise<TortureResult> {
  const { minutes, seed, disturbances = ALL, keep, say } = options;
  const random = new Random(seed);
  const [ofLoad, ofTriage, ofDisturbances] = [random.fork(), random.fork(), random.fork()];
  const view = new OperatorView(world.api);
  const tally = newTally();
  const deleted: AlertCount[] = [];
  await view.reading();
  await view.rulesReady();

  const start = performance.now();
  const end = start + minutes * 60_000;
  const load = new Load({ api: world.api, random: ofLoad, tokens: world.tokens });
  const people = new AbortController();
  const triaging = triage(world.api, ofTriage, tally, people.signal);
  const progress = (text: string): void =>
    say(`${clock((performance.now() - start) / 1000)} ${load.answered} requests; ${text}`);
  const verified = async (): Promise<void> => {
    const { counted } = await whenRight(world, deleted, async ({ suppressed }) => suppressed);
    if (counted.differences.length > 0) throw new Error(`the counts are wrong:\n${counted.differences.join('\n')}`);
  };
  const stage: Stage = { world, view, load, random: ofDisturbances, tally, deleted, verified, say: progress };
  try {
    await disturb(stage, disturbances, end);
  } finally {
    people.abort();
    await Promise.all([load.stop(), triaging]);
  }
  progress('the load has ended; everything settles …');
  await view.settled();
  const { counted, logged, alerts } = await whenRight(world, deleted, async () => await view.suppressed());
  const faults = [...world.replicas, world.receiver].flatMap((replica) => replica.fault ?? []);
  const gaps = await reportedGaps(stage);
  if (gaps !== tally.gaps) faults.push(`${tally.gaps} gaps were forced, and ${gaps} are reported`);
  if (keep !== undefined && (counted.differences.length > 0 || faults.length > 0)) world.keep(keep);
  return {
    options,
    verdict: counted,
    recount: logged,
    tally,
    requests: { answered: load.answered, unanswered: load.unanswered },
    alerts,
    seconds: (performance.now() - start) / 1000,
    faults,
  };
}

/** One after the other, in an order by chance in which each comes equally often. */
async function disturb(stage: Stage, names: readonly DisturbanceName[], end: number): Promise<void> {
  const { random, world } = stage;
  let deck: readonly DisturbanceName[] = [];
  while (performance.now() < end) {
    const [name, ...rest] = deck.length > 0 ? deck : random.shuffled(names);
    deck = rest;
    if (name === undefined) return;
    await sleep(random.between(0, PAUSE));
    await DISTURBANCES[name](stage);
    for (const replica of [...world.replicas, world.receiver])
      if (replica.fault !== undefined) throw new Error(replica.fault);
  }
}

/** A request is answered before it is logged: the log may be a moment behind. */
async function whenRight(
  world: World,
  deleted: readonly AlertCount[],
  suppressed: (logged: Recount) => Promise<number>,
): Promise<{ counted: Verdict; logged: Recount; alerts: TortureResult['alerts'] }> {
  const end = performance.now() + PATIENCE * 1000;
  for (;;) {
    const alerts = await listAlerts(world.api);
    const logged = recount(world.logDirectories);
    const counted = verdict(logged, [...alerts.map(alertCount), ...deleted], await suppressed(logged));
    if (counted.differences.length === 0 || performance.now() > end) {
      const overflows = alerts.filter(({ finding }) => finding.overflow === true).length;
      return { counted, logged, alerts: { total: alerts.length, overflows } };
    }
    await sleep(3000);
  }
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}
