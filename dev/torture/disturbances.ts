import { setTimeout as sleep } from 'node:timers/promises';
import { ALERTS_PATH, alertCount, listAlerts } from './alert-counts.ts';
import { forceGap } from './forced-gap.ts';
import { RULES } from './manifests.ts';
import type { Replica } from './replica.ts';
import type { Stage } from './stage.ts';

export type Disturbance = (stage: Stage) => Promise<void>;

/** By name. Each resolves when what it broke is on its way to be well again; only `deleteAlerts` waits until all is counted. */
export const DISTURBANCES = {
  kill,
  killOften,
  takeOver,
  loseState,
  freeze,
  stopGently,
  restartApiServer,
  crashApiServer,
  stallEtcd,
  deleteAlerts,
  killReceiver,
  fillVolume,
  forceGap,
} satisfies Readonly<Record<string, Disturbance>>;

export type DisturbanceName = keyof typeof DISTURBANCES;

/** The one that reads the log is killed, and starts again at once. */
async function kill(stage: Stage): Promise<void> {
  const { random, tally, say } = stage;
  const replica = await reader(stage);
  await sleep(random.between(0, 1000));
  await replica.kill();
  tally.kills += 1;
  say(`${replica.name} was killed`);
  await startAgain(stage, replica);
}

/** Killed in the midst of beginning. */
async function killOften(stage: Stage): Promise<void> {
  const { random, tally, say } = stage;
  const replica = await reader(stage);
  const times = 2 + random.below(4);
  for (let n = 0; n < times; n++) {
    await replica.kill();
    tally.kills += 1;
    await startAgain(stage, replica);
    await sleep(random.between(500, 3500));
  }
  say(`${replica.name} was killed ${times} times in a row`);
}

/** The one that reads the log is killed, and another one waits for its Lease to end; alone, it does so itself. */
async function takeOver(stage: Stage): Promise<void> {
  const { world, tally, view, say } = stage;
  const replica = await reader(stage);
  await replica.kill();
  tally.kills += 1;
  if (world.replicas.length === 1) await replica.launch();
  await view.settled();
  tally.takeOvers += 1;
  say(`${replica.name} was killed, and ${await view.reader()} took over`);
  if (world.replicas.length > 1) await replica.launch();
}

/** Killed, and its disk is lost: it goes on from what its Lease says. */
async function loseState(stage: Stage): Promise<void> {
  const { tally, say } = stage;
  const replica = await reader(stage);
  await replica.kill();
  tally.kills += 1;
  replica.loseState();
  tally.lostStates += 1;
  say(`${replica.name} was killed and lost its state`);
  await startAgain(stage, replica);
}

/** It stands still for longer than it may hold its Leases, or not. */
async function freeze(stage: Stage): Promise<void> {
  const { random, tally, say } = stage;
  const replica = await reader(stage);
  const seconds = Math.round(random.between(1, 22));
  await replica.freeze(seconds * 1000);
  tally.freezes += 1;
  say(`${replica.name} stood still for ${seconds} s`);
}

async function stopGently(stage: Stage): Promise<void> {
  const { world, tally, say } = stage;
  const replica = await reader(stage);
  const code = await replica.stop();
  if (code !== 0) throw new Error(`${replica.name} was asked to stop and ended with ${code}`);
  tally.gentleStops += 1;
  say(`${replica.name} was asked to stop`);
  if (world.replicas.length > 1) await sleep(stage.random.between(0, 8000));
  await replica.launch();
}

async function restartApiServer({ world, random, tally, say }: Stage): Promise<void> {
  await world.plane.stopApiServer();
  const seconds = Math.round(random.between(0, 6));
  await sleep(seconds * 1000);
  await world.plane.startApiServer();
  tally.apiServerRestarts += 1;
  say(`kube-apiserver was away for ${seconds} s`);
}

async function crashApiServer({ world, random, tally, say }: Stage): Promise<void> {
  await world.plane.stopApiServer({ signal: 'SIGKILL' });
  const seconds = Math.round(random.between(0, 16));
  await sleep(seconds * 1000);
  await world.plane.startApiServer();
  tally.apiServerRestarts += 1;
  say(`kube-apiserver was killed, and away for ${seconds} s`);
}

async function stallEtcd({ world, random, tally, say }: Stage): Promise<void> {
  const seconds = Math.round(random.between(1, 14));
  await world.plane.pauseEtcd();
  await sleep(seconds * 1000);
  await world.plane.resumeEtcd();
  tally.stalls += 1;
  say(`etcd stood still for ${seconds} s`);
}

async function killReceiver({ world, view, random, tally, say }: Stage): Promise<void> {
  await sleep(random.between(0, 1000));
  await world.receiver.kill();
  tally.receiverKills += 1;
  await view.clearLeases('receiver');
  await world.receiver.launch();
  say('the receiver was killed');
}

/** Nothing can be written where the receiver keeps its journal. kube-apiserver delivers again what was refused. */
async function fillVolume({ world, random, tally, say }: Stage): Promise<void> {
  const { volume } = world;
  if (volume === undefined) return;
  const seconds = Math.round(random.between(1, 8));
  volume.fill();
  await sleep(seconds * 1000);
  volume.free();
  tally.fullVolumes += 1;
  say(`the receiver's volume was full for ${seconds} s`);
}

/**
 * By hand, with what they had counted to the last request. Before and after, all has to be counted, and nothing is broken
 * meanwhile: see `OperatorView.published`.
 */
async function deleteAlerts(stage: Stage): Promise<void> {
  const { world, view, random, tally, deleted, say } = stage;
  await view.settled();
  const times = 3 + random.below(8);
  for (let n = 0; n < times; ) {
    const candidates = (await listAlerts(world.api)).filter(({ finding }) => finding.rule.name !== RULES.marker);
    if (candidates.length === 0) break;
    const victim = random.pick(candidates);
    const { name, resourceVersion } = victim.metadata;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion } };
    const { code } = await world.api.send({ method: 'DELETE', path: `${ALERTS_PATH}/${name}`, body });
    // Otherwise it has counted on.
    if (code !== 200) continue;
    deleted.push(alertCount(victim));
    tally.deletedAlerts += 1;
    n += 1;
    await sleep(random.between(0, 300));
  }
  await view.published();
  say(`${times} Alerts were deleted by hand`);
}

/** The replica that reads the log, or any where none does at the moment. */
async function reader({ world, view, random }: Stage): Promise<Replica> {
  const name = await view.reader();
  return world.replicas.find((replica) => replica.name === name) ?? random.pick(world.replicas);
}

async function startAgain({ view }: Stage, replica: Replica): Promise<void> {
  await view.clearLeases('reader');
  await replica.launch();
}
