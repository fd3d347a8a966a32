import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../demo/wait-until.ts';
import type { Stage } from './stage.ts';

const ROTATE_WITHIN = 60;
/** Of a request line that makes the log grow. */
const PADDING = 'x'.repeat(7000);
const SOURCE_PATH = '/apis/detection.sigma-operator.dev/v1alpha1/auditsources/kube-apiserver';

/**
 * Takes files away that no replica has read, and waits until the backup has filled the gap: until everything is counted, by
 * whichever. Both edges of the gap are in moments in which nobody does anything: which of two events of the same moment is
 * inside is not known (a documented limit). The replicas end in order, so that their checkpoint says what they counted.
 */
export async function forceGap(stage: Stage): Promise<void> {
  const { world, view, load, random, tally, say } = stage;
  await load.pause();
  await view.settled();
  for (const replica of world.replicas) await replica.stop();
  load.resume();
  await sleep(random.between(2000, 6000));
  if (random.chance(0.5)) {
    await world.receiver.kill();
    tally.receiverKills += 1;
    await view.clearLeases('receiver');
    await world.receiver.launch();
    await sleep(random.between(0, 2000));
  }
  await load.pause();
  const files = await rotated(stage);
  for (const name of files) renameSync(join(world.logDirectories[0], name), join(world.logDirectories[1], name));
  tally.gaps += 1;
  for (const replica of world.replicas) await replica.launch();
  await view.settled();
  const reported = await waitUntil('the gap to be reported', async () => {
    const gaps = await reportedGaps(stage);
    return gaps >= tally.gaps ? gaps : undefined;
  });
  if (reported !== tally.gaps) throw new Error(`${tally.gaps} gaps were forced, and ${reported} are reported`);
  await stage.verified();
  load.resume();
  say(`${files.length} files of the log were taken away unread; the backup filled the gap`);
}

/** Makes the log grow until another file begins, and resolves with the names of those before, when they are compressed. */
async function rotated({ world }: Stage): Promise<readonly string[]> {
  const backups = (): readonly string[] =>
    readdirSync(world.logDirectories[0]).filter((name) => /^audit-.*\.log(\.gz)?$/.test(name));
  const before = new Set(backups().map((name) => name.replace(/\.gz$/, '')));
  return await waitUntil(
    'the log to be rotated',
    async () => {
      for (let n = 0; n < 20; n++) await world.api.send({ path: `/healthz?padding=${PADDING}${n}` });
      const now = backups();
      const isRotated = now.some((name) => !before.has(name.replace(/\.gz$/, '')));
      return isRotated && now.every((name) => name.endsWith('.gz')) ? now : undefined;
    },
    ROTATE_WITHIN,
  );
}

export async function reportedGaps({ world }: Pick<Stage, 'world'>): Promise<number> {
  const { status } = await world.api.json<{
    readonly status?: { readonly partitions?: readonly { readonly gaps?: number }[] };
  }>({ path: SOURCE_PATH });
  return (status?.partitions ?? []).reduce((sum, { gaps = 0 }) => sum + gaps, 0);
}
