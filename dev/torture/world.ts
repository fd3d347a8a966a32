import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApiRequests, type ControlPlane, progressPrinter, startControlPlane } from '../control-plane/index.ts';
import { install } from '../demo/install.ts';
import { freePort } from '../demo/operator-process.ts';
import { bundleIn } from '../image/bundle-in.ts';
import { ACCOUNTS, manifests, NAMESPACE, POLICY, USERS } from './manifests.ts';
import { Replica, type ReplicaOptions, stateDirOf } from './replica.ts';
import { SmallVolume } from './small-volume.ts';
import { backupSource, setUpWebhook } from './webhook.ts';

/** Few Alerts a rule, so that most find no room in the end. */
const MAX_ALERTS_PER_RULE = 30;
const WRITES_PER_SECOND = 50;
/** Less than the smallest journal, and less than what is delivered in a few minutes. */
const RECEIVER_MEGABYTES = 24;

/** What is tortured: a control plane of its own, and the operator on it. */
export interface World {
  readonly plane: ControlPlane;
  readonly api: ApiRequests;
  /** Those that read the log. */
  readonly replicas: readonly Replica[];
  /** The one to which kube-apiserver delivers the log as well: the backup of what is removed from the log unread. */
  readonly receiver: Replica;
  /** The receiver's; undefined where we may not mount one. */
  readonly volume: SmallVolume | undefined;
  readonly tokens: { readonly robot: string; readonly intruder: string };
  /** Folders that hold the whole log between them. */
  readonly logDirectories: readonly [active: string, removed: string];
  /** Copies what a person needs who looks for the cause of a difference. */
  keep(directory: string): void;
  stop(): Promise<void>;
}

/** Starts everything; the replicas are ready. */
export async function startWorld(replicas: number, say: (text: string) => void): Promise<World> {
  const plane = await startControlPlane({
    users: USERS,
    controllerManager: false,
    audit: { policy: POLICY, maxSize: 1, maxBackups: 100_000, compress: true },
    directoryPrefix: 'sigma-operator-torture-',
    onBuildProgress: progressPrinter(process.stderr),
    onStep: say,
  });
  try {
    const program = await bundleIn(plane.directory);
    await install(plane, plane.directory);
    await plane.kubectl(['apply', '-f', '-'], { input: manifests() });
    const [robot = '', intruder = ''] = await Promise.all(
      ACCOUNTS.map(async (name) => await plane.serviceAccountToken(NAMESPACE, name)),
    );
    const token = await plane.serviceAccountToken('sigma-operator', 'sigma-operator');
    const kubeconfig = plane.kubeconfig({ token });
    const flags = [`--max-alerts-per-rule=${MAX_ALERTS_PER_RULE}`, `--alert-writes-per-second=${WRITES_PER_SECOND}`];
    const all: Replica[] = [];
    for (let n = 1; n <= replicas; n++) {
      const port = await freePort();
      const replica = new Replica({ plane, name: `replica-${n}`, program, kubeconfig, port, flags });
      await replica.launch();
      await replica.ready();
      all.push(replica);
    }
    say(`${replicas} replicas of the operator are ready`);
    const { receiver, volume } = await startReceiver({ plane, program, kubeconfig, flags });
    say(volume === undefined ? 'the receiver is ready' : 'the receiver is ready, on a small volume');
    const removed = join(plane.directory, 'removed-logs');
    mkdirSync(removed);
    const api = new ApiRequests(plane);
    return {
      plane,
      api,
      replicas: all,
      receiver,
      volume,
      tokens: { robot, intruder },
      logDirectories: [plane.auditDirectory, removed],
      keep: (directory) => {
        mkdirSync(directory, { recursive: true });
        cpSync(plane.directory, directory, { recursive: true, filter: (path) => !path.includes('/etcd') });
      },
      stop: async () => {
        await api.close();
        await plane.stop();
      },
    };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

/** Resolves when kube-apiserver delivers. */
async function startReceiver({
  plane,
  flags,
  ...common
}: Pick<ReplicaOptions, 'plane' | 'program' | 'kubeconfig' | 'flags'>): Promise<Pick<World, 'receiver' | 'volume'>> {
  const name = 'receiver';
  const webhook = await setUpWebhook(plane, common.program, await freePort());
  await plane.kubectl(['apply', '-f', '-'], { input: backupSource() });
  const volume = await SmallVolume.mount(plane, stateDirOf(plane, name), RECEIVER_MEGABYTES);
  const port = await freePort();
  const receiver = new Replica({ ...common, plane, name, port, volume, flags: [...flags, ...webhook.flags] });
  await receiver.launch();
  await receiver.ready();
  await plane.restartApiServer({ flags: webhook.apiServerFlags });
  return { receiver, volume };
}
