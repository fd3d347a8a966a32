import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlPlane, progressPrinter, startControlPlane } from '../control-plane/index.ts';
import type { DemoCluster, KubectlCall, RunningOperator } from './demo-cluster.ts';
import { freePort, keepServing, operatorArguments } from './operator-process.ts';

/** What kubectl says where nothing listens: nothing of the request has happened. */
const IS_AWAY = /The connection to the server .* was refused/;
/** Seconds that an API server that was interrupted has to come back. */
const ATTEMPTS = 60;

/** A control plane of the demo's own: real etcd, kube-apiserver and kube-controller-manager on loopback. */
export async function localCluster(say: (text: string) => void): Promise<DemoCluster> {
  const ending = new AbortController();
  const plane: ControlPlane = await startControlPlane({
    users: [{ name: 'alice', groups: ['developers'] }],
    onBuildProgress: progressPrinter(process.stderr),
    onStep: say,
    directoryPrefix: 'sigma-operator-demo-',
    onUnexpectedExit: ({ component }) => {
      if (component !== 'kube-apiserver' || ending.signal.aborted) return;
      say('kube-apiserver ended; it is started again, as a kubelet would do');
      plane.startApiServer().catch((error: unknown) => say(`it cannot be started again: ${String(error)}`));
    },
  });
  return {
    auditLog: plane.auditLog,
    kubectlLine: `${plane.kubectlPath} --kubeconfig ${plane.kubeconfig()}`,
    kubectl: async (args, options = {}) => await kubectl(plane, args, options),
    startOperator: async () => await startOperator(plane, say, ending.signal),
    stop: async () => {
      ending.abort();
      await plane.stop();
    },
  };
}

async function kubectl(plane: ControlPlane, args: readonly string[], { as, ...rest }: KubectlCall) {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(as ?? '');
  const identity =
    account === null ? as : { token: await plane.serviceAccountToken(account[1] ?? '', account[2] ?? '') };
  const call = { ...rest, ...(identity !== undefined && { as: identity }) };
  for (let left = ATTEMPTS; ; left--) {
    try {
      const outcome = await plane.kubectl(args, call);
      if (left === 0 || !IS_AWAY.test(outcome.stderr)) return outcome;
    } catch (error) {
      if (left === 0 || !IS_AWAY.test(String(error))) throw error;
    }
    await sleep(1000);
  }
}

async function startOperator(
  plane: ControlPlane,
  say: (text: string) => void,
  ending: AbortSignal,
): Promise<RunningOperator> {
  const token = await plane.serviceAccountToken('sigma-operator', 'sigma-operator');
  const port = await freePort();
  const stateDir = join(plane.directory, 'operator-state');
  const args = operatorArguments({ kubeconfig: plane.kubeconfig({ token }), stateDir, port });
  const start = async () => await plane.run({ name: 'sigma-operator', command: process.execPath, args });
  return await keepServing({ start, port, say, ending });
}
